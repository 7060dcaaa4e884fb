import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type WallClock, wallClock } from '../../src/exchange/wall-clock.js';
import { Library } from '../../src/scenario/library.js';
import { readScenario } from '../../src/scenario/read.js';
import type { ServerOptions } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';
import { authorized, basic, charge, purchase, startSandbox, tokenized, tokenRequest } from './sandbox.js';

const shell = { title: 'A scenario of a test', evidence: 'inferred' };

/** A sandbox whose merchant has chosen a scenario of these outcomes. */
async function scripted(t: Test, scenario: object, options: ServerOptions = {}) {
  const sandbox = await startSandbox(t, { seed: 'scenario', ...options });
  const call = sandbox.as('boots');
  const chosen = await call('chooseScenario', { body: { inline: { ...shell, ...scenario } } });
  t.equal(chosen.status, 200, chosen.why);
  return { ...sandbox, call };
}

/** Asks, and says how it ended. */
async function ask(url: string, path: string, body: object, more: Record<string, string> = {}) {
  try {
    const headers = { authorization: basic('boots'), 'content-type': 'application/json', ...more };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, text: await answer.text(), why: answer.headers.get('mock-klarna-explain') };
  } catch (error) {
    return { failed: (error as Error).name };
  }
}

t.test('an outcome takes the calls it counts, and no other', async (t) => {
  const outcomes = [
    {
      on: 'createCustomerTokenOrder',
      calls: 1,
      when: { order_amount: { $over: 500 } },
      error: 'PAYMENT_METHOD_FAILED',
    },
    { on: 'createSession', calls: '2..3', fault: { status: 503 } },
  ];
  const { call, as } = await scripted(t, { outcomes });
  const path = await tokenized(call);
  const cheap = {
    ...charge,
    order_amount: 450,
    order_tax_amount: 90,
    order_lines: [{ ...charge.order_lines[0], unit_price: 450, total_amount: 450, total_tax_amount: 90 }],
  };
  t.match(await call('createCustomerTokenOrder', { path, body: cheap }), { status: 200 });
  const refused = await call('createCustomerTokenOrder', { path, body: { ...charge, step_up: 'SUPPORTED' } });
  t.match(refused, {
    status: 403,
    body: { error_code: 'PAYMENT_METHOD_FAILED', fraud_status: 'REJECTED', step_up_id: String },
    why: /^scenario-outcome: inline, outcomes\[0\]: PAYMENT_METHOD_FAILED$/,
  });
  t.match(await call('createCustomerTokenOrder', { path, body: charge }), { status: 200 });
  const statuses = [];
  for (let n = 0; n < 3; n++) statuses.push((await call('createSession', { body: purchase })).status);
  t.strictSame(statuses, [503, 503, 200], 'the first session was before');
  t.matchLists((await call('readScenario')).body, {
    name: 'inline',
    outcomes: [
      { index: 0, on: 'createCustomerTokenOrder', matched: 2, hits: 1 },
      { index: 1, on: 'createSession', matched: 4, hits: 2 },
    ],
  });
  t.strictSame((await as('shoes')('readScenario')).body, {}, 'another merchant sees nothing of it');
  t.match(await as('shoes')('createSession', { body: purchase }), { status: 200 });
  t.equal((await call('endScenario')).status, 204);
  t.strictSame((await call('readScenario')).body, {});
});

t.test('an error takes the place of a success only, and a rejected order stays rejected', async (t) => {
  const { call } = await scripted(t, { outcomes: [{ on: 'createOrder', calls: 2, error: 'REJECTED' }] });
  const path = await authorized(call);
  t.match(await call('createOrder', { path, body: { ...purchase, order_amount: 1 } }), { status: 400 });
  t.matchLists(await call('createOrder', { path, body: purchase }), {
    status: 403,
    body: { error_code: 'REJECTED', error_messages: ['Rejected'] },
  });
  t.match(await call('createOrder', { path, body: purchase }), { status: 403, why: /^refusal-sticks: / });
  const other = await authorized(call);
  t.match(await call('createOrder', { path: other, body: purchase }), { status: 200 });
});

