import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { ControlError, control } from '../../src/client/control.js';
import { isSandbox } from '../../src/client/find-target.js';
import { inOrder } from '../../src/client/in-order.js';
import { startSandbox } from '../../src/index.js';
import { chooseScenarios, hintAtTag, withTags } from '../../src/replay/choose.js';
import { needsSandbox, whySandbox } from '../../src/replay/merchants.js';
import { replayScenarios } from '../../src/replay/replay.js';
import { renderVerdict } from '../../src/replay/report.js';
import { Library } from '../../src/scenario/library.js';
import type { ScenarioError } from '../../src/scenario/problem.js';
import { readScenario } from '../../src/scenario/read.js';
import { startServer } from '../../src/server/start.js';
import { verifyCases } from '../../src/verify/cases.js';
import t, { type Test } from '../tap.js';
import { until } from '../until.js';

const head = 'title: Boots\nevidence: docs\n';
const body = '{ order_amount: 100, order_lines: [{ name: Boots, quantity: 1, unit_price: 100, total_amount: 100 }] }';
const buy = `  - createSession: { body: ${body} }
    keep: { session: $.body.session_id }
  - { shopper: authorize, session: "\${session}", keep: { authorization: $.body.authorization_token } }
`;

async function stub(t: Test, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: { url: string | undefined; user: string }[] = [];
  const server = createServer((request, response) => {
    const [, credentials = ''] = (request.headers.authorization ?? '').split(' ');
    asked.push({ url: request.url, user: Buffer.from(credentials, 'base64').toString() });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const json = (response: ServerResponse, status: number, value: unknown) =>
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));

/** A real sandbox, and a target on it. */
async function sandbox(t: Test) {
  const server = await startServer({ port: 0, seed: 'run' });
  t.teardown(server.close);
  return { url: server.url, username: 'M', password: 'p' };
}

t.test('results come in the order of the items, whichever is done first', async (t) => {
  const told: number[] = [];
  const waiting: (() => void)[] = [];
  const running = inOrder([0, 1, 2, 3], {
    parallel: 2,
    work: (item) => new Promise<number>((resolve) => waiting.push(() => resolve(item * 10))),
    onResult: (result) => told.push(result),
  });
  t.equal(waiting.length, 2, 'no more at once than allowed');
  const finish = async (index: number) => {
    waiting[index]?.();
    await new Promise(setImmediate);
  };
  await finish(1);
  t.strictSame(told, [], 'the second waits to be told');
  t.equal(waiting.length, 3);
  await finish(0);
  t.strictSame(told, [0, 10]);
  await finish(3);
  await finish(2);
  t.strictSame(await running, [0, 10, 20, 30]);
  t.strictSame(told, [0, 10, 20, 30]);
  t.strictSame(await inOrder([], { parallel: 4, work: async () => 1 }), []);
});

t.test('after the last result nothing counts that was begun further on', async (t) => {
  const begun: number[] = [];
  const told: number[] = [];
  const work = async (item: number) => {
    begun.push(item);
    if (item === 1) for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    return item;
  };
  const last = (item: number) => item === 1 || item === 2;
  const results = await inOrder([0, 1, 2, 3, 4, 5, 6], {
    parallel: 2,
    work,
    last,
    onResult: (item) => told.push(item),
  });
  t.strictSame(results, [0, 1]);
  t.strictSame(told, results);
  t.notOk(begun.includes(4), 'what comes after is not begun');
});

t.test('items of one lane follow each other', async (t) => {
  let busy = 0;
  let most = 0;
  const work = async (item: number) => {
    most = Math.max(most, ++busy);
    await new Promise(setImmediate);
    busy--;
    return item;
  };
  t.strictSame(await inOrder([1, 2, 3], { parallel: 3, work, lane: () => 'a' }), [1, 2, 3]);
  t.equal(most, 1);
});

t.test(
  'a scenario needs a sandbox for the shopper, the clock, the control API, a script, or merchants of its own',
  async (t) => {
    const why = (text: string) => {
      const scenario = readScenario(head + text, 'a.yaml');
      t.equal(needsSandbox(scenario), whySandbox(scenario) !== undefined);
      return whySandbox(scenario);
    };
    const plain = 'steps: [{ readSession: { path: { session_id: a } } }]';
    t.equal(why(plain), undefined);
    t.equal(why('steps: [{ readHealth: }, { advance: P1D }]'), 'it moves the clock');
    t.equal(why(`clock: 2027-01-01T00:00:00Z\n${plain}`), 'it moves the clock');
    t.equal(why('steps: [{ readHealth: }, { shopper: authorize, session: a }]'), 'it acts for the shopper');
    t.equal(why('steps: [{ readSession: { path: { session_id: a } } }, { readJournal: }]'), 'it calls the control API');
    const own = 'it needs merchants of its own';
    t.equal(why('steps: [{ readHealth: }, { readSession: { path: { session_id: a } }, as: partner }]'), own);
    t.equal(why(`merchant: K1\n${plain}`), own);
    t.equal(why(`needs: [standing-clock]\n${plain}`), 'it needs a standing clock');
    const scripted = 'it scripts what Klarna, the shopper or the network does';
    t.equal(why(`shopper: { result: denied }\n${plain}`), scripted);
    t.equal(why(`callbacks: [{ on: authorization, delivery: { drop: true } }]\n${plain}`), scripted);
    t.equal(why(`outcomes: [{ on: readSession, fault: { close: true } }]\n${plain}`), scripted);
  },
);

t.test('a scenario that needs a standing clock is skipped where the clock runs', async (t) => {
  const file = `${head}needs: [standing-clock]\nsteps: [{ readClock: }]\n`;
  const [scenario] = await chooseScenarios([join(t.testdir({ 'a.yaml': file }), 'a.yaml')]);
  const only = [scenario as NonNullable<typeof scenario>];
  const [standing] = await replayScenarios(only, await sandbox(t));
  t.equal(standing?.passed, true);
  const running = await startServer({ port: 0 });
  t.teardown(running.close);
  const [skipped] = await replayScenarios(only, { url: running.url, username: 'M', password: 'p' });
  const why = 'needs a standing clock, which a sandbox started with --seed has';
  t.equal(skipped?.passed, false);
  t.equal(skipped?.skipped, why);
  t.equal(renderVerdict(skipped as NonNullable<typeof skipped>), `skip a  skipped: ${why}`);
  const { unjudged } = await verifyCases({ url: running.url, username: 'M', password: 'p' }, only, { sandbox: true });
  t.strictSame(unjudged, [{ what: 'a', why }]);
  const { url } = await stub(t, (_, response) => json(response, 401, {}));
  const [refused] = await replayScenarios(only, { url, username: 'M', password: 'p' });
  t.equal(refused?.skipped, undefined, 'a refusal is told by the steps');
  const gone = await replayScenarios(only, { url: 'http://127.0.0.1:1', username: 'M', password: 'p' });
  t.match(gone[0]?.trouble, /^readClock got no answer: /);
});

t.test(
  'a scenario is played with its script, and it is seen when things happened and what was tokenized',
  async (t) => {
    const target = await sandbox(t);
    const folder = t.testdir({
      'care.yaml': `${head}market: SE
shopper: { payment_option: pay_now, funding_source: { type: direct_debit, masked_number: "***0131" } }
outcomes:
  - { on: createOrder, calls: 1, fault: { commit: true, timeout: true } }
steps:
  - createSession: { body: { intent: buy_and_default_tokenize, order_amount: 100, order_lines: &lines [{ name: Boots, quantity: 1, unit_price: 100, total_amount: 100 }] } }
    keep: { session: $.body.session_id }
  - { shopper: authorize, session: "\${session}", keep: { authorization: $.body.authorization_token } }
  - createCustomerToken: &token { path: { authorizationToken: "\${authorization}" }, body: { description: Care, intended_use: SUBSCRIPTION } }
  - advance: P1D
  - createCustomerToken: *token
    expect: {}
  - readSession: { path: { session_id: "\${session}" } }
    as: partner
    expect: { status: $absent }
`,
    });
    const [scenario] = await chooseScenarios([join(folder, 'care.yaml')]);
    const [result] = await replayScenarios([scenario as never], target, { seed: 'run' });
    const steps = result?.steps ?? [];
    t.match(
      renderVerdict(result as never),
      /^FAIL care {2}step 6 of 6\n.*care\.yaml:17 readSession\n {7}\$\.status {2}expected "\$absent", got 4\d\d\n/,
    );
    t.equal(steps[2]?.tokenized, 'Pay Now by direct debit from ***0131 (DIRECT_DEBIT)');
    t.equal(steps[4]?.tokenized, undefined, 'the same customer token again');
    const [first, later] = ['2026-01-01T12:00:00.000Z', '2026-01-02T12:00:00.000Z'];
    t.strictSame(
      steps.map(({ clock }) => clock),
      [first, first, first, later, later, first],
      'another merchant has another clock',
    );
  },
);

t.test('what a scenario scripts is explained with its name and the line of its file', async (t) => {
  const target = await sandbox(t);
  const [scenario] = await chooseScenarios(['declines/order-rejected']);
  const [result] = await replayScenarios([scenario as never], target);
  const line = (scenario?.outcomes[0]?.line as number) ?? 0;
  t.ok(line > 1);
  t.match(
    result?.steps.map(({ answer }) => answer?.headers['mock-klarna-explain']).join('\n'),
    `: declines/order-rejected, outcome on line ${line}: REJECTED`,
  );
});

/** A purchase by invoice whose charge is expected to be paid in some way. */
const payment = (expected: string, more = '') => `${head}market: SE
steps:
  - createSession: { body: { intent: buy_and_default_tokenize, order_amount: 100, order_lines: &lines [{ name: Boots, quantity: 1, unit_price: 100, total_amount: 100 }] } }
    keep: { session: $.body.session_id }
  - { shopper: authorize, session: "\${session}", with: { payment_option: pay_later }, keep: { authorization: $.body.authorization_token } }
  - createCustomerToken: { path: { authorizationToken: "\${authorization}" }, body: { description: Care, intended_use: SUBSCRIPTION } }
    expect: { status: 200, payment_method: { type: invoice, number_of_days: 30 } }
    keep: { token: $.body.token_id }
${more}  - createCustomerTokenOrder: { path: { customerToken: "\${token}" }, body: { order_amount: 100, order_tax_amount: 0, order_lines: *lines } }
    expect: ${expected}
`;

t.test('what is expected of a payment method is looked up where the control API lists it', async (t) => {
  const target = await sandbox(t);
  const play = async (text: string) => (await replayScenarios([readScenario(text, 'paid.yaml')], target))[0] as never;
  const verdict = async (text: string) => renderVerdict(await play(text));
  const right = (await play(payment('{ status: 200, payment_method: { type: invoice, number_of_days: 30 } }'))) as {
    steps: object[];
  };
  t.match(right, { passed: true });
  t.match(right.steps[3], { payment_method: { type: 'invoice', number_of_days: 30 }, unjudged: undefined });
  t.match(
    await verdict(payment('{ status: 200, payment_method: { type: invoice, number_of_days: 14, card: $any } }')),
    /^FAIL paid {2}step 4 of 4\n.*createCustomerTokenOrder\n.*\$\.payment_method\.number_of_days {2}expected 14, got 30\n.*\$\.payment_method\.card {2}expected "\$any", got nothing\n/,
  );
  const refused = '  - cancelCustomerToken: { path: { customerToken: "${token}" } }\n';
  t.match(
    await verdict(payment('{ payment_method: { type: invoice } }', refused)),
    /step 5 of 5\n.*\n.*\$\.status {2}expected "2xx", got 403\n/,
    'a payment method alone is expected of a success',
  );
  t.match(
    await play(payment('{ status: 403, payment_method: { type: invoice } }', refused)),
    { passed: true },
    'a refused charge is about its token',
  );
  t.match(
    await verdict(payment('{ status: 200, payment_method: { type: invoice } }').replace('$.body.token_id', '$.status')),
    'expected 200, got 404',
  );
  const session = payment(
    '{ status: 200 }',
    '  - createOrder: { path: { authorizationToken: "${session}" } }\n',
  ).replace(/(createOrder: .*\n)/, '$1    expect: { status: 400, payment_method: { type: invoice } }\n');
  t.match(await verdict(session), '$.payment_method  expected {"type":"invoice"}, got nothing', 'no order, no method');
  const lost = payment('{ status: $absent, payment_method: { type: invoice, number_of_days: 30 } }').replace(
    'steps:',
    'outcomes: [{ on: createCustomerTokenOrder, fault: { close: true } }]\nsteps:',
  );
  const folder = t.testdir({ 'lost.yaml': lost });
  const [result] = await replayScenarios(await chooseScenarios([join(folder, 'lost.yaml')]), target);
  t.match(result, { passed: true, steps: { 3: { answer: undefined, payment_method: { number_of_days: 30 } } } });
});

t.test('a customer token that was there before is not what a step tokenized', async (t) => {
  const target = await sandbox(t);
  const whose = (text: string) => readScenario(text.replace('steps:', 'merchant: K1\nsteps:'), 'token.yaml');
  const made = whose(payment('{ status: 200 }'));
  const step = '  - createCustomerToken: { path: { authorizationToken: none }, body: { description: Care } }\n';
  const refusal = `${step}    expect: { status: { $over: 399 } }\n`;
  const refused = whose(`${head}steps:\n${refusal}${refusal}    as: partner\n`);
  const results = await replayScenarios([made, refused, made], target);
  t.strictSame(
    results.map(({ steps }) => steps.map(({ tokenized }) => tokenized)),
    [
      [undefined, undefined, 'Pay Later in 30 days (INVOICE)', undefined],
      [undefined, undefined],
      [undefined, undefined, 'Pay Later in 30 days (INVOICE)', undefined],
    ],
  );
  t.ok(
    results.every(({ passed }) => passed),
    results.map(renderVerdict).join('\n'),
  );
});

t.test('how an order is paid is looked at where a step places one, expected or not', async (t) => {
  const target = await sandbox(t);
  const scenario = readScenario(
    `${payment('{ status: 200 }')}  - createOrder: { path: { authorizationToken: "\${authorization}" }, body: { order_amount: 100, order_lines: *lines } }
    keep: { order: $.body.order_id }
  - readOrder: { path: { order_id: "\${order}" } }
  - createSession: { body: { order_amount: 100, order_lines: *lines } }
    keep: { second: $.body.session_id }
  - createHostedSession:
      body:
        payment_session_url: https://api.klarna.com/payments/v1/sessions/\${second}
        merchant_urls: { success: "https://shop.example/thanks" }
        options: { place_order_mode: PLACE_ORDER }
    keep: { page: $.body.session_id }
  - { shopper: complete, session: "\${page}", with: { payment_option: pay_later } }
`,
    'placed.yaml',
  );
  const [result] = await replayScenarios([scenario], target);
  t.ok(result?.passed, renderVerdict(result as never));
  const invoice = { type: 'invoice', number_of_days: 30 };
  t.strictSame(
    result?.steps.flatMap(({ step, payment_method }) =>
      payment_method ? [{ name: step.operation.name, ...payment_method }] : [],
    ),
    ['createCustomerToken', 'createCustomerTokenOrder', 'createOrder', 'completeHostedSession'].map((name) => ({
      name,
      ...invoice,
    })),
  );
});

t.test('an order is found on a later page of the list, and one that is another merchant’s is not', async (t) => {
  const target = await sandbox(t);
  const many = payment('{ status: 200 }');
  const scenario = readScenario(
    `${many}    keep: { first: $.body.order_id }
  - createCustomerTokenOrder: { path: { customerToken: "\${token}" }, body: { order_amount: 100, order_tax_amount: 0, order_lines: *lines } }
    times: 101
  - cancelOrder: { path: { order_id: "\${first}" } }
    expect: { status: 204, payment_method: { type: invoice } }
  - readOrder: { path: { order_id: "\${first}" } }
    as: partner
    expect: { status: 404, payment_method: $absent }
`,
    'many.yaml',
  );
  const [result] = await replayScenarios([scenario], target);
  t.ok(result?.passed, renderVerdict(result as never));
});

t.test('without a control API a payment method is not judged, and the scenario plays on', async (t) => {
  const order = { order_id: '5b2f1c0e-9d37-4a68-8f14-c7e60a3d92b1', authorized_payment_method: { type: 'invoice' } };
  const { asked, url } = await stub(t, (_, response) => json(response, 200, order));
  const charge = '{ createCustomerTokenOrder: { path: { customerToken: a }, body: {} }';
  const method = 'payment_method: { type: invoice, number_of_days: 30 }';
  const scenario = readScenario(
    `${head}steps:
  - ${charge}, expect: { status: 200, body: { order_id: $uuid }, ${method} } }
  - ${charge}, expect: { ${method} } }
  - ${charge}, expect: { status: 200 } }
`,
    'paid.yaml',
  );
  const elsewhere = { url, username: 'K', password: 'p' };
  const [result] = await replayScenarios([scenario], elsewhere, { sandbox: false });
  t.equal(
    renderVerdict(result as never),
    'ok   paid  3 steps, 2 not judged (payment_method: the target has no control API)',
  );
  t.strictSame(
    result?.steps.map(({ unjudged, payment_method }) => [unjudged, payment_method]),
    [
      ['payment_method: the target has no control API', undefined],
      ['payment_method: the target has no control API', undefined],
      [undefined, undefined],
    ],
  );
  t.strictSame(
    asked.map((request) => request.url),
    Array(3).fill('/customer-token/v1/tokens/a/order'),
    'nothing else is asked',
  );
  // A sandbox that does not let itself be asked.
  const locked = await stub(t, (request, response) =>
    request.url?.includes('/sandbox/') ? json(response, 401, {}) : json(response, 200, order),
  );
  const [failed] = await replayScenarios([scenario], { ...elsewhere, url: locked.url });
  t.match(renderVerdict(failed as never), 'payment_method cannot be looked up: listOrders was refused with 401: {}');
});

t.test('an answer that is not to come is waited for and not missed', async (t) => {
  const target = await sandbox(t);
  const text = (kind: string) => `${head}market: SE
outcomes: [{ on: createOrder, calls: 1, fault: { commit: true, ${kind}: true } }]
steps:
${buy}  - createOrder: &order { path: { authorizationToken: "\${authorization}" }, headers: { Klarna-Idempotency-Key: one }, body: ${body} }
    expect: { status: $absent }
  - createOrder: { path: { authorizationToken: "\${authorization}" }, body: ${body} }
    expect: { status: $any }
`;
  const kinds = ['timeout', 'reset', 'close', 'truncate'];
  const folder = t.testdir(
    Object.fromEntries(kinds.map((kind) => [`${kind}.yaml`, text(kind).replace('&order ', '')])),
  );
  const results = await replayScenarios(await chooseScenarios([folder]), target, { seed: 'run' });
  t.equal(results.length, 4);
  for (const result of results) {
    t.ok(result.passed, renderVerdict(result));
    t.match(result.steps[2], { answer: undefined, trouble: undefined });
  }
});

t.test(
  "a merchant of the scenario's own begins anew where that is asked for, one that it names does not",
  async (t) => {
    const target = await sandbox(t);
    const steps =
      'steps:\n  - readClock:\n    expect: { body: { now: "2026-01-01T12:00:00.000Z" } }\n  - advance: P1D\n';
    const own = readScenario(head + steps, 'own.yaml');
    const play = async (scenario: typeof own, anew: boolean) =>
      (await replayScenarios([scenario], target, { anew }))[0]?.passed;
    t.equal(await play(own, false), true);
    t.equal(await play(own, false), false);
    t.equal(await play(own, true), true);
    const named = { ...own, merchant: 'K1' };
    t.equal(await play(named, true), true);
    t.equal(await play(named, true), false);
    const both = readScenario(
      `${head}market: SE
steps:
  - createSession: { body: ${body} }
    as: partner
  - listSessions:
    as: partner
    expect: { body: { items: [{ session_id: $uuid }] } }
`,
      'both.yaml',
    );
    t.equal(await play(both, true), true);
    t.equal(await play(both, true), true, 'another merchant that its steps name begins anew as well');
    t.equal(await play(both, false), false);
  },
);

t.test('the script of a scenario does not outlive it for a merchant that it names', async (t) => {
  const target = await sandbox(t);
  const folder = t.testdir({
    'a.yaml': `${head}merchant: K1\noutcomes: [{ on: createSession, fault: { status: 503 } }]\nsteps:\n  - createSession: { body: {} }\n    expect: { status: 503 }\n`,
    'b.yaml': `${head}merchant: K1\nsteps:\n  - createSession: { body: {} }\n    expect: { status: 400 }\n`,
  });
  const results = await replayScenarios(await chooseScenarios([folder]), target);
  t.strictSame(
    results.map(({ passed }) => passed),
    [true, true],
    results.map(renderVerdict).join('\n'),
  );
});

t.test('a sandbox that refuses what a replay needs makes the scenario fail before its first step', async (t) => {
  const { url } = await stub(t, (_, response) => json(response, 401, { error_code: 'UNAUTHORIZED' }));
  const target = { url, username: 'M', password: 'p' };
  const scenario = readScenario(`${head}steps: [{ readHealth: }]`, 'a.yaml');
  const [result] = await replayScenarios([scenario], target, { anew: true });
  t.equal(
    renderVerdict(result as never),
    'FAIL a  before step 1\n     a.yaml:1\n       resetMerchant was refused with 401: {"error_code":"UNAUTHORIZED"}',
  );
  const gone = { ...target, url: 'http://127.0.0.1:1' };
  await t.rejects(
    control(gone, 'readClock'),
    new ControlError('readClock got no answer: connect ECONNREFUSED 127.0.0.1:1', { operation: 'readClock' }),
  );
  const bare = await stub(t, (_, response) => response.writeHead(404).end());
  await t.rejects(control({ ...target, url: bare.url }, 'readClock'), { message: 'readClock was refused with 404' });
});

t.test('what cannot be seen of a step is left open', async (t) => {
  const { url } = await stub(t, (request, response) =>
    request.url?.includes('clock') ? json(response, 401, {}) : json(response, 200, { status: 'ok' }),
  );
  const scenario = readScenario(`${head}steps: [{ readHealth: }]`, 'a.yaml');
  const [result] = await replayScenarios([scenario], { url, username: 'M', password: 'p' });
  t.matchLists(result, { passed: true, steps: [{ clock: undefined, tokenized: undefined }] });
});

t.test('the clock is looked at again after a reset', async (t) => {
  const target = await sandbox(t);
  const scenario = readScenario(`${head}steps: [{ advance: P1D }, { resetMerchant: }]`, 'a.yaml');
  const [result] = await replayScenarios([scenario], target);
  t.strictSame(
    result?.steps.map(({ clock }) => clock),
    ['2026-01-02T12:00:00.000Z', '2026-01-01T12:00:00.000Z'],
  );
});

t.test('a clock that is refused to move shows what it showed before', async (t) => {
  const target = await sandbox(t);
  const back = '  - setClock: { body: { now: "2000-01-01T00:00:00Z" } }\n    expect: { status: { $over: 399 } }\n';
  const scenario = readScenario(`${head}steps:\n${back}  - advance: PT1H\n${back}`, 'a.yaml');
  const [result] = await replayScenarios([scenario], target);
  t.ok(result?.passed, renderVerdict(result as never));
  t.strictSame(
    result?.steps.map(({ clock }) => clock),
    ['2026-01-01T12:00:00.000Z', '2026-01-01T13:00:00.000Z', '2026-01-01T13:00:00.000Z'],
  );
});

t.test('a mistake in the program is not taken for a refusal', async (t) => {
  const target = await sandbox(t);
  const scenario = readScenario(`${head}shopper: { result: denied }\nsteps: [{ readHealth: }]`, 'nowhere.yaml');
  await t.rejects(replayScenarios([scenario], target), { code: 'ENOENT' });
});

t.test(
  'elsewhere than on a sandbox scenarios follow each other as the given user, without those that need one',
  async (t) => {
    const { asked, url } = await stub(t, (_, response) => json(response, 200, {}));
    const read = (path: string, steps: string) => readScenario(`${head}steps: [${steps}]`, path);
    const scenarios = [
      read('a.yaml', '{ readSession: { path: { session_id: a } } }'),
      read('b.yaml', '{ advance: P1D }'),
      read('c.yaml', ''),
      read('d.yaml', '{ readSession: { path: { session_id: d } } }'),
    ];
    const results = await replayScenarios(scenarios, { url, username: 'K', password: 'p' }, { sandbox: false });
    t.strictSame(results.map(renderVerdict), [
      'ok   a  1 step',
      'skip b  skipped: needs a sandbox',
      'skip c  skipped: has no steps',
      'ok   d  1 step',
    ]);
    t.strictSame(asked, [
      { url: '/payments/v1/sessions/a', user: 'K:p' },
      { url: '/payments/v1/sessions/d', user: 'K:p' },
    ]);
  },
);

t.test('a skipped scenario does not end a replay that stops at the first failure', async (t) => {
  const { asked, url } = await stub(t, (_, response) => json(response, 200, {}));
  const read = (name: string, steps: string) => readScenario(`${head}steps: [${steps}]`, `${name}.yaml`);
  const step = (id: string, status: number) =>
    `{ readSession: { path: { session_id: ${id} } }, expect: { status: ${status} } }`;
  const scenarios = [read('a', '{ advance: P1D }'), read('b', step('b', 404)), read('c', step('c', 200))];
  const target = { url, username: 'K', password: 'p' };
  const told: string[] = [];
  const onResult = ({ scenario }: { scenario: { name: string } }) => void told.push(scenario.name);
  const results = await replayScenarios(scenarios, target, { sandbox: false, bail: true, onResult });
  t.strictSame(
    results.map(({ scenario, skipped, passed }) => [scenario.name, skipped, passed]),
    [
      ['a', 'needs a sandbox', false],
      ['b', undefined, false],
    ],
  );
  t.strictSame(told, ['a', 'b']);
  t.strictSame(
    asked.map((request) => request.url),
    ['/payments/v1/sessions/b'],
  );
});

t.test('on a sandbox sixteen scenarios are under way at once, elsewhere one', async (t) => {
  const { url } = await stub(t, (_, response) => json(response, 200, {}));
  const names = Array.from({ length: 18 }, (_, at) => `scenario-${at}`);
  const steps = 'steps: [{ readSession: { path: { session_id: a } } }]';
  const scenarios = names.map((name) => readScenario(head + steps, `${name}.yaml`));
  const target = { url, username: 'M', password: 'p' };
  for (const [sandbox, most] of [
    [true, 16],
    [false, 1],
  ] as const) {
    const waiting: (() => void)[] = [];
    const before = () => new Promise<void>((resolve) => void waiting.push(resolve));
    let going = true;
    const running = replayScenarios(scenarios, target, { sandbox, blind: true, before }).finally(() => {
      going = false;
    });
    await new Promise(setImmediate);
    t.equal(waiting.length, most);
    await until(() => {
      for (const go of waiting.splice(0)) go();
      return !going;
    }, 'the end of the replay');
    t.equal((await running).filter(({ passed }) => passed).length, names.length);
  }
});

t.test('scenarios that name one merchant follow each other', async (t) => {
  const { asked, url } = await stub(t, (_, response) => json(response, 200, { items: [] }));
  const read = (name: string) => readScenario(`${head}merchant: K1\nsteps: [{ readClock: }]`, `${name}.yaml`);
  const target = { url, username: 'M', password: 'p' };
  const results = await replayScenarios(['a', 'b', 'c'].map(read), target, { blind: true });
  t.strictSame(
    results.map(({ merchant }) => merchant),
    ['K1', 'K1', 'K1'],
  );
  const one = ['K1:p /sandbox/v1/callbacks?limit=100', 'K1:p /sandbox/v1/clock'];
  t.strictSame(
    asked.map((request) => `${request.user} ${request.url}`),
    [...one, ...one, ...one],
  );
});

t.test('a target is a sandbox when its health answers', async (t) => {
  const target = await sandbox(t);
  t.equal(await isSandbox(target.url), true);
  const other = await stub(t, (_, response) => json(response, 200, { status: 'ok' }));
  t.equal(await isSandbox(other.url), false);
  t.strictSame(other.asked, [{ url: '/sandbox/v1/health', user: '' }], 'no credentials are sent before that is known');
  t.equal(await isSandbox((await stub(t, (_, response) => json(response, 404, {}))).url), false);
  t.equal(await isSandbox((await stub(t, (_, response) => response.end('ok'))).url), false);
  t.match(await isSandbox('http://127.0.0.1:1'), { trouble: /ECONNREFUSED/ });
});

t.test('scenarios are chosen by name, alias, folder of names, file or folder of files', async (t) => {
  const file = `${head}steps: [{ readHealth: }]\n`;
  const folder = t.testdir({
    library: {
      theme: { 'a.yaml': file.replace('title', 'alias: short\ntitle'), 'b.yaml': file },
      themed: { 'd.yaml': file },
      'c.yaml': file,
    },
    'own.yaml': file,
    bad: { 'x.yaml': `${head}steps: 1` },
  });
  const library = Library.open(join(folder, 'library'));
  const names = async (...words: string[]) => (await chooseScenarios(words, library)).map(({ name }) => name);
  t.strictSame(await names('theme/a', 'short', 'theme', 'theme/', 'c'), [
    'theme/a',
    'theme/a',
    'theme/a',
    'theme/b',
    'theme/a',
    'theme/b',
    'c',
  ]);
  t.strictSame(await names('theme//', 'themed'), ['theme/a', 'theme/b', 'themed/d']);
  t.strictSame(await names(join(folder, 'own.yaml')), ['own']);
  t.strictSame(await names(relative('', join(folder, 'library/theme'))), ['a', 'b'], 'a folder that is there');
  const [shipped] = await chooseScenarios(['mixed-payments/subscription']);
  t.equal(shipped?.path, 'scenarios/mixed-payments/subscription.yaml', 'named as seen from here');
  const elsewhere = process.cwd();
  process.chdir('/');
  t.teardown(() => process.chdir(elsewhere));
  const [far] = await chooseScenarios(['c'], library);
  t.equal(far?.path, relative('/', join(folder, 'library/c.yaml')));
  process.chdir(join(elsewhere, 'src'));
  t.equal((await chooseScenarios(['c'], library))[0]?.path, join(folder, 'library/c.yaml'));
  process.chdir(elsewhere);
  const words = ['theme/aa', 'quite-another', join(folder, 'bad'), './none', 'none.yml'];
  const refusal = await chooseScenarios(words, library).catch((error: ScenarioError) => error.problems);
  t.matchLists(refusal, [
    { path: 'theme/aa', line: 1, column: 1, message: 'no such file, folder or scenario (did you mean "theme/a"?)' },
    { path: 'quite-another', message: 'no such file, folder or scenario' },
    { path: /bad/ },
    { path: './none', message: 'no such file or folder' },
    { path: 'none.yml', message: 'no such file or folder' },
  ]);
  await t.rejects(chooseScenarios(['a\0b'], library), { code: 'ERR_INVALID_ARG_VALUE' });
});

t.test('what looks like a path is no name, and what nearly does is one', async (t) => {
  const library = Library.open(t.testdir({ 'a.yaml': `${head}steps: [{ readHealth: }]\n` }));
  const messageOf = async (word: string) => {
    const { problems } = (await chooseScenarios([word], library).catch(
      (error: ScenarioError) => error,
    )) as ScenarioError;
    return problems.map(({ path, message }) => `${path}: ${message.replace(/ \(did.*/, '')}`).join();
  };
  const paths = ['./none', '../none', '.\\none', '..\\none', '/none/x', 'none.yaml', 'none.YML', 'a/none.json'];
  for (const word of paths) t.equal(await messageOf(word), `${word}: no such file or folder`);
  const names = ['.none', '..none', '...', 'none/./x', 'none.yaaml', 'none.yaml2', 'none.json/x', 'nonejson', 'x/none'];
  for (const word of names) t.equal(await messageOf(word), `${word}: no such file, folder or scenario`);
});

t.test('tags choose among scenarios', async (t) => {
  const tagged = (name: string, tags: string) =>
    readScenario(`${head}tags: [${tags}]\nsteps: [{ readHealth: }]`, `${name}.yaml`);
  const all = [tagged('a', 'one, two'), tagged('b', 'two'), tagged('c', '')];
  const named = (...tags: string[]) => withTags(all, tags).map(({ name }) => name);
  t.strictSame(named(), ['a', 'b', 'c']);
  t.strictSame(named('one'), ['a']);
  t.strictSame(named('one', 'two'), ['a', 'b']);
  t.equal(hintAtTag(all, ['tow']), ' (did you mean "two"?)');
  t.equal(hintAtTag(all, ['tow', 'one']), ' (did you mean "two"?)');
  t.equal(hintAtTag(all, []), '');
});

t.test('startSandbox().replay() plays a scenario in the sandbox of a test', async (t) => {
  const sandbox = await startSandbox({ seed: 'one' });
  t.teardown(sandbox.close);
  const result = await sandbox.replay('mixed-payments/subscription');
  t.match(result, { result: 'passed', merchant: 'test.mixed-payments.subscription', of: 6, verdict: /^ok/ });
  t.strictSame(await sandbox.replay('mixed-payments/subscription'), result, 'and again, as new');
  for (const time of ['once', 'again, the other merchant as new as its own']) {
    t.equal((await sandbox.replay('mixed-payments/shared-token')).result, 'passed', time);
  }
  await t.rejects(sandbox.replay('mixed-payments'), {
    message: /^mixed-payments:1:1 \d+ scenarios, where one can be played$/,
  });
  const three = t.testdir({
    several: Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.yaml`, `${head}steps: [{ readHealth: }]`])),
  });
  await t.rejects(sandbox.replay(join(three, 'several')), {
    message: /several:1:1 3 scenarios, where one can be played$/,
  });
  await t.rejects(sandbox.replay(t.testdir({})), { message: /no scenario in there$/ });
  await t.rejects(sandbox.replay('nothing-of-the-kind'), { name: 'ScenarioError' });
  const file = join(
    t.testdir({ 'a.yaml': `${head}steps: [{ readSession: { path: { session_id: none } } }]` }),
    'a.yaml',
  );
  t.matchLists(await sandbox.replay(file), { result: 'failed', steps: [{ answer: { status: 404 } }] });
});

t.test('with a merchants file a scenario is played by the merchant of the sandbox', async (t) => {
  const sandbox = await startSandbox({ merchants: [{ username: 'shop', password: 'laces' }], merchant: 'shop' });
  t.teardown(sandbox.close);
  t.match(await sandbox.replay('mixed-payments/subscription'), { result: 'passed', merchant: 'shop' });
  const stranger = await startSandbox({ merchants: [{ username: 'shop', password: 'laces' }] });
  t.teardown(stranger.close);
  t.match(await stranger.replay('mixed-payments/subscription'), { result: 'failed' });
});
