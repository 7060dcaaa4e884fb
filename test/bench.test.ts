import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from './tap.js';

/** Loads a part of the benchmark. */
const bench = (path: string) => import(new URL(`../bench/${path}`, import.meta.url).href);

t.test('the page has the numbers that a change is compared with', async (t) => {
  const { readPage } = await bench('page.js');
  const { session, purchase } = await readPage();
  t.ok(session > 0 && session < 10, 'CPU a session, to the bare route');
  t.ok(purchase > 0 && purchase < 10, 'CPU a purchase, to the bare route');
});

t.test('rounds begin with another contender each time, and give a ratio each', async (t) => {
  const { cpuRatios, inTurns, median, ratios } = await bench('rounds.js');
  const order: string[] = [];
  const measured = await inTurns(3, ['a', 'b'], async (name: string) => order.push(name));
  t.strictSame(order, ['a', 'b', 'b', 'a', 'a', 'b']);
  t.strictSame(measured, { a: [1, 4, 5], b: [2, 3, 6] });
  t.strictSame(ratios([1, 9], [2, 3]), [0.5, 3]);
  t.strictSame(cpuRatios({ mockKlarna: [{ cpu: 6 }], bare: [{ cpu: 4 }] }), [1.5]);
  t.equal(median([10, 9, 1]), 9, 'numbers are not sorted as texts');
});

t.test('a range stands behind a median unless there is none', async (t) => {
  const { digits, spread, table } = await bench('page/markdown.js');
  t.equal(spread([0.7, 0.9, 0.8]), '0.80 (0.70 to 0.90)');
  t.equal(spread([0.801, 0.799]), '0.80');
  t.equal(spread([1_234.4], digits(0)), '1,234');
  t.equal(table(['', 'a'], [['b', '1']]), '|  | a |\n| --- | --- |\n| b | 1 |');
});

t.test('the page says which aims are missed, and who is not there', async (t) => {
  const { render } = await bench('page.js');
  const both = (ours: unknown, bare: unknown) => ({ mockKlarna: [ours], bare: [bare] });
  const rates = both({ rate: 80 }, { rate: 100 });
  const [one, none, many, values, matchers] = Array.from({ length: 5 }, () => [{ rate: 10 }]);
  const page: string = render({
    quick: true,
    counts: { steps: 7, kept: 5, merchants: 2, sessions: 3, exchanges: 4 },
    contenders: {
      mockKlarna: { name: 'mock-klarna', version: '1.2.3' },
      bare: { name: 'bare', version: 'Fastify 5' },
      prism: { name: 'Prism', version: undefined },
    },
    created: rates,
    bought: rates,
    failed: rates,
    spent: { session: both({ cpu: 3 }, { cpu: 2 }), purchase: both({ cpu: 5 }, { cpu: 2 }) },
    started: both(50, 100),
    occupied: both({ idle: 2 ** 26, loaded: 2 ** 27 }, { idle: 2 ** 26, loaded: 2 ** 27 }),
    heap: both(1_000, 500),
    slowest: both(4, 2),
    byOutcomes: { none, one, values, matchers },
    byMerchants: { one, many },
    bySessions: { none, many },
    played: { scenarios: [200], verify: [1], year: [0.2] },
    reported: [0.4],
    embedded: { first: [100], second: [5], byName: [10], byAlias: [30] },
    installed: { packages: 1, project: 15, repository: 400 },
  });
  t.match(page, '| create session, to bare | 0.80 | at least 0.9 | **missed** |');
  t.match(page, '| mixed purchase, to bare | 0.80 | at least 0.75 | kept |');
  t.match(page, '| idle memory | 64 MB | at most 62 MB | **missed** |');
  t.match(page, '| finding the first scenario of a process, by alias | 30 ms | at most 20 ms | **missed** |');
  t.notMatch(page, 'to Prism');
  t.match(page, '| Prism | not installed: `npm ci --prefix bench` |');
  t.match(page, '<!-- CPU to bare: {"session":1.5,"purchase":2.5} -->', 'what the next change is compared with');
});