t.test('a pending order ends as the scenario says', async (t) => {
  const fraud = { status: 'PENDING', then: 'REJECTED', after: 'PT5M' };
  const { call } = await scripted(t, {
    outcomes: [
      { on: 'createOrder', fraud },
      { on: 'createCustomerTokenOrder', fraud: { status: 'REJECTED' } },
    ],
  });
  const path = await tokenized(call);
  const order = await call('createOrder', { path, body: purchase });
  t.match(order, { status: 200, body: { fraud_status: 'PENDING' }, why: /^scenario-outcome: / });
  t.match(await call('createCustomerTokenOrder', { path, body: charge }), { body: { fraud_status: 'REJECTED' } });
  await call('advanceClock', { body: { by: 'PT5M' } });
  t.matchLists((await call('listOrders')).body.items, [
    { fraud_status: 'REJECTED' },
    { fraud_status: 'REJECTED', order_id: order.body.order_id },
  ]);
});

/** A wall clock on which every wait of a test is over at once; those of the server's own upkeep take their time. */
function hasty(...over: number[]) {
  const waited: number[] = [];
  const later: WallClock['later'] = (ms, run) => {
    if (!over.includes(ms)) return wallClock.later(ms, run);
    waited.push(ms);
    const soon = setImmediate(run);
    return () => clearImmediate(soon);
  };
  return { wall: { ...wallClock, later }, waited };
}

/** How long a client without a time-out of its own gets no answer. */
const SILENCE = 120_000;

t.test('trouble on the wire', async (t) => {
  for (const kind of ['timeout', 'close', 'reset', 'truncate']) {
    const { wall, waited } = hasty(SILENCE);
    const outcomes = [{ on: 'createSession', calls: 1, fault: { [kind]: true } }];
    const { url, call } = await scripted(t, { outcomes }, { wall });
    t.match(await ask(url, '/payments/v1/sessions', purchase), { failed: 'TypeError' }, kind);
    t.strictSame(waited, kind === 'timeout' ? [SILENCE] : [], 'whom nobody answers is let go in the end');
    t.strictSame((await call('listSessions')).body.items, [], 'nothing happened');
    t.matchLists((await call('readJournal')).body.items, [
      {
        status: 0,
        operation: 'createSession',
        explanation: { rule: 'scenario-fault', text: `inline, outcomes[0]: ${kind}, before the commit` },
      },
    ]);
    t.match(await ask(url, '/payments/v1/sessions', purchase), { status: 200 });
  }
  for (const [fault, expected, what] of [
    [{ status: 503 }, { status: 503, text: /SERVICE_UNAVAILABLE/ }, 'status 503'],
    [{ status: 500 }, { status: 500, text: /INTERNAL_SERVER_ERROR/ }, 'status 500'],
    [{ status: 502 }, { status: 502, text: '' }, 'status 502'],
    [{ status: 429 }, { status: 429, text: '' }, 'status 429'],
    [{ garbage: true }, { status: 200, text: /doctype/ }, 'garbage'],
    [{ empty: true }, { status: 200, text: '' }, 'empty'],
    [{ delay: 'PT0.01S' }, { status: 200, text: /session_id/ }, 'delay'],
  ] as const) {
    const { url } = await scripted(t, { outcomes: [{ on: 'createSession', fault }] }, hasty(10));
    const why = `scenario-fault: inline, outcomes[0]: ${what}, before the commit`;
    t.match(await ask(url, '/payments/v1/sessions', purchase), { ...expected, why }, JSON.stringify(fault));
  }
});

