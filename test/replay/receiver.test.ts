import { needsReceiver, reachesLoopback } from '../../src/replay/merchants.js';
import { openReceiver } from '../../src/replay/receiver.js';
import { replayScenarios } from '../../src/replay/replay.js';
import { renderVerdict } from '../../src/replay/report.js';
import { readScenario } from '../../src/scenario/read.js';
import { startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';

const head = 'title: Boots\nevidence: docs\nmarket: SE\n';
const body = `{ merchant_urls: { authorization: "\${receiver}/shop/authorization?sid={session.id}" }, order_amount: 100,
      order_lines: [{ name: Boots, quantity: 1, unit_price: 100, total_amount: 100 }] }`;

/** Plays a shopper's authorize, with callbacks to the receiver. */
async function play(t: Test, steps: string, script = '') {
  const { url, close } = await startServer({ port: 0, seed: 'receiver' });
  t.teardown(close);
  const text = `${head}${script}steps:
  - createSession: { body: ${body} }
    keep: { session: $.body.session_id }
${steps}`;
  const target = { url, username: 'M', password: 'p' };
  const [result] = await replayScenarios([readScenario(text, `${t.testdir({ 'a.yaml': text })}/a.yaml`)], target);
  return result as NonNullable<typeof result>;
}

const authorize = '  - { shopper: authorize, session: "${session}" }\n';

t.test('a receiver gives the status that the scenario expects of it, and remembers what came', async (t) => {
  const receiver = await openReceiver({
    callbacks: [
      { line: 1, on: 'push', delivery: { status: 503 } },
      { line: 2, on: 'notification', delivery: { twice: true } },
    ],
  });
  const post = async (path: string, sent?: string) =>
    (await fetch(receiver.url + path, { method: 'POST', body: sent ?? null })).status;
  t.equal(await post('/any/push?a=/b', '{"a":1}'), 503);
  t.equal(await post('/push/done'), 200);
  t.equal(await post('/push-done?push'), 200);
  t.equal(await post('/notification'), 200);
  t.equal(await post('/', 'no JSON'), 200);
  t.strictSame(receiver.take(), [
    { path: '/any/push?a=/b', body: { a: 1 }, status: 503 },
    { path: '/push/done', status: 200 },
    { path: '/push-done?push', status: 200 },
    { path: '/notification', status: 200 },
    { path: '/', body: 'no JSON', status: 200 },
  ]);
  t.equal(await post('/long', 'å'.repeat(30_000)), 200);
  t.equal(await post('/longer', 'x'.repeat(3_000_000)), 200);
  const [long, longer] = receiver.take() as { body: string }[];
  t.equal(long?.body, 'å'.repeat(30_000));
  t.ok(longer && longer.body.length >= 64 * 1024 && longer.body.length < 256 * 1024, 'a long body is not kept whole');
  t.strictSame(receiver.take(), []);
  await post('/again');
  t.strictSame(receiver.take(), [{ path: '/again', status: 200 }]);
  const { host } = new URL(receiver.url);
  const near = [`${host}9`, `1${host}`, host.replace('.', 'x')];
  t.strictSame(receiver.hide({ a: [`see ${receiver.url}/x and ${host}`, 1, null], b: host, c: near, d: undefined }), {
    a: ['see http://receiver/x and receiver', 1, null],
    b: 'receiver',
    c: near,
    d: undefined,
  });
  await receiver.close();
  await t.rejects(fetch(receiver.url));
});

t.test('a step sees what came since one looked last, and keeps of it', async (t) => {
  const result = await play(
    t,
    `${authorize}  - advance: PT0S
    expect:
      callbacks: [{ path: "/shop/authorization?sid=\${session}", body: { session_id: "\${session}" }, status: 200 }]
    keep: { told: "$.callbacks[0].body.authorization_token" }
  - advance: PT1M
    expect: { callbacks: [] }
  - cancelAuthorization: { path: { authorizationToken: "\${told}" } }
  - listCallbacks:
    expect: { body: { items: [{ url: "\${receiver}/shop/authorization?sid=\${session}" }] } }
`,
  );
  t.ok(result.passed, renderVerdict(result));
  t.match(result.steps[0]?.request?.body, '"http://receiver/shop/authorization?sid={session.id}"');
  t.matchLists(result.callbacks, [{ on: 'authorization', url: /^http:\/\/receiver\/shop\/authorization\?sid=/ }]);
  t.matchLists(result.steps[2]?.answer?.callbacks, [{ status: 200 }]);
  t.equal(result.steps[1]?.answer?.callbacks, undefined, 'a step that does not look leaves it');
});

t.test('callbacks that are not as expected are named', async (t) => {
  const late = await play(t, authorize.replace('}" }', '}", expect: { callbacks: [{}] } }'));
  t.match(renderVerdict(late), '$.callbacks.length  expected 1, got 0');
  const none = await play(
    t,
    `  - createSession: { body: {} }\n    expect: { status: $absent, callbacks: [{ path: /a }] }\n  - readSession: { path: { session_id: "\${session}" } }\n`,
    'outcomes: [{ on: createSession, calls: 2, fault: { close: true } }]\n',
  );
  t.equal(
    renderVerdict(none).replace(/^ {5}.*a\.yaml/m, '     a.yaml'),
    'FAIL a  step 2 of 3\n     a.yaml:10 createSession\n       $.callbacks.length  expected 1, got 0',
  );
});

t.test('callbacks that are due when the last step is over are waited for', async (t) => {
  const { callbacks } = await play(t, authorize);
  t.matchLists(callbacks, [{ on: 'authorization', attempt: 1, result: { status: 200 } }]);
});

t.test('callbacks are told in the order in which they were made', async (t) => {
  const again = `  - createSession: { body: ${body} }
    keep: { other: $.body.session_id }
`;
  const { callbacks } = await play(
    t,
    `${authorize}${again}  - advance: PT1M\n${authorize.replace('${session}', '${other}')}`,
  );
  t.strictSame(
    callbacks?.map(({ on, at }) => [on, at]),
    [
      ['authorization', '2026-01-01T12:00:00.000Z'],
      ['authorization', '2026-01-01T12:01:00.000Z'],
    ],
  );
});

t.test('a target elsewhere cannot reach the receiver', async (t) => {
  const scenario = readScenario(`${head}steps: [{ createSession: { body: ${body} } }]`, 'a.yaml');
  t.equal(needsReceiver(scenario), true);
  t.equal(needsReceiver(readScenario(`${head}steps: [{ readHealth: }]`, 'a.yaml')), false);
  const needs = (request: string, more = '') =>
    needsReceiver(readScenario(`${head}steps: [${more}{ readSession: { ${request} } }]`, 'a.yaml'));
  t.equal(needs('path: { session_id: a }, query: { at: "${receiver}" }'), true);
  t.equal(needs('path: { session_id: "x${receiver}" }'), true);
  t.equal(needs('path: { session_id: a }, headers: { at: "${receiver}/x" }'), true);
  t.equal(needs('path: { session_id: "$${receiver} receiver" }'), false);
  const kept = '{ readHealth: , keep: { receivers: $.body.receiver } }, ';
  t.equal(needs('path: { session_id: "${receivers.receiver}" }', kept), false);
  for (const host of ['localhost', 'shop.localhost', '127.0.0.1', '127.3.2.1', '[::1]']) {
    t.equal(reachesLoopback(`http://${host}:1`), true, host);
  }
  for (const host of ['klarna.test', '10.0.0.1', '127.evil.test', 'localhost.test']) {
    t.equal(reachesLoopback(`http://${host}`), false, host);
  }
  const target = { url: 'http://192.0.2.1:1', username: 'M', password: 'p' };
  for (const sandbox of [true, false]) {
    const [result] = await replayScenarios([scenario], target, { sandbox });
    t.equal(
      renderVerdict(result as never),
      'skip a  skipped: needs a target on this machine, which its receiver is on',
    );
  }
});

t.test('the callbacks and the outcomes of a merchant that more scenarios name are those of the scenario', async (t) => {
  const { url, close } = await startServer({ port: 0, seed: 'receiver' });
  t.teardown(close);
  const text = `${head}merchant: K1
outcomes: [{ on: createOrder, error: REJECTED }]
steps:
  - createSession: { body: ${body} }
    keep: { session: $.body.session_id }
${authorize}`;
  const path = `${t.testdir({ 'a.yaml': text })}/a.yaml`;
  const scenario = readScenario(text, path);
  const chooses = { ...readScenario(`${text}  - endScenario:\n`, path), path };
  const results = await replayScenarios([scenario, scenario, chooses], { url, username: 'M', password: 'p' });
  t.strictSame(
    results.map(({ callbacks, outcomes }) => [callbacks?.length, outcomes?.length]),
    [
      [1, 1],
      [1, 1],
      [1, undefined],
    ],
  );
});

t.test('where nothing can be seen at the end, nothing is told', async (t) => {
  const { url, close } = await startServer({ port: 0, merchants: [{ username: 'K1', password: 'p' }] as never });
  t.teardown(close);
  const refused = '{ createSession: { body: { merchant_urls: {} } }, expect: { status: 401 } }';
  const scenario = readScenario(`${head}steps: [${refused}]`, 'a.yaml');
  const [result] = await replayScenarios([scenario], { url, username: 'K2', password: 'p' });
  t.strictSame([result?.passed, result?.callbacks, result?.outcomes], [true, undefined, undefined]);
});
