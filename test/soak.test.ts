import * as fc from 'fast-check';
import { holds } from './property.js';
import t from './tap.js';

/** Loads a part of the soak. */
const soak = (path: string) => import(new URL(`../soak/${path}`, import.meta.url).href);

t.test('what npm run soak is given', async (t) => {
  const { readSoakOptions } = await soak('options.js');
  const read = (...args: string[]) => readSoakOptions(args, ['fuzz', 'races'], () => 'chosen');
  t.strictSame(read(), { minutes: 2, seed: 'chosen', write: false, trials: ['fuzz', 'races'] });
  t.strictSame(read('--minutes', '0.5', '--seed', '7', '--write'), {
    minutes: 0.5,
    seed: '7',
    write: true,
    trials: ['fuzz', 'races'],
  });
  t.strictSame(read('--only', 'races').trials, ['races']);
  t.strictSame(read('--only', 'races,fuzz').trials, ['fuzz', 'races'], 'in the order in which they are run');
  for (const minutes of ['0', '-1', 'two', '', '1441', 'Infinity']) {
    t.throws(() => read(`--minutes=${minutes}`), {
      message: `--minutes: given ${minutes}, expected a number from 0.25 to 1440`,
    });
  }
  t.throws(() => read('--only', 'fuz'), { message: '--only: given fuz, expected one or more of fuzz, races' });
  t.throws(() => read('--only', 'fuzz', '--write'), { message: /^--write: given with --only/ });
  t.throws(() => read('--minute', '3'), { message: /^Unknown option '--minute'/ });
  t.throws(() => read('3'), { message: /^Unexpected argument '3'/ });
});

t.test('figures of rounds become one, and say if they are what they may be', async (t) => {
  const { counted, greatest, isKept, none, overall } = await soak('figures.js');
  const found = (count: number) => Array.from({ length: count }, (_, at) => `example ${at}`);
  const rounds = [
    [counted('requests', 3), greatest('slowest', 5, 'ms', 10), none('mistakes', [])],
    [counted('requests', 4), greatest('slowest', 11, 'ms', 10), none('mistakes', found(12)), counted('late', 1)],
  ];
  const [requests, slowest, mistakes, late] = overall(rounds);
  t.equal(requests.value, 7);
  t.equal(slowest.value, 11);
  t.equal(mistakes.value, 12, 'all are counted');
  t.equal(mistakes.examples.length, 10, 'and some are shown');
  t.equal(late.value, 1, 'a figure of one round alone');
  t.strictSame([requests, slowest, mistakes].map(isKept), [true, false, false]);
  t.equal(isKept(greatest('slowest', 10, 'ms', 10)), true);
  t.equal(isKept(greatest('slowest', Number.NaN, 'ms', 10)), false, 'what could not be measured is not kept');
});

t.test('the table has every figure, and what is wrong is told in a line each', async (t) => {
  const { counted, greatest, none } = await soak('figures.js');
  const { mistakesOf, tableOf } = await soak('render.js');
  const results = [
    { name: 'fuzz', figures: [counted('requests', 1_234), none('hangs', ['GET /a']), none('leaks', [])] },
    { name: 'slow', figures: [greatest('slowest', 12.34, 'ms', 10), greatest('held', 3, 'MB', 5)] },
    { name: 'many', figures: [none('cuts', Array(11).fill('here'))] },
  ];
  const table: string = tableOf(results);
  t.match(table, '| fuzz | requests | 1,234 |  |  |');
  t.match(table, '|  | hangs | 1 | none | **broken** |');
  t.match(table, '|  | leaks | 0 | none | kept |');
  t.match(table, '| slow | slowest | 12.3 ms | at most 10.0 ms | **broken** |');
  t.match(table, '|  | held | 3 MB | at most 5 MB | kept |');
  const mistakes: string[] = mistakesOf(results);
  t.strictSame(mistakes.slice(0, 2), ['fuzz: hangs: GET /a', 'slow: slowest: 12.3 ms']);
  t.equal(mistakes.length, 2 + 10 + 1);
  t.equal(mistakes.at(-1), 'many: cuts: and 1 more');
});