t.test('each API fails in its own words', async (t) => {
  const statuses = [429, 500, 501, 502, 503, 504];
  const on = (operation: string) =>
    statuses.map((status, index) => ({ on: operation, calls: index + 1, fault: { status } }));
  const { url, call } = await scripted(t, { outcomes: [...on('createSession'), ...on('captureOrder')] });
  const failures = async (path: string) => {
    const told = [];
    for (const _ of statuses) {
      const { status, text } = await ask(url, path, {});
      told.push([status, text && JSON.parse(text).error_code, text && JSON.parse(text).error_messages.join()]);
    }
    return told;
  };
  t.strictSame(await failures('/payments/v1/sessions'), [
    [429, '', ''],
    [500, 'INTERNAL_SERVER_ERROR', 'Internal error'],
    [501, '', ''],
    [502, '', ''],
    [503, 'SERVICE_UNAVAILABLE', ''],
    [504, '', ''],
  ]);
  t.strictSame(await failures('/ordermanagement/v1/orders/5b0e9a3c-6d1f-4c82-9a7e-2f4d8c1b3e60/captures'), [
    [429, 'TOO_MANY_REQUESTS', 'Too many requests'],
    [500, 'UNEXPECTED_ERROR', 'Unexpected server error'],
    [501, '', ''],
    [502, 'TEMPORARILY_UNAVAILABLE', 'Temporarily unavailable'],
    [503, 'TEMPORARILY_UNAVAILABLE', 'Temporarily unavailable'],
    [504, 'TEMPORARILY_UNAVAILABLE', 'Temporarily unavailable'],
  ]);
  t.strictSame((await call('listSessions')).body.items, []);
});

t.test('a fault that comes late as well waits before it strikes', async (t) => {
  for (const [fault, seen] of [
    [{ status: 503, delay: 'PT2S' }, { status: 503 }],
    [{ reset: true, delay: 'PT2S' }, { failed: 'TypeError' }],
    [
      { commit: true, empty: true, delay: 'PT2S' },
      { status: 200, text: '' },
    ],
  ] as const) {
    const { wall, waited } = hasty(2_000);
    const { url } = await scripted(t, { outcomes: [{ on: 'createSession', calls: 1, fault }] }, { wall });
    t.match(await ask(url, '/payments/v1/sessions', purchase), seen, JSON.stringify(fault));
    t.strictSame(waited, [2_000], 'once');
  }
});

t.test('half of an answer is the first half of the ordinary one, and says how long the whole is', async (t) => {
  const fault = { commit: true, truncate: true };
  const { url, call } = await scripted(t, { outcomes: [{ on: 'createSession', calls: 1, fault }] });
  const headers = { authorization: basic('boots'), 'content-type': 'application/json' };
  const answer = await fetch(`${url}/payments/v1/sessions`, {
    method: 'POST',
    headers,
    body: JSON.stringify(purchase),
  });
  const chunks: Uint8Array[] = [];
  await t.rejects(async () => {
    for await (const chunk of answer.body as ReadableStream<Uint8Array>) chunks.push(chunk);
  });
  const text = Buffer.concat(chunks).toString();
  const [session] = (await call('listSessions')).body.items;
  t.equal(text.slice(0, 20), `{"session_id":"${session.session_id}"`.slice(0, 20));
  t.equal(Math.ceil(Number(answer.headers.get('content-length')) / 2), text.length);
});

t.test('a delay waits on the wall, before the commit or after it', async (t) => {
  for (const [commit, sessions] of [
    [false, 0],
    [true, 1],
  ] as const) {
    let held: (release: () => void) => void;
    const waiting = new Promise<() => void>((resolve) => {
      held = resolve;
    });
    const later: WallClock['later'] = (ms, run) => {
      if (ms !== 2_000) return wallClock.later(ms, run);
      held(run);
      return () => {};
    };
    const outcomes = [{ on: 'createSession', calls: 1, fault: { delay: 'PT2S', commit } }];
    const { call } = await scripted(t, { outcomes }, { wall: { ...wallClock, later } });
    const answer = call('createSession', { body: purchase });
    const release = await Promise.race([waiting, answer.then(() => undefined)]);
    t.equal((await call('listSessions')).body.items.length, sessions, 'while it waits');
    t.ok(release, 'it is not answered before');
    release?.();
    t.match(await answer, { status: 200, why: /^scenario-fault: / });
    t.equal((await call('listSessions')).body.items.length, 1);
  }
});

