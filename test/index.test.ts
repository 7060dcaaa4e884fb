import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ControlError, type MerchantSandbox, type SandboxOptions, startSandbox, version } from '../src/index.js';
import t, { type Test } from './tap.js';

/** Starts a sandbox that ends with the test. */
async function start(t: Test, options?: SandboxOptions) {
  const sandbox = await startSandbox(options);
  t.teardown(sandbox.close);
  return sandbox;
}

const session = {
  intent: 'buy_and_default_tokenize',
  purchase_country: 'SE',
  purchase_currency: 'SEK',
  order_amount: 10000,
  order_lines: [{ name: 'Boots', quantity: 1, unit_price: 10000, total_amount: 10000 }],
};

/** Posts to Klarna's API as the shop does. */
async function post(url: string, path: string, { credentials }: Pick<MerchantSandbox, 'credentials'>, body: object) {
  const { username, password } = credentials;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  // One name for every port: answers name the host that was called.
  const headers = { authorization, 'content-type': 'application/json', 'x-forwarded-host': 'klarna.test' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}

const create = async (url: string, merchant: MerchantSandbox): Promise<string> =>
  (await post(url, '/payments/v1/sessions', merchant, session)).body.session_id;

/** What a call is refused with. */
async function refusal(promise: Promise<unknown>): Promise<ControlError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ControlError) return error;
  throw new Error(`not refused: ${error}`);
}

t.test('it serves on a free port of the loopback interface until it is closed', async (t) => {
  const sandbox = await startSandbox();
  t.match(sandbox.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  const health = await fetch(`${sandbox.url}/sandbox/v1/health`);
  t.strictSame(await health.json(), { status: 'ok', version });
  await sandbox.close();
  await t.rejects(fetch(`${sandbox.url}/sandbox/v1/health`));
  await t.resolves(sandbox.close(), 'closing again does no harm');
});

t.test('a port that is taken rejects', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.teardown(() => other.close());
  const { port } = other.address() as AddressInfo;
  await t.rejects(startSandbox({ port }), { code: 'EADDRINUSE' });
});

t.test('its own methods act for one merchant, test unless another is named', async (t) => {
  t.strictSame((await start(t)).credentials, { username: 'test', password: 'secret' });
  t.strictSame((await start(t, { merchant: 'boots' })).credentials, { username: 'boots', password: 'secret' });
});

t.test('authorize gives the token that an order is made from', async (t) => {
  const sandbox = await start(t);
  const id = await create(sandbox.url, sandbox);
  const { authorization_token, ...rest } = await sandbox.authorize(id);
  t.strictSame(rest, { approved: true, show_form: true });
  const order = await post(sandbox.url, `/payments/v1/authorizations/${authorization_token}/order`, sandbox, session);
  t.match(order, { status: 200, body: { authorized_payment_method: { type: 'pay_by_card' } } });
});

t.test('authorize takes what the shopper does', async (t) => {
  const sandbox = await start(t);
  const id = await create(sandbox.url, sandbox);
  t.strictSame(await sandbox.authorize(id, { result: 'denied' }), {
    approved: false,
    show_form: false,
    explanation: 'shopper-decision: the shopper chose denied: Klarna does not offer the purchase',
  });
});

t.test('finalize ends a purchase that waits for it', async (t) => {
  const sandbox = await start(t);
  const id = await create(sandbox.url, sandbox);
  t.strictSame(await sandbox.authorize(id, { result: 'finalize_required' }), {
    approved: true,
    show_form: true,
    finalize_required: true,
  });
  t.match(await sandbox.finalize(id), { approved: true, authorization_token: String });
  const other = await create(sandbox.url, sandbox);
  await sandbox.authorize(other, { result: 'finalize_required' });
  t.match(await sandbox.finalize(other, { result: 'denied' }), { approved: false });
});

t.test('a refusal of the control API rejects, and says which operation, what and why', async (t) => {
  const sandbox = await start(t);
  const error = await refusal(sandbox.authorize('nowhere'));
  t.matchLists(error, {
    name: 'ControlError',
    operation: 'authorizeSession',
    status: 404,
    body: { error_code: 'NOT_FOUND', error_messages: ['Invalid session id'] },
  });
  t.match(error.message, /^authorizeSession was refused with 404: session-known: .*nowhere/);
});