t.test('what is wrong with an answer', async (t) => {
  const { faultOf } = await soak('judge.js');
  const json = { 'content-type': 'application/json' };
  const answer = (status: number, text = '', headers: object = {}) => faultOf({ status, text, headers });
  t.equal(answer(200, '{}', json), undefined);
  t.equal(answer(204), undefined);
  t.equal(answer(404, '{}', json), undefined);
  t.equal(answer(500), 'internal');
  const planted = { 'mock-klarna-explain': 'scenario-fault: a/b, outcome on line 3: status 503, before the commit' };
  t.equal(answer(503, '', planted), undefined, 'a scenario planted it');
  t.equal(
    answer(500, '', { 'mock-klarna-explain': 'charge-declined: the charge of customer token a was told …' }),
    undefined,
  );
  t.equal(answer(503, '', { 'mock-klarna-explain': 'line-total: scenario-fault: a' }), 'internal');
  t.equal(answer(400, '{"error_code":"BAD', json), 'json');
  t.equal(answer(200, '', json), undefined, 'an answer to HEAD');
  t.equal(answer(400, 'Error\n    at read (/srv/dist/app.js:12:3)'), 'stack');
  t.equal(answer(400, '"at file:///srv/dist/app.js:12:3"'), 'stack');
  t.equal(answer(400, 'at 12:30, or at the shop'), undefined);
  t.equal(faultOf({ error: { code: 'UND_ERR_HEADERS_TIMEOUT' } }), 'hang');
  t.equal(faultOf({ error: { code: 'ECONNRESET' } }), 'cut');
});

t.test('sums of an order', async (t) => {
  const { brokenSums } = await soak('trials/races.js');
  const sums = (order_amount: number, captured_amount: number, refunded_amount: number, left: number) =>
    brokenSums({ order_amount, captured_amount, refunded_amount, remaining_authorized_amount: left });
  t.strictSame(sums(10, 6, 6, 4), []);
  t.strictSame(sums(10, 0, 0, 0), []);
  t.strictSame(sums(10, 12, 0, -2), ['captured 12 of 10', 'an amount below nothing: 12, 0, -2']);
  t.strictSame(sums(10, 6, 7, 4), ['refunded 7 of 6 captured']);
  t.strictSame(sums(10, 6, 0, 5), ['captured 6 and 5 left of 10']);
});

t.test('marks stand in all texts that are free to choose, and are found again', async (t) => {
  const { markedBody, meeting } = await soak('marked.js');
  const { purchase } = await import(new URL('../bench/purchase.js', import.meta.url).href);
  for (const { operation, body } of purchase) {
    if (operation === 'refundOrder' || operation === 'captureOrder') continue;
    const text = JSON.stringify(markedBody(operation, body, 'leftx1', 'http://127.0.0.1:1'));
    t.ok(meeting(text, 'leftx1'), operation);
  }
  t.equal(meeting('of the right', 'leftx1'), undefined);
  t.equal(meeting(`${'a'.repeat(300)}leftx1${'b'.repeat(300)}`, 'leftx1').length, 200);
});

t.test('a memory that grows is not kept', async (t) => {
  const { memoryFigures } = await soak('memory.js');
  const { isKept } = await soak('figures.js');
  const megabytes = 2 ** 20;
  const kept = (memory: object) => memoryFigures(20 * megabytes, memory).map(isKept);
  const [all, none] = [
    [true, true, true, true],
    [true, false, false, false],
  ];
  t.strictSame(kept({ held: 160 * megabytes, peak: 400 * megabytes, forgotten: 30 * megabytes }), all);
  // The garbage that V8 leaves lying grows with what is held.
  t.strictSame(kept({ held: 244 * megabytes, peak: 976 * megabytes, forgotten: 52 * megabytes }), all);
  t.strictSame(kept({ held: 245 * megabytes, peak: 977 * megabytes, forgotten: 53 * megabytes }), none);
});

t.test('files that are whole, and files that are cut off', async (t) => {
  const { cutOff, isResult, isWhole } = await soak('whole.js');
  t.ok(isWhole('a.json', '{"a":1}\n'));
  t.notOk(isWhole('a.har', '{"a":'));
  t.ok(isWhole('a.yaml', 'title: A\n'));
  t.notOk(isWhole('a.yaml', 'title: "A'));
  t.notOk(isWhole('a.html', '<html><p>'));
  t.ok(isWhole('a.xml', '<testsuites></testsuites>\n'));
  t.notOk(isWhole('a.json', ''), 'an empty file is none');
  t.ok(isWhole('recording.part', '{'), 'what is under way need not be');
  t.strictSame([isResult('a.har'), isResult('a.har.1234')], [true, false]);
  t.strictSame(
    cutOff(
      new Map([
        ['a.json', '{'],
        ['b.json', '{}'],
      ]),
    ),
    ['a.json, 1 characters'],
  );
});