t.test('a commit whose answer is lost is found again by its idempotency key', async (t) => {
  const fault = { commit: true, timeout: true };
  const outcomes = [{ on: 'createCustomerTokenOrder', calls: 1, fault }];
  const { url, call } = await scripted(t, { outcomes }, hasty(SILENCE));
  const path = await tokenized(call);
  const headers = { 'klarna-idempotency-key': '0a5c' };
  const target = `/customer-token/v1/tokens/${path.customerToken}/order`;
  t.match(await ask(url, target, charge, headers), { failed: 'TypeError' });
  const [order, ...others] = (await call('listOrders')).body.items;
  t.strictSame(others, []);
  const again = await ask(url, target, charge, headers);
  t.equal(JSON.parse(again.text ?? '').order_id, order.order_id);
  t.matchLists((await call('readScenario')).body.outcomes, [{ matched: 1 }], 'a replayed key is no call');
});

t.test('an idempotency key remembers the refusals that are the last word, and no others', async (t) => {
  for (const [error, status, remembered] of [
    ['BAD_VALUE', 400, false],
    ['PERMISSION_DENIED', 403, true],
    ['NO_SUCH_ORDER', 404, false],
    ['CONFLICT', 409, true],
    ['UNPROCESSABLE_ENTITY', 422, false],
    ['TOO_MANY_REQUESTS', 429, false],
    ['UNEXPECTED_ERROR', 500, false],
  ] as const) {
    const { call } = await scripted(t, { outcomes: [{ on: 'captureOrder', calls: 1, error }] });
    const { order_id } = (await call('createOrder', { path: await authorized(call), body: purchase })).body;
    const path = { order_id };
    const headers = { 'Klarna-Idempotency-Key': 'one key' };
    const capture = (captured_amount: number) => call('captureOrder', { path, headers, body: { captured_amount } });
    const first = await capture(100);
    t.equal(first.status, status, error);
    const again = await capture(100);
    t.equal(again.status, remembered ? status : 201, `${error}, asked again`);
    const { outcomes } = (await call('readScenario')).body;
    t.matchLists(outcomes, [{ matched: remembered ? 1 : 2, hits: 1 }], 'what is remembered is no new call');
    if (!remembered) continue;
    t.strictSame([again.body, again.why], [first.body, first.why], 'the same answer');
    await call('advanceClock', { body: { by: 'PT23H59M59S' } });
    t.strictSame((await capture(200)).body, first.body, 'whatever is asked, for 24 hours');
    const other = { 'Klarna-Idempotency-Key': 'One key' };
    const captured = await call('captureOrder', { path, headers: other, body: { captured_amount: 100 } });
    t.equal(captured.status, 201, 'another key');
    t.equal((await call('acknowledgeOrder', { path, headers })).status, 204, 'the same key of another operation');
    await call('advanceClock', { body: { by: 'PT1S' } });
    t.equal((await capture(100)).status, 201, 'and then no more');
  }
});

t.test('a token or an order whose answer is lost is the one that is asked for again', async (t) => {
  const outcomes = [
    { on: 'createCustomerToken', fault: { commit: true, reset: true } },
    { on: 'createOrder', fault: { commit: true, status: 503 } },
  ];
  const { url, call } = await scripted(t, { outcomes });
  for (const n of [1, 2]) {
    const path = await authorized(call);
    const target = `/payments/v1/authorizations/${path.authorizationToken}`;
    t.match(await ask(url, `${target}/customer-token`, tokenRequest), { failed: String });
    const [token] = (await call('listCustomerTokens')).body.items;
    t.match(await call('createCustomerToken', { path, body: tokenRequest }), {
      status: 200,
      body: { token_id: token.token_id },
      why: '',
    });
    t.match(await ask(url, `${target}/order`, purchase), { status: 503 });
    const [order] = (await call('listOrders')).body.items;
    t.match(await call('createOrder', { path, body: purchase }), { status: 200, body: { order_id: order.order_id } });
    t.matchLists((await call('readScenario')).body.outcomes, [
      { matched: 2 * n, hits: n },
      { matched: 2 * n, hits: n },
    ]);
  }
});

