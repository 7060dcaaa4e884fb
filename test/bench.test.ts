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

t.test('a profile becomes stacks, without the time in which nothing ran', async (t) => {
  const { collapse } = await bench('flame/collapse.js');
  const node = (id: number, functionName: string, ...children: number[]) => ({
    id,
    callFrame: { functionName },
    children,
  });
  const profile = {
    nodes: [
      node(1, '(root)', 2, 5, 6),
      node(2, 'handle', 3),
      node(3, '', 4),
      node(4, 'parse'),
      node(5, '(idle)'),
      node(6, 'gc'),
    ],
    samples: [4, 5, 4, 2, 1, 6],
    timeDeltas: [10, 1_000, 5, 7, 2, 3],
  };
  t.strictSame(collapse(profile), ['handle;(anonymous);parse 15', 'handle 7', 'gc 3']);
});