t.test('without explanations a refusal says what the answer says', async (t) => {
  const sandbox = await start(t, { explain: false });
  const { message } = await refusal(sandbox.finalize('nowhere'));
  t.match(message, /^finalizeSession was refused with 404: \{"error_code":"NOT_FOUND"/);
});

t.test('an id with signs that a path cannot hold is unknown, and nothing else', async (t) => {
  const sandbox = await start(t);
  t.equal((await refusal(sandbox.authorize('a/b?c#d%ü'))).status, 404);
});

t.test('the clock runs, and can be moved on', async (t) => {
  const sandbox = await start(t, { clock: '2027-01-01T00:00:00Z' });
  t.match(await sandbox.clock.now(), /^2027-01-01T00:0\d:/);
  t.equal((await sandbox.clock.set('2027-02-01T00:00:00Z')).slice(0, 17), '2027-02-01T00:00:');
  t.equal((await sandbox.clock.advance('P1M')).slice(0, 16), '2027-03-01T00:00');
  t.match(await refusal(sandbox.clock.set('2027-01-01T00:00:00Z')), { operation: 'setClock', status: 400 });
  t.match(await refusal(sandbox.clock.advance('soon')), { operation: 'advanceClock', status: 400 });
});

t.test('time that passes ends an authorization', async (t) => {
  const sandbox = await start(t, { seed: 'one' });
  const { authorization_token } = await sandbox.authorize(await create(sandbox.url, sandbox));
  await sandbox.clock.advance('PT61M');
  const order = await post(sandbox.url, `/payments/v1/authorizations/${authorization_token}/order`, sandbox, session);
  t.matchLists(order, { status: 404, body: { error_messages: ['Invalid authorization token'] } });
  t.match(order.headers.get('mock-klarna-explain'), /^authorization-lifetime: /);
});

t.test('the clock may start at any instant', async (t) => {
  const noon = '2027-03-04T12:00:00.000Z';
  for (const clock of [noon, '2027-03-04T12:00', Date.parse(noon), Date.parse(noon) + 0.5, new Date(noon)]) {
    const sandbox = await start(t, { seed: 'one', clock });
    t.equal(await sandbox.clock.now(), noon);
  }
});

t.test('a journal keeps as many exchanges as it is told, and an admin token opens the control API', async (t) => {
  const sandbox = await start(t, { journal: 2, adminToken: 'open sesame' });
  for (let n = 0; n < 3; n++) await sandbox.clock.advance('PT1S');
  t.strictSame(
    (await sandbox.journal.exchanges()).map(({ number }) => number),
    [3, 2],
  );
  t.equal(sandbox.credentials.password, 'open sesame');
  for (const journal of [0, 1.5, 100_001, Number.NaN]) {
    await t.rejects(startSandbox({ journal }), {
      name: 'TypeError',
      message: `journal: given ${journal}, expected a whole number of exchanges from 1 to 100000`,
    });
  }
  for (const memory of ['1MB', 'a lot', 1_000, -1]) {
    await t.rejects(startSandbox({ memory }), {
      name: 'TypeError',
      message: `memory: given ${memory}, expected a size of at least 16MB, such as 256MB, 1GB or a number of bytes`,
    });
  }
  await (await start(t, { memory: '64MB' })).clock.now();
  await t.rejects(startSandbox({ adminToken: '' }), { name: 'TypeError', message: /^adminToken: given nothing/ });
});

t.test('a push comes when the sandbox is told to send it', async (t) => {
  for (const [pushAfter, at] of [
    [undefined, '2026-01-01T12:02:00.000Z'],
    ['PT0S', '2026-01-01T12:00:00.000Z'],
    ['P1D', '2026-01-02T12:00:00.000Z'],
  ] as const) {
    const sandbox = await start(t, { seed: 'pushes', pushAfter });
    const { authorization_token } = await sandbox.authorize(await create(sandbox.url, sandbox));
    const order = { ...session, merchant_urls: { push: 'http://127.0.0.1:1/' } };
    await post(sandbox.url, `/payments/v1/authorizations/${authorization_token}/order`, sandbox, order);
    await sandbox.clock.set(at);
    t.strictSame(
      (await sandbox.callbacks.list({ on: 'push' })).map((attempt) => [attempt.attempt, attempt.at]),
      [[1, at]],
    );
  }
  for (const pushAfter of ['soon', '', 'PT', '-PT1M']) {
    await t.rejects(startSandbox({ pushAfter }), {
      name: 'TypeError',
      message: `pushAfter: ${JSON.stringify(pushAfter)} is not an ISO 8601 duration such as PT61M`,
    });
  }
});

t.test('an option that there is not is refused before anything starts, with the nearest one', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.teardown(() => other.close());
  // The port is taken: what got as far as listening would be refused for that.
  const { port } = other.address() as AddressInfo;
  const list = 'seed, merchants, rateLimits, allowCallbacks, allowHosts, trustProxy, adminToken, explain, journal';
  const cases: [object, RegExp][] = [
    [
      { clok: '2026-01-01T12:00:00Z' },
      new RegExp(`^clok: no option of startSandbox\\(\\) \\(did you mean "clock"\\?\\); there are ${list}, `),
    ],
    [
      { scenarios: 'declines/order-rejected' },
      /^scenarios: given declines\/order-rejected, which is not there; expected a folder of scenarios \(scenario takes a single one\)$/,
    ],
    [{ scenarios: ['src', 1] }, /^scenarios: given a list, expected a folder or a list of folders$/],
    [{ shoes: 1 }, /^shoes: no option of startSandbox\(\); there are seed, /],
    [{ toString: 1 }, /^toString: no option of /],
    [{ explain: 'no' }, /^explain: given "no", expected true or false$/],
    [{ seed: 7 }, /^seed: given 7, expected a text$/],
    [{ journal: '5' }, /^journal: given "5", expected a number$/],
    [{ rateLimits: 'playgroud' }, /^rateLimits: given "playgroud", expected one of off, .*did you mean "playground"\?/],
    [{ rateLimits: true }, /^rateLimits: given true, expected one of off, playground, live$/],
    [{ allowCallbacks: 'shop.test' }, /^allowCallbacks: given "shop\.test", expected a list of texts$/],
    [{ allowHosts: ['shop.test', 1] }, /^allowHosts: given a list, expected a list of texts$/],
    [{ clock: {} }, /^clock: given \[object Object\], expected an instant$/],
    [{ merchants: {} }, /^merchants: given \[object Object\], expected a list of merchants$/],
    [
      { merchants: [{ username: 'a', pasword: 'b' }] },
      /^startSandbox\(\): merchants\[0\]\.pasword: no such field \(did you mean "password"\?\)$/,
    ],
    [
      { merchants: [{ username: 'a', password: 'b', scenario: 'nowhere/at-all' }] },
      /^merchants: given nowhere\/at-all, /,
    ],
    [{ scenario: 'subscription' }, /^scenario: given subscription, .*\(did you mean mixed-payments\/subscription\?\)$/],
    [{ scenario: 'nowhere.yaml' }, /^scenario: \S*nowhere\.yaml: no such file$/],
    [{ scenario: { tytle: 'x' } }, /^scenario: .*unknown key "tytle" \(did you mean "title"\?\)/],
    [{ scenario: { title: 1n } }, /^scenario: given an object that cannot be written as JSON \(/],
    [{ scenario: 3 }, /^scenario: given 3, expected a name, a file or an object$/],
  ];
  for (const [options, message] of cases) {
    await t.rejects(startSandbox({ port, ...options }), { name: 'TypeError', message });
  }
  for (const none of ['{}', null, 5]) {
    await t.rejects(startSandbox(none as never), {
      message: /^startSandbox\(\): given .*, expected an object of options$/,
    });
  }
  const long = { rateLimits: 'x'.repeat(100) } as object;
  await t.rejects(startSandbox(long), { message: /^rateLimits: given "x{79}…, expected/ });
  const sandbox = await start(t);
  await t.rejects(sandbox.replay('mix-on-demand', { strikt: true } as object), {
    message: /^strikt: no option of replay\(\) \(did you mean "strict"\?\)/,
  });
});

t.test('a scenario to start with: a name, an alias, a file or an object, of every merchant or of one', async (t) => {
  const content = { title: 'Down', evidence: 'inferred', outcomes: [{ on: 'createSession', fault: { status: 503 } }] };
  const file = `${t.testdir({ 'down.json': JSON.stringify(content) })}/down.json`;
  for (const scenario of ['faults/session-unavailable-once', 'f-session-503', file, content]) {
    const sandbox = await start(t, { scenario });
    t.equal((await post(sandbox.url, '/payments/v1/sessions', sandbox, session)).status, 503, String(scenario));
    await sandbox.reset();
    t.equal((await post(sandbox.url, '/payments/v1/sessions', sandbox, session)).status, 503, 'after a reset, too');
    await sandbox.scenario.end();
    t.equal((await post(sandbox.url, '/payments/v1/sessions', sandbox, session)).status, 200);
  }
  const merchants = [
    { username: 'test', password: 'laces' },
    { username: 'down', password: 'laces', scenario: 'f-session-503' },
  ];
  const sandbox = await start(t, { merchants });
  t.equal((await post(sandbox.url, '/payments/v1/sessions', sandbox, session)).status, 200);
  t.equal((await post(sandbox.url, '/payments/v1/sessions', sandbox.as('down'), session)).status, 503);
});

t.test("scenarios of one's own are found by name wherever one is named", async (t) => {
  const folder = t.testdir({
    klarna: {
      'down.yaml': 'title: Down\nalias: d\noutcomes: [{ on: createSession, fault: { status: 503 } }]\n',
      'up.yaml': 'title: Up\nsteps: [{ readHealth: }]\n',
    },
    more: { 'later.json': '{ "title": "Later", "outcomes": [{ "on": "createSession", "fault": { "status": 502 } }] }' },
  });
  const scenarios = [`${folder}/klarna`, `${folder}/more`];
  const sandbox = await start(t, {
    scenarios,
    scenario: 'd',
    merchants: [{ username: 'test', password: 'a', scenario: 'later' }],
  });
  const status = async () => (await post(sandbox.url, '/payments/v1/sessions', sandbox, session)).status;
  t.equal(await status(), 502, 'of a merchant');
  t.match(await sandbox.scenario.choose('down'), { name: 'down' });
  t.equal(await status(), 503);
  t.match(await sandbox.replay('up'), { name: 'up', result: 'passed' });
  t.match(await sandbox.replay('mix-on-demand'), { result: 'passed' }, 'beside those that ship');
  const other = await start(t, { scenarios: `${folder}/more`, scenario: 'later' });
  t.equal((await post(other.url, '/payments/v1/sessions', other, session)).status, 502, 'of every merchant');
  t.match(await refusal(other.scenario.choose('down')), { status: 400 });
});

t.test('what is no instant is refused before anything starts', async (t) => {
  for (const clock of ['noon', '', '12:00', '2027-02-30', Number.NaN, 1e18, new Date(Number.NaN)]) {
    await t.rejects(startSandbox({ clock }), {
      name: 'TypeError',
      message: `clock: given ${clock}, expected an ISO 8601 instant such as 2026-01-01T12:00:00Z`,
    });
  }
});

t.test('the journal has what was asked and answered, the newest first', async (t) => {
  const sandbox = await start(t, { seed: 'one' });
  await create(sandbox.url, sandbox);
  await post(sandbox.url, '/payments/v1/sessions', sandbox, { ...session, order_amount: 1 });
  const exchanges = await sandbox.journal.exchanges();
  t.matchLists(exchanges, [
    { operation: 'createSession', status: 400, explanation: { rule: 'order-total' } },
    { operation: 'createSession', status: 200, at: '2026-01-01T12:00:00.000Z' },
  ]);
  t.matchLists(await sandbox.journal.exchanges({ status: 200 }), [{ status: 200 }]);
  t.matchLists(await sandbox.journal.exchanges({ limit: 1 }), [{ status: 400 }]);
  t.strictSame(await sandbox.journal.exchanges({ operation: 'createOrder' }), []);
  t.equal((await sandbox.journal.exchanges({ operation: undefined, status: undefined })).length, 2);
  t.match(await refusal(sandbox.journal.exchanges({ limit: 0 })), { operation: 'readJournal', status: 400 });
  await sandbox.journal.clear();
  t.strictSame(await sandbox.journal.exchanges(), []);
});

t.test('callbacks are listed, and sent again', async (t) => {
  const sandbox = await start(t, { seed: 'one' });
  const received: string[] = [];
  const shop = createServer((request, response) => {
    received.push(String(request.url));
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  t.teardown(() => shop.close());
  const merchant_urls = { authorization: `http://127.0.0.1:${(shop.address() as AddressInfo).port}/authorized` };
  t.strictSame(await sandbox.callbacks.list(), []);
  const created = await post(sandbox.url, '/payments/v1/sessions', sandbox, { ...session, merchant_urls });
  const { authorization_token } = await sandbox.authorize(created.body.session_id);
  await sandbox.clock.advance('PT1S');
  const [attempt, ...others] = await sandbox.callbacks.list();
  t.match(attempt, { on: 'authorization', body: { authorization_token }, attempt: 1, result: { status: 204 } });
  t.strictSame(others, []);
  const again = await sandbox.callbacks.redeliver(String(attempt?.callback_id));
  t.match(again, { callback_id: attempt?.callback_id, attempt: 2, result: { status: 204 } });
  t.strictSame(await sandbox.callbacks.list({ on: 'authorization', limit: 1 }), [again]);
  t.strictSame(await sandbox.callbacks.list({ on: 'push' }), []);
  t.strictSame(received, ['/authorized', '/authorized']);
  t.match(await refusal(sandbox.callbacks.redeliver('nobody')), { operation: 'redeliverCallback', status: 404 });
});

t.test('a scenario is chosen by name or in line, says how far it has come, and ends', async (t) => {
  const sandbox = await start(t, { seed: 'one' });
  const other = sandbox.as('other');
  t.strictSame(await sandbox.scenario.progress(), {});
  t.match(await sandbox.scenario.choose('f-session-503'), { name: 'faults/session-unavailable-once' });
  const status = async (merchant: MerchantSandbox) =>
    (await post(sandbox.url, '/payments/v1/sessions', merchant, session)).status;
  t.strictSame([await status(sandbox), await status(sandbox), await status(other)], [503, 200, 200]);
  t.matchLists((await sandbox.scenario.progress()).outcomes, [{ on: 'createSession', matched: 2, hits: 1 }]);
  t.strictSame(await other.scenario.progress(), {});

  const outcomes = [{ on: 'createSession', calls: '2..', error: 'MERCHANT_INACTIVE' }];
  const chosen = await sandbox.scenario.choose({ title: 'Closed', evidence: 'inferred', outcomes });
  t.matchLists(chosen, { name: 'inline', title: 'Closed', outcomes: [{ matched: 0, hits: 0 }] });
  t.strictSame([await status(sandbox), await status(sandbox)], [200, 403]);
  t.match(await refusal(sandbox.scenario.choose('nothing-of-that-name')), { operation: 'chooseScenario', status: 400 });
  t.match(await refusal(sandbox.scenario.choose({})), { status: 400 });
  t.match(await sandbox.scenario.progress(), { title: 'Closed' }, 'a refusal changes nothing');
  t.equal(await sandbox.scenario.end(), undefined);
  t.strictSame(await sandbox.scenario.progress(), {});
  t.equal(await status(sandbox), 200);
});

t.test('a scenario that is an object is played, and told by its titles', async (t) => {
  const { replay } = await start(t, { seed: 'one' });
  const outcomes = [{ on: 'createOrder', error: 'REJECTED' }];
  const body = { order_amount: 10000, order_lines: session.order_lines };
  const open = { title: 'Open a session', createSession: { body }, keep: { session: '$.body.session_id' } };
  const untold = await replay({ title: 'Opened', market: 'SE', outcomes, steps: [open] });
  t.match(untold, { name: 'inline', result: 'passed', merchant: 'test.inline' });
  t.matchLists(
    untold.warnings.map(({ message }) => message),
    [/^"Open a session": .*session/, /^no step brings this about: each call of createOrder /],
  );
  const { result, verdict, steps, warnings } = await replay({
    title: 'Not opened',
    market: 'SE',
    steps: [open, { title: 'Open another', createSession: { body: { ...body, ordr: 1 } }, expect: { status: 400 } }],
  });
  t.equal(result, 'failed');
  t.match(
    verdict,
    /^FAIL inline {2}step 2 of 2: Open another\n {5}createSession\n {7}\$\.status {2}expected 400, got 200\n/,
  );
  for (const { line, column, message } of warnings) t.strictSame([line, column], [undefined, undefined], message);
  for (const { line, mismatches } of steps) {
    t.strictSame([line, ...mismatches.map((found) => found.line)], Array(mismatches.length + 1).fill(undefined));
  }
  await t.rejects(replay({ title: 'Wrong', steps: [{ ...open, title: 'Once more', creatOrder: {} }] }), {
    name: 'ScenarioError',
    message: 'steps[0] "Once more": unknown key "creatOrder" (did you mean "createOrder"?)',
  });
});

t.test('another merchant has a world of its own', async (t) => {
  const sandbox = await start(t, { seed: 'one' });
  const other = sandbox.as('other');
  t.strictSame(other.credentials, { username: 'other', password: 'secret' });
  const id = await create(sandbox.url, other);
  t.match(await refusal(sandbox.authorize(id)), { status: 404 });
  t.match(await other.authorize(id), { approved: true });
  await other.clock.advance('P1D');
  t.equal(await sandbox.clock.now(), '2026-01-01T12:00:00.000Z');
  t.equal((await sandbox.journal.exchanges({ operation: 'createSession' })).length, 0);
});

t.test('reset forgets everything of this merchant, and nothing of another', async (t) => {
  const sandbox = await start(t, { seed: 'one' });
  const other = sandbox.as('other');
  const id = await create(sandbox.url, sandbox);
  const kept = await create(sandbox.url, other);
  await sandbox.clock.advance('P1D');
  await sandbox.reset();
  t.match(await refusal(sandbox.authorize(id)), { status: 404 });
  t.equal(await sandbox.clock.now(), '2026-01-01T12:00:00.000Z');
  t.strictSame(await sandbox.journal.exchanges({ operation: 'createSession' }), []);
  t.match(await other.authorize(kept), { approved: true });
});

t.test('with a merchants file in the options, each acts with its own password', async (t) => {
  const merchants = [{ username: 'test', password: 'laces' }];
  const sandbox = await start(t, { merchants });
  t.strictSame(sandbox.credentials, { username: 'test', password: 'laces' });
  t.ok(await sandbox.clock.now());
  t.match(await refusal(sandbox.as('other').clock.now()), { status: 401, operation: 'readClock' });
});

t.test('with a merchants file in the options, a replay plays as the merchant itself', async (t) => {
  const merchants = [
    { username: 'other', password: 'soles' },
    { username: 'test', password: 'laces' },
  ];
  const sandbox = await start(t, { merchants, seed: 'one' });
  t.strictSame(sandbox.as('other').credentials, { username: 'other', password: 'soles' });
  t.match(await sandbox.replay('mix-on-demand'), { result: 'passed', merchant: 'test' });
  t.ok((await sandbox.journal.exchanges({ operation: 'createOrder' })).length > 0);
  t.strictSame(await sandbox.as('other').journal.exchanges({ operation: 'createOrder' }), []);
});

t.test('the control API plays scenarios, too', async (t) => {
  const sandbox = await start(t, { seed: 'one' });
  const played = await post(sandbox.url, '/sandbox/v1/scenarios/play', sandbox, { name: 'mix-on-demand' });
  t.match(played, {
    status: 200,
    body: { result: 'passed', merchant: 'test.mixed-payments.additional-charge' },
  });
});

t.test('the limits on calls a second hold when they are asked for', async (t) => {
  const sandbox = await start(t, { rateLimits: 'playground' });
  const calls = Array.from({ length: 40 }, () => post(sandbox.url, '/payments/v1/sessions', sandbox, session));
  t.ok((await Promise.all(calls)).some(({ status, text }) => status === 429 && text === ''));
});

t.test('the same seed gives the same bytes', async (t) => {
  /** The bodies that one purchase gets. */
  async function purchase(options: SandboxOptions, merchant = 'test'): Promise<string[]> {
    const sandbox = await start(t, options);
    const as = sandbox.as(merchant);
    const created = await post(sandbox.url, '/payments/v1/sessions', as, session);
    const authorized = await as.authorize(created.body.session_id, { payment_option: 'pay_in_4' });
    const path = `/payments/v1/authorizations/${authorized.authorization_token}`;
    const token = { description: 'Care', intended_use: 'SUBSCRIPTION' };
    const answers = [
      created,
      await post(sandbox.url, `${path}/customer-token`, as, {
        ...token,
        purchase_country: 'SE',
        purchase_currency: 'SEK',
        locale: 'sv-SE',
      }),
      await post(sandbox.url, `${path}/order`, as, session),
      await post(sandbox.url, '/payments/v1/sessions', as, {}),
    ];
    const lists = await as.journal.exchanges({ operation: 'authorizeSession' });
    return [...answers.map(({ text }) => text), JSON.stringify(lists.map(({ response, at }) => ({ response, at })))];
  }
  const first = await purchase({ seed: 'one' });
  t.strictSame(
    first.map((text) => JSON.parse(text).error_code),
    [undefined, undefined, undefined, 'BAD_VALUE', undefined],
  );
  t.strictSame(await purchase({ seed: 'one' }), first);
  t.not((await purchase({ seed: 'two' }))[0], first[0], 'another seed, other ids');
  t.not((await purchase({ seed: 'one' }, 'other'))[0], first[0], 'another merchant, other ids');
  t.not((await purchase({}))[0], first[0], 'without a seed, ids that nobody can foresee');
});