t.test('the shopper does as the scenario says, until told otherwise', async (t) => {
  const shopper = { payment_option: 'financing', funding_source: { type: 'direct_debit' } };
  const { call } = await scripted(t, { shopper });
  await authorized(call);
  await authorized(call, {}, { payment_option: 'pay_later' });
  t.matchLists((await call('listAuthorizations')).body.items, [
    { payment_option: 'pay_later', funding_source: { type: 'none' } },
    { payment_option: 'financing', funding_source: { type: 'direct_debit' } },
  ]);
});

t.test('a scenario given as a file is told by its place in that file', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const text = `title: A file of a test
evidence: inferred
outcomes:
  # the first session
  - { on: createSession, calls: 1, error: UNAUTHORIZED }
  - on: createSession
    error: INVALID_OPERATION
`;
  const choose = (file: object) => call('chooseScenario', { body: { file } });
  t.matchLists(
    await choose({ path: 'tests/scenarios/theme/lost.yaml', text: text.replace('INVALID_OPERATION', 'BAD_VALUE') }),
    {
      status: 200,
      body: { name: 'theme/lost', outcomes: [{ line: 5 }, { line: 6 }] },
    },
  );
  await call('createSession', { body: purchase });
  t.match(await call('createSession', { body: purchase }), {
    status: 400,
    why: 'scenario-outcome: theme/lost, outcome on line 6: BAD_VALUE',
  });
  t.match(await choose({ path: 'lost.yaml', text }), {
    status: 400,
    why: /^scenario-known: lost\.yaml:7:12 createSession cannot answer the error "INVALID_OPERATION"/,
  });
  const exploding = `a: &a [1]\nb: &b [*a, *a]\n${'c: [*b, *b]\n'.repeat(3)}`;
  t.match(await choose({ path: 'x.yaml', text: exploding }), { status: 400, why: /^scenario-known: x\.yaml:/ });
  for (const file of [{ path: 'a.yaml' }, { text }, { path: '', text }, { path: 'a.yaml', text: '' }, text]) {
    t.match(await choose(file as object), { status: 400, why: /file/ }, JSON.stringify(file));
  }
  const two = await call('chooseScenario', { body: { name: 'x', file: { path: 'a.yaml', text }, inline: shell } });
  t.match(two, { status: 400, why: /expected one of name, inline, file$/ });
});

t.test('choosing what there is not', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  t.match(await call('chooseScenario', { body: { name: 'mixed-payments/subscriptoin' } }), {
    status: 400,
    why: /did you mean mixed-payments\/subscription\?/,
  });
  t.match(await call('chooseScenario', { body: { name: '../package' } }), { status: 400 });
  t.match(await call('chooseScenario', { body: {} }), { status: 400 });
  t.match(
    await call('chooseScenario', {
      body: { inline: { ...shell, outcomes: [{ on: 'createOder', error: 'REJECTED' }] } },
    }),
    {
      status: 400,
      why: /createOrder/,
    },
  );
  t.match(await call('createSession', { body: purchase, headers: { 'mock-klarna-scenario': 'nothing' } }), {
    status: 400,
    why: /^scenario-known: /,
  });
  const { session_id } = (await call('createSession', { body: purchase })).body;
  const data = { billing_address: { email: 'anna+scenario-nothing@shop.test' } };
  t.match(await call('authorizeSession', { path: { session_id }, body: { data } }), {
    status: 400,
    why: /billing_address.email/,
  });
});