t.test('how a command may end', async (t) => {
  const { mistakeOf } = await soak('command.js');
  const ended = (given: object) => mistakeOf({ code: 0, signal: null, stdout: '', stderr: '', ...given });
  t.equal(ended({}), undefined);
  t.equal(ended({ code: 2, stderr: '--report: /full/report.html cannot be written (ENOSPC)\n' }), undefined);
  t.equal(ended({ code: null, signal: 'SIGSEGV' }), 'ended by SIGSEGV');
  t.equal(ended({ code: 13, stderr: 'warning\n' }), 'ended with 13: warning\n');
  t.match(ended({ code: 1, stderr: 'Error: ENOSPC\n    at write (node:fs:12:3)\n' }), /^a stack trace: /);
  t.equal(ended({ late: true }), 'has not ended after 60 s');
});

t.test('operations and requests come from contracts and cases', async (t) => {
  const { operationsOf } = await soak('operations.js');
  const { basesOfCase, fillIn } = await soak('bases.js');
  const { pathOf } = await soak('shop.js');
  const document = {
    security: [{ basicAuth: [] }],
    components: { parameters: { limit: { in: 'query', name: 'limit', example: 20 } } },
    paths: {
      '/a/{order_id}': {
        parameters: [{ in: 'path', name: 'order_id' }],
        get: { operationId: 'readA', parameters: [{ $ref: '#/components/parameters/limit' }] },
        post: {
          operationId: 'makeA',
          security: [],
          requestBody: { content: { 'application/json': { examples: { usual: { value: { a: 1 } } } } } },
        },
      },
      '/b': { get: { operationId: 'readB', security: [{ clientToken: [] }] } },
    },
  };
  const [readA, makeA, readB] = operationsOf(document);
  const same = { path: '/a/{order_id}' };
  t.strictSame(readA, {
    ...same,
    name: 'readA',
    method: 'GET',
    bodies: [],
    query: [['limit', 20]],
    opened: 'credentials',
  });
  t.strictSame(makeA, { ...same, name: 'makeA', method: 'POST', bodies: [{ a: 1 }], query: [], opened: 'nothing' });
  t.equal(readB.opened, 'client token');
  t.equal(pathOf(readA, { order: 'x/y' }), '/a/x%2Fy');

  const operations = new Map([['createOrder', {}]]);
  const steps = [{ shopper: 'authorize' }, { createOrder: { path: { a: '${authorization}' }, body: { b: 2 } } }];
  const [base, ...others] = basesOfCase({ steps }, operations, { purchase_country: 'SE' });
  t.strictSame(others, []);
  t.strictSame(fillIn(base, { authorization: 'id', order: 'other' }), {
    name: 'createOrder',
    body: { purchase_country: 'SE', b: 2 },
    path: { a: 'id' },
  });
});

t.test('mutated requests repeat with their seed, and leave the right one as it was', async (t) => {
  const { mutate } = await soak('mutate.js');
  const { randomOf } = await import(new URL('../scripts/test/random.js', import.meta.url).href);
  // An object with such a field is no text and no number.
  const value = { order_amount: 10, order_lines: [{ name: 'Boots' }], attachment: { toString: null } };
  const right = { name: 'a', method: 'POST', path: '/a/b', headers: { accept: '*/*' }, body: JSON.stringify(value) };
  const before = JSON.stringify([right, value]);
  holds(
    t,
    fc.property(fc.integer(), (seed) => {
      const [first, second] = [1, 2].map(() => mutate(right, value, randomOf(seed)));
      return JSON.stringify(first) === JSON.stringify(second) && JSON.stringify([right, value]) === before;
    }),
  );
  const random = randomOf('many');
  const bodies = new Set(Array.from({ length: 300 }, () => String(mutate(right, value, random).body)));
  t.ok(bodies.size > 100, 'and most of them differ');
});

t.test('answers in raw bytes', async (t) => {
  const { statusesIn } = await soak('raw.js');
  t.strictSame(statusesIn('HTTP/1.1 200 OK\r\n\r\n{"a":"HTTP/1.1 500 "}HTTP/1.1 404 Not Found\r\n\r\n'), [200, 404]);
  t.strictSame(statusesIn('nothing'), []);
});

t.test('a text takes its place in a page', async (t) => {
  const { place } = await import(new URL('../bench/page/place.js', import.meta.url).href);
  const line = (where: string) => `<!-- What stands ${where} is written by npm run soak. -->`;
  const page = `a\n${line('below')}\n\nold\n\n${line('above')}\nb\n`;
  t.equal(place(page, 'npm run soak', 'new'), `a\n${line('below')}\n\nnew\n\n${line('above')}\nb\n`);
  t.throws(() => place('a', 'npm run soak', 'new'), { message: /^the page lacks the lines/ });
});