t.test('an option that the benchmark does not have is told in a line, and nothing is measured', async (t) => {
  const program = fileURLToPath(new URL('../bench/run.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--quik'], { encoding: 'utf8' });
  t.equal(status, 2);
  t.equal(stdout, '');
  t.match(stderr, /^npm run bench: Unknown option '--quik'.*; it takes --quick and nothing else\n$/);
});

t.test('contracts are merged for servers that take one document', async (t) => {
  const { merge } = await bench('contracts.js');
  const document = (path: string, schema: string) => ({
    openapi: '3.1.0',
    paths: {
      [path]: { parameters: [], post: { schema: { $ref: `#/components/schemas/${schema}` } }, get: {} },
      '/other': { get: {} },
    },
    components: { schemas: { [schema]: {} }, securitySchemes: { basicAuth: { of: path } } },
  });
  const documents = [
    { name: 'first', document: document('/a', 'thing') },
    { name: 'second', document: document('/b', 'thing') },
    { name: 'third', document: document('/c', 'thing') },
  ];
  const steps = [
    { contract: 'first', path: '/a', method: 'POST' },
    { contract: 'second', path: '/b', method: 'POST' },
  ];
  t.strictSame(merge(steps, documents), {
    openapi: '3.1.0',
    paths: {
      '/a': { parameters: [], post: { schema: { $ref: '#/components/schemas/first.thing' } } },
      '/b': { parameters: [], post: { schema: { $ref: '#/components/schemas/second.thing' } } },
    },
    components: {
      schemas: { 'first.thing': {}, 'second.thing': {} },
      securitySchemes: { basicAuth: { of: '/b' } },
    },
  });
});

t.test('a profile becomes calls, without what was no work of the server, and they are drawn', async (t) => {
  const { callsOf } = await bench('flame/calls.js');
  const { drawFlame } = await bench('flame/svg.js');
  const node = (id: number, functionName: string, url: string, ...children: number[]) => ({
    id,
    callFrame: { functionName, url },
    children,
  });
  const profile = {
    nodes: [
      node(1, '(root)', '', 6, 2, 5, 7),
      node(2, 'handle', 'file:///dist/index.js', 3),
      node(3, '', 'file:///dist/index.js', 4),
      node(4, 'parse<a>', 'node:url'),
      node(5, '(idle)', ''),
      node(6, '(garbage collector)', ''),
      node(7, 'begin', 'file:///bench/profiler.js'),
    ],
    samples: [4, 5, 4, 2, 1, 6, 7],
    timeDeltas: [10, 1_000, 5, 7, 2, 3, 9],
  };
  const root = callsOf(profile);
  const parse = { name: 'parse<a>', origin: 'node', time: 15, calls: [] };
  const anonymous = { name: '(anonymous)', origin: 'program', time: 15, calls: [parse] };
  t.strictSame(root, {
    name: '(root)',
    origin: 'engine',
    time: 25,
    calls: [
      { name: 'handle', origin: 'program', time: 22, calls: [anonymous] },
      { name: '(garbage collector)', origin: 'engine', time: 3, calls: [] },
    ],
  });
  const svg: string = drawFlame(root, 'A & B');
  t.match(svg, 'A &amp; B');
  t.match(svg, '<title>parse&lt;a&gt;: 60.0 %</title>');
  const bars = [...svg.matchAll(/<title>(\S+): .*?<rect x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g)];
  const [handle, inner, deepest] = bars.map(([, , x, y, width]) => ({ x, y: Number(y), width }));
  t.equal(bars.length, 3, 'the name of the garbage collector has a space');
  t.strictSame([handle?.x, inner?.x, deepest?.x], ['10', '10', '10'], 'a call begins where the one below it begins');
  t.ok(Number(inner?.y) < Number(handle?.y), 'and stands above it');
  t.equal(inner?.width, deepest?.width, 'equal times are equally wide');
});