t.test('a scenario is chosen by name, by alias, for one request by a header, and by an e-mail address', async (t) => {
  const file = (status: number) =>
    `title: Sessions fail\nevidence: inferred\nalias: s-fail\noutcomes:\n  - on: createSession\n    calls: 1\n    fault: { status: ${status} }\n  - on: createOrder\n    error: REJECTED\n`;
  const folder = t.testdir({ faults: { 'sessions-fail.yaml': file(503) } });
  let now = 0;
  const wall = { now: () => now, monotonic: () => now, later: () => () => {} };
  const lines: string[] = [];
  const library = Library.open(folder, (line) => lines.push(line), wall);
  const call = (await startSandbox(t, { library, wall })).as('boots');
  const header = { 'mock-klarna-scenario': 's-fail' };

  for (const n of [1, 2])
    t.match(await call('createSession', { body: purchase, headers: header }), { status: 503 }, `${n}`);
  t.match(await call('createSession', { body: purchase }), { status: 200 }, 'the header is for one request');

  const shopper = { data: { billing_address: { email: 'anna+scenario-faults.sessions-fail@shop.test' } } };
  const bound = await authorized(call, {}, shopper);
  const free = await authorized(call);
  t.match(await call('createOrder', { path: free, body: purchase }), { status: 200 });
  t.match(await call('createOrder', { path: bound, body: purchase }), {
    status: 403,
    body: { error_code: 'REJECTED' },
  });

  t.match(await call('chooseScenario', { body: { name: 's-fail' } }), { body: { name: 'faults/sessions-fail' } });
  t.match(await call('createSession', { body: purchase }), { status: 503 });
  t.match(await call('createSession', { body: purchase }), { status: 200 });
  writeFileSync(join(folder, 'faults/sessions-fail.yaml'), `${file(500)}# edited\n`);
  now += 999;
  t.match(await call('createSession', { body: purchase }), { status: 200 }, 'it is looked at once a second');
  now += 1;
  t.match(await call('createSession', { body: purchase }), { status: 500 }, 'an edited file begins anew');
  t.matchLists(lines, [/has changed: it was read again/]);
  writeFileSync(join(folder, 'faults/sessions-fail.yaml'), 'title: broken');
  now += 2_000;
  t.match(await call('createSession', { body: purchase }), { status: 200 }, 'the last good version stays');
  t.match(lines[1], /last good version stays/);
});

t.test('worlds begin with the scenario of the server, or with their own', async (t) => {
  const read = (error: string) =>
    readScenario(
      `{"title":"x","evidence":"inferred","outcomes":[{"on":"createOrder","error":"${error}"}]}`,
      'x',
      error,
    );
  const scenarios = new Map([['shoes', read('INTERNAL_SERVER_ERROR')]]);
  const sandbox = await startSandbox(t, { scenario: read('REJECTED'), scenarios });
  for (const [merchant, status] of [
    ['boots', 403],
    ['shoes', 500],
  ] as const) {
    const call = sandbox.as(merchant);
    t.match(await call('createOrder', { path: await authorized(call), body: purchase }), { status });
  }
  const call = sandbox.as('boots');
  await call('endScenario');
  t.match(await call('createOrder', { path: await authorized(call), body: purchase }), { status: 200 });
});

t.test('1,000 merchants with scenarios of their own never see each other', async (t) => {
  const { as } = await startSandbox(t, { seed: 'many' });
  const merchants = Array.from({ length: 1000 }, (_, n) => ({
    call: as(`shop-${n}`),
    status: n % 2 ? 500 : 503,
    calls: (n % 3) + 1,
  }));
  for (let at = 0; at < merchants.length; at += 50) {
    await Promise.all(
      merchants.slice(at, at + 50).map(async ({ call, status, calls }) => {
        await call('chooseScenario', {
          body: { inline: { ...shell, outcomes: [{ on: 'createSession', calls, fault: { status } }] } },
        });
      }),
    );
  }
  const wrong: string[] = [];
  for (let at = 0; at < merchants.length; at += 50) {
    await Promise.all(
      merchants.slice(at, at + 50).map(async ({ call, status, calls }) => {
        const seen = [];
        for (let n = 0; n < 3; n++) seen.push((await call('createSession', { body: purchase })).status);
        const expected = [200, 200, 200].map((ordinary, n) => (n + 1 === calls ? status : ordinary));
        if (String(seen) !== String(expected)) wrong.push(`${seen} for ${expected}`);
      }),
    );
  }
  t.strictSame(wrong, []);
});
