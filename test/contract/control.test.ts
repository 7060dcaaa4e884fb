import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from '../../src/exchange/exchange.js';
import { toIso } from '../../src/klarna/time.js';
import type { ConsoleEntry } from '../../src/report/console.js';
import { SEEDED_START } from '../../src/server/world/worlds.js';
import t, { type Test } from '../tap.js';
import { authorized, boots, charge, purchase, startSandbox, tokenized, tokenRequest } from './sandbox.js';

/** A receiver of callbacks on loopback that answers with the statuses given, then 200. */
async function receiver(t: Test, ...statuses: number[]) {
  const received: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ method: request.method, path: request.url, body: JSON.parse(body) });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const start = toIso(SEEDED_START);

t.test('the clock', async (t) => {
  const call = (await startSandbox(t, { seed: 'clock' })).as('boots');
  t.strictSame((await call('readClock')).body, { now: start });
  t.strictSame((await call('advanceClock', { body: { by: 'PT61M' } })).body, { now: '2026-01-01T13:01:00.000Z' });
  t.strictSame((await call('advanceClock', { body: { by: 'P1M' } })).body, { now: '2026-02-01T13:01:00.000Z' });
  t.strictSame((await call('setClock', { body: { now: '2026-03-01T00:00:00Z' } })).body, {
    now: '2026-03-01T00:00:00.000Z',
  });
  for (const [operation, body, field] of [
    ['setClock', { now: '2026-02-01T00:00:00Z' }, 'now'],
    ['setClock', { now: 'tomorrow' }, 'now'],
    ['setClock', { now: '9999-12-31T23:59:59.999+00:01', extra: 1 }, 'extra'],
    ['advanceClock', { by: 'soon' }, 'by'],
    ['advanceClock', { by: '-PT1M' }, 'by'],
    ['advanceClock', { by: 'P9999Y' }, 'by'],
    ['advanceClock', {}, 'by'],
  ] as const) {
    const answer = await call(operation, { body });
    t.matchLists(
      answer,
      { status: 400, body: { error_code: 'BAD_VALUE', error_messages: [`Bad value: ${field}`] } },
      JSON.stringify(body),
    );
  }
  t.strictSame((await call('readClock')).body, { now: '2026-03-01T00:00:00.000Z' }, 'a refusal moves nothing');
});

t.test('a clock that starts where it is told and runs on', async (t) => {
  const wall = { now: () => 5_000, monotonic: () => 0, later: () => () => {} };
  const call = (await startSandbox(t, { clock: Date.parse('2020-02-02T00:00:00Z'), wall })).as('boots');
  t.strictSame((await call('readClock')).body, { now: '2020-02-02T00:00:00.000Z' });
});

t.test('time ends sessions, authorizations and not tokens', async (t) => {
  const call = (await startSandbox(t, { seed: 'time' })).as('boots');
  const path = await tokenized(call);
  await call('advanceClock', { body: { by: 'PT59M59S' } });
  t.match(await call('createCustomerToken', { path, body: tokenRequest }), { status: 200 });
  await call('advanceClock', { body: { by: 'PT1S' } });
  t.matchLists(await call('createOrder', { path, body: purchase }), {
    status: 404,
    body: { error_code: 'NOT_FOUND', error_messages: ['Invalid authorization token'] },
    why: /^authorization-lifetime: /,
  });
  t.matchLists((await call('listAuthorizations')).body.items, [{ status: 'expired' }]);
  await call('advanceClock', { body: { by: 'PT47H' } });
  t.match(await call('readSession', { path }), { status: 404, why: /^session-lifetime: / });
  t.match(await call('updateSession', { path, body: {} }), { status: 404 });
  t.matchLists((await call('listSessions')).body.items, [{ status: 'expired' }]);
  await call('advanceClock', { body: { by: 'P1Y' } });
  t.match(await call('createCustomerTokenOrder', { path, body: charge }), { status: 200 });
});

t.test('the shopper', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const { session_id } = (await call('createSession', { body: purchase })).body;
  const path = { session_id };
  const authorize = (body?: object) => call('authorizeSession', { path, body });

  t.strictSame((await authorize({ result: 'denied' })).body, { approved: false, show_form: false });
  t.strictSame((await authorize({ result: 'abandoned' })).body, { approved: false, show_form: true });
  t.match(await authorize({ result: 'denied' }), { why: /^shopper-decision: / }, 'a scripted outcome is explained');
  t.strictSame((await authorize({ result: 'fix_required', invalid_fields: ['billing_address.phone'] })).body, {
    approved: false,
    show_form: true,
    error: { invalid_fields: ['billing_address.phone'] },
  });
  t.match(await authorize({ payment_option: 'pay_later', funding_source: { type: 'direct_debit' } }), {
    status: 400,
    why: /expected none or card/,
  });
  t.matchLists(await authorize({ resutl: 'denied' }), { status: 400, body: { error_messages: ['Bad value: resutl'] } });
  t.match(await call('finalizeSession', { path, body: {} }), { status: 403, why: /^finalize-waits: / });
  t.strictSame((await authorize({ result: 'finalize_required' })).body, {
    approved: true,
    show_form: true,
    finalize_required: true,
  });
  const finalized = await call('finalizeSession', { path, body: {} });
  t.match(finalized.body, { approved: true, show_form: true });
  t.notMatch((await call('readSession', { path })).body, { billing_address: { given_name: 'Bo' } });
  const billing_address = { given_name: 'Bo', family_name: 'Ek', email: 'bo@shop.test', country: 'SE' };
  const { body } = await authorize({ data: { billing_address } });
  t.match((await call('readSession', { path })).body, {
    billing_address,
    authorization_token: body.authorization_token,
  });
  t.match(
    await call('createOrder', { path: { authorizationToken: finalized.body.authorization_token }, body: purchase }),
    {
      status: 404,
      why: /^authorization-newest: /,
    },
  );
  t.matchLists((await call('listAuthorizations')).body.items, [{ status: 'valid' }, { status: 'replaced' }]);
  const other = { ...purchase, billing_address: { ...billing_address, given_name: 'Bosse' } };
  const refused = { status: 409, body: { error_messages: ['Not matching fields: [billing_address.given_name]'] } };
  const placed = { authorizationToken: body.authorization_token };
  t.matchLists(await call('createOrder', { path: placed, body: other }), refused);
  t.matchLists(await call('createOrder', { path: placed, body: { ...purchase, billing_address } }), {
    ...refused,
    why: /^refusal-sticks: /,
  });
  t.match(await call('cancelAuthorization', { path: placed }), { status: 204 });
  t.match((await call('listAuthorizations')).body.items[0], { status: 'released' });
});

t.test('test addresses decide without a result', async (t) => {
  const { received, url } = await receiver(t);
  const call = (await startSandbox(t, { seed: 'triggers' })).as('boots');
  const denied = await authorized(call, { billing_address: { email: 'customer+se+denied@klarna.com' } });
  t.equal(denied.authorizationToken, undefined);
  const dollars = {
    purchase_country: 'US',
    purchase_currency: 'USD',
    locale: 'en-US',
    order_amount: 700,
    order_lines: [{ name: 'Laces', quantity: 1, unit_price: 700, total_amount: 700 }],
  };
  const path = await authorized(call, {
    ...dollars,
    order_tax_amount: 0,
    intent: 'buy',
    billing_address: { email: 'customer+pend-accept-05@email.us', region: 'NY', country: 'US' },
    merchant_urls: { notification: `${url}/notify/{order.id}?session={session.id}` },
  });
  const order = await call('createOrder', { path, body: dollars });
  t.match(order, { status: 200, body: { fraud_status: 'PENDING' } });
  t.matchLists((await call('listOrders')).body.items, [{ fraud_status: 'PENDING' }]);
  await call('advanceClock', { body: { by: 'PT5M' } });
  t.matchLists((await call('listOrders')).body.items, [{ fraud_status: 'ACCEPTED' }]);
  const { order_id } = order.body;
  t.strictSame(received, [
    {
      method: 'POST',
      path: `/notify/${order_id}?session=${path.session_id}`,
      body: { order_id, event_type: 'FRAUD_RISK_ACCEPTED' },
    },
  ]);
});

t.test('the authorization callback is tried three times', async (t) => {
  const { received, url } = await receiver(t, 500, 503);
  const call = (await startSandbox(t, { seed: 'callback' })).as('boots');
  const path = await authorized(call, { merchant_urls: { authorization: `${url}/callback` } });
  await call('advanceClock', { body: { by: 'PT10S' } });
  const callback = {
    method: 'POST',
    path: '/callback',
    body: { authorization_token: path.authorizationToken, session_id: path.session_id },
  };
  t.strictSame(received, [callback, callback, callback]);
});

t.test('lists tell everything of what they list', async (t) => {
  const call = (await startSandbox(t, { seed: 'lists' })).as('boots');
  const items = async (name: string) => (await call(name)).body.items;
  const choice = { payment_option: 'pay_later', funding_source: { type: 'none' } };
  const path = await tokenized(call, { merchant_reference1: 'CART-1' }, choice);
  const { order_id } = (await call('createOrder', { path, body: { ...purchase, merchant_reference1: 'CART-1' } })).body;
  const taken = await call('captureOrder', { path: { order_id }, body: { captured_amount: 6000 } });
  await call('refundOrder', { path: { order_id }, body: { refunded_amount: 1000 } });
  t.equal(taken.status, 201);
  await call('advanceClock', { body: { by: 'PT1M' } });
  const charged = await call('createCustomerTokenOrder', { path, body: charge });
  await call('shareCustomerToken', { path, body: { with: 'shoes' } });
  await call('declineCustomerToken', { path, body: { error_code: 'PAYMENT_METHOD_FAILED', times: 3 } });
  await call('createCustomerTokenOrder', { path, body: charge });
  const other = await authorized(call, { intent: 'buy' });

  const later = '2026-01-01T12:01:00.000Z';
  const market = { purchase_country: 'SE', purchase_currency: 'SEK' };
  const intent = 'buy_and_default_tokenize';
  t.strictSame(await items('listSessions'), [
    {
      session_id: other.session_id,
      status: 'incomplete',
      intent: 'buy',
      ...market,
      order_amount: 10000,
      authorization_token: other.authorizationToken,
      created_at: later,
      expires_at: '2026-01-03T12:01:00.000Z',
    },
    {
      session_id: path.session_id,
      status: 'complete',
      intent,
      ...market,
      order_amount: 10000,
      merchant_reference1: 'CART-1',
      authorization_token: path.authorizationToken,
      order_id,
      created_at: start,
      expires_at: '2026-01-03T12:00:00.000Z',
    },
  ]);
  const [valid, used] = await items('listAuthorizations');
  t.match(valid, { authorization_token: other.authorizationToken, status: 'valid', expires_at: '2026-01-01T13:01' });
  t.strictSame(used, {
    authorization_token: path.authorizationToken,
    session_id: path.session_id,
    status: 'used',
    intent,
    ...market,
    order_amount: 10000,
    ...choice,
    customer_token: path.customerToken,
    order_id,
    created_at: start,
    expires_at: '2026-01-01T13:00:00.000Z',
  });
  const payment_method = { type: 'invoice', number_of_days: 30 };
  t.strictSame(await items('listCustomerTokens'), [
    {
      token_id: path.customerToken,
      status: 'ACTIVE',
      intent,
      description: tokenRequest.description,
      ...market,
      payment_method,
      shared_with: ['shoes'],
      declines: { error_code: 'PAYMENT_METHOD_FAILED', times: 2 },
      created_at: start,
    },
  ]);
  const orders: { klarna_reference: string }[] = await items('listOrders');
  for (const order of orders) t.match(order, { klarna_reference: /^[2-9A-HJ-NP-Z]{8}$/ });
  t.strictSame(
    orders.map(({ klarna_reference: _, ...order }) => order),
    [
      {
        order_id: charged.body.order_id,
        customer_token: path.customerToken,
        status: 'AUTHORIZED',
        fraud_status: 'ACCEPTED',
        ...market,
        order_amount: 900,
        order_tax_amount: 180,
        captured_amount: 0,
        refunded_amount: 0,
        remaining_authorized_amount: 900,
        payment_method,
        created_at: later,
      },
      {
        order_id,
        session_id: path.session_id,
        status: 'PART_CAPTURED',
        fraud_status: 'ACCEPTED',
        ...market,
        order_amount: 10000,
        order_tax_amount: 2000,
        captured_amount: 6000,
        refunded_amount: 1000,
        remaining_authorized_amount: 4000,
        merchant_reference1: 'CART-1',
        ...choice,
        payment_method,
        created_at: start,
      },
    ],
  );
});

t.test('lists go page by page', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.unshift((await call('createSession', { body: purchase })).body.session_id);
  const first = await call('listSessions', { query: { limit: '2' } });
  t.strictSame(
    first.body.items.map((item: { session_id: string }) => item.session_id),
    ids.slice(0, 2),
  );
  const second = await call('listSessions', { query: { limit: '2', after: first.body.next } });
  t.strictSame(
    second.body.items.map((item: { session_id: string }) => item.session_id),
    ids.slice(2),
  );
  t.equal(second.body.next, undefined);
});

t.test('the journal', async (t) => {
  const sandbox = await startSandbox(t);
  const call = sandbox.as('boots');
  await call('createSession', { body: { ...purchase, order_amount: 1 } });
  await sandbox.as('boots', 'invalid')('createSession', { body: purchase });
  await call('listSessions');
  const { items: exchanges, dropped } = (await call('readJournal')).body;
  t.equal(dropped, 0);
  t.matchLists(exchanges, [
    { status: 401, explanation: { rule: 'credentials' } },
    {
      operation: 'createSession',
      status: 400,
      request: { body: { order_amount: 1 }, headers: { authorization: '[redacted]' } },
      response: { body: { error_code: 'BAD_VALUE' } },
      explanation: {
        rule: 'order-total',
        evidence: 'recorded',
        text: 'order_amount: given 1, expected 10000, the sum of all total_amount',
      },
    },
  ]);
  t.equal(exchanges.length, 2, 'looking is not recorded');
  t.equal((await call('readJournal', { query: { status: '401' } })).body.items.length, 1);
  t.equal((await call('readJournal', { query: { operation: 'createOrder' } })).body.items.length, 0);
  t.equal((await call('readJournal', { query: { limit: '1' } })).body.items.length, 1);
  t.matchLists(await call('readJournal', { query: { status: 'teapot' } }), {
    status: 400,
    body: { error_messages: ['Bad value: status'] },
  });
  t.equal((await call('clearJournal')).status, 204);
  t.strictSame((await call('readJournal')).body, { items: [], dropped: 0 });
});

t.test('a reset forgets one merchant and no other', async (t) => {
  const sandbox = await startSandbox(t, { seed: 'reset' });
  const [call, other] = [sandbox.as('boots'), sandbox.as('shoes')];
  const path = await tokenized(call);
  const before = await authorized(other);
  await call('advanceClock', { body: { by: 'P1D' } });
  t.equal((await call('resetMerchant')).status, 204);
  t.strictSame((await call('readClock')).body, { now: start });
  t.strictSame((await call('listCustomerTokens')).body.items, []);
  t.match(await call('readCustomerToken', { path }), { status: 404 });
  t.match(await other('readSession', { path: before }), { status: 200 });
});

t.test('tokens in the hands of Klarna and the shopper', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const path = await tokenized(call);
  const charged = () => call('createCustomerTokenOrder', { path, body: charge });
  t.match((await call('suspendCustomerToken', { path })).body, { status: 'SUSPENDED' });
  t.match(await charged(), { status: 403, body: { error_code: 'TOKEN_SUSPENDED' } });
  t.match((await call('reactivateCustomerToken', { path })).body, { status: 'ACTIVE' });
  t.match(
    (await call('declineCustomerToken', { path, body: { error_code: 'PAYMENT_METHOD_FAILED', times: 2 } })).body,
    {
      declines: { error_code: 'PAYMENT_METHOD_FAILED', times: 2 },
    },
  );
  t.strictSame([(await charged()).status, (await charged()).status, (await charged()).status], [403, 403, 200]);
  t.match((await call('cancelCustomerToken', { path })).body, { status: 'CANCELLED' });
  t.match(await charged(), { status: 403, body: { error_code: 'TOKEN_CANCELLED' } });
  t.match(await call('reactivateCustomerToken', { path }), { status: 403, why: /^token-final: / });
  t.match(await call('cancelCustomerToken', { path }), { status: 200 });
  t.match(await call('updateCustomerTokenStatus', { path, body: { status: 'cancelled' } }), { status: 202 });
  t.match(await call('updateCustomerTokenStatus', { path, body: { status: 'ACTIVE' } }), { status: 400 });
  t.match(await call('suspendCustomerToken', { path: { customerToken: 'nobody' } }), { status: 404 });
});

t.test('a system clock that is set back moves no merchant back', async (t) => {
  let [now, monotonic] = [Date.UTC(2026, 0, 1, 12), 0];
  const wall = { now: () => now, monotonic: () => monotonic, later: () => () => {} };
  const { as } = await startSandbox(t, { wall });
  const clock = async (merchant: string) => (await as(merchant)('readClock')).body.now;
  t.equal(await clock('boots'), '2026-01-01T12:00:00.000Z');
  now -= 3_600_000;
  monotonic += 1_000;
  for (const merchant of ['boots', 'shoes']) t.equal(await clock(merchant), '2026-01-01T12:00:01.000Z', merchant);
  const moved = await as('boots')('advanceClock', { body: { by: 'PT0S' } });
  t.match(moved, { status: 200, body: { now: '2026-01-01T12:00:01.000Z' } });
});

t.test('rate limits', async (t) => {
  let now = 0;
  const wall = { now: () => now, monotonic: () => now, later: () => () => {} };
  const call = (await startSandbox(t, { rateLimits: 'playground', wall })).as('boots');
  for (let left = 4; left >= 0; left--) {
    const { status, headers } = await call('createSession', { body: purchase });
    t.strictSame(
      [status, headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']],
      [200, '5, 5;w=1', String(left)],
    );
  }
  const refused = await call('createSession', { body: purchase });
  t.match(refused, { status: 429, headers: { 'x-ratelimit-remaining': '0' }, why: /^rate-limit: / });
  t.equal(refused.headers['content-length'], '0', 'no body');
  t.equal((await call('readJournal', { query: { limit: '1' } })).body.items[0].correlation_id, undefined);
  now += 1_000;
  t.match(await call('createSession', { body: purchase }), { status: 200 });
});

t.test('merchants of a file, and explanations turned off', async (t) => {
  const merchants = [
    { username: 'boots', password: 'winter' },
    { username: 'closed', password: 'door', active: false },
  ];
  const sandbox = await startSandbox(t, { merchants, explain: false });
  t.match(await sandbox.as('boots', 'winter')('createSession', { body: purchase }), { status: 200 });
  t.match(await sandbox.as('boots', 'summer')('createSession', { body: purchase }), { status: 401, why: '' });
  t.match(await sandbox.as('shoes', 'winter')('createSession', { body: purchase }), { status: 401 });
  t.matchLists(await sandbox.as('closed', 'door')('createSession', { body: purchase }), {
    status: 403,
    body: { error_code: 'MERCHANT_INACTIVE', error_messages: [] },
    why: '',
  });
  const telling = await startSandbox(t, { merchants });
  t.match(await telling.as('closed', 'door')('createSession', { body: purchase }), {
    status: 403,
    why: 'merchant-active: merchant closed is marked inactive in the merchants file',
  });
  const { status, headers } = await fetch(`${sandbox.url}/payments/v1/sessions`, { method: 'POST' });
  t.match(
    { status, realm: headers.get('www-authenticate'), type: headers.get('content-type') },
    {
      status: 401,
      realm: 'Basic realm="very closed site"',
      type: 'text/html',
    },
  );
  t.equal(headers.get('klarna-correlation-id'), null);
});

t.test('currencies that the merchants file grants', async (t) => {
  const merchants = [
    { username: 'abroad', password: 'laces', currencies: ['EUR'] },
    { username: 'boots', password: 'laces' },
  ];
  const sandbox = await startSandbox(t, { merchants });
  const call = sandbox.as('abroad', 'laces');
  const norwegian = { ...purchase, purchase_country: 'NO', purchase_currency: 'EUR', locale: 'nb-NO' };
  const path = await authorized(call, { ...norwegian, intent: 'buy_and_tokenize' });
  const { body: token } = await call('createCustomerToken', { path, body: tokenRequest });
  t.equal((await call('createOrder', { path, body: norwegian })).status, 200);
  const customerToken = token.token_id;
  const charged = (purchase_currency: string) =>
    call('createCustomerTokenOrder', { path: { customerToken }, body: { ...charge, purchase_currency } });
  t.equal((await charged('EUR')).status, 200);
  t.match(await charged('NOK'), { status: 403, body: { error_code: 'PAYMENT_METHOD_CURRENCY_MISMATCH' } });

  const { body: session } = await call('createSession', { body: { ...norwegian, purchase_currency: 'NOK' } });
  t.equal((await call('updateSession', { path: session, body: { purchase_currency: 'EUR' } })).status, 204);
  await call('authorizeSession', { path: session, body: { result: 'finalize_required' } });
  const data = { purchase_currency: 'EUR' };
  t.match(await call('finalizeSession', { path: session, body: { data } }), { status: 200, body: { approved: true } });
  const { body: hosted } = await call('createHostedSession', {
    body: {
      payment_session_url: `${sandbox.url}/payments/v1/sessions/${session.session_id}`,
      options: { place_order_mode: 'PLACE_ORDER' },
    },
  });
  t.match(await call('completeHostedSession', { path: hosted }), { status: 200, body: { status: 'COMPLETED' } });

  for (const [merchant, purchase_currency, expected] of [
    ['abroad', 'USD', 'NOK, the currency of NO, or EUR, granted beside it'],
    ['boots', 'EUR', 'NOK, the currency of NO'],
  ] as const) {
    const body = { ...norwegian, purchase_currency };
    const refused = await sandbox.as(merchant, 'laces')('createSession', { body });
    t.strictSame(
      [refused.status, refused.body.error_messages, refused.why],
      [
        400,
        ['Bad value: purchase_currency'],
        `market-currency: purchase_currency: given ${purchase_currency}, expected ${expected}`,
      ],
      merchant,
    );
  }
});

t.test('an API key alone is a merchant of its own, and is shown nowhere', async (t) => {
  const key = 'klarna_live_api_Y2xpbWJpbmc';
  const name = `api-key-${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
  const told: ConsoleEntry[] = [];
  const { url, as } = await startSandbox(t, { tell: (entry) => told.push(entry) });
  const ask = async (path: string, authorization: string, body?: object) => {
    const headers = { authorization, 'content-type': 'application/json' };
    return fetch(url + path, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
  };
  const created = await ask('/payments/v1/sessions', `Basic ${key}`, purchase);
  t.equal(created.status, 200);
  const { session_id, client_token } = (await created.json()) as Record<string, string>;
  const claims = JSON.parse(Buffer.from(String(client_token).split('.')[1] ?? '', 'base64url').toString());
  t.equal(claims.merchant_name, name);
  for (const encoded of [key, `${key}:`]) {
    const authorization = `Basic ${Buffer.from(encoded).toString('base64')}`;
    t.equal((await ask(`/payments/v1/sessions/${session_id}`, authorization)).status, 200, encoded);
  }
  t.equal((await as('boots')('readSession', { path: { session_id: String(session_id) } })).status, 404);

  // Where everybody may call, its world is found by its name.
  const call = as(name);
  const journal = await call('readJournal');
  t.strictSame(
    journal.body.items.map(({ live_key, request }: Exchange) => [live_key, request.headers.authorization]),
    Array.from({ length: 3 }, () => [true, '[redacted]']),
  );
  const report = await call('readReport');
  t.match(report.body.findings.map(({ check }: { check: string }) => check).join(), /practice\/live-key/);
  const warned = told.flatMap((entry) => ('warning' in entry ? (entry.warning ?? []) : []));
  t.equal(warned.length, 1, 'the console says so once');
  t.match(warned[0], new RegExp(`^the API key of ${name} is one of Klarna's live environment`));
  const order = `/ordermanagement/v1/orders/${session_id}/none`;
  const shown = [
    journal.body,
    report.body,
    (await call('listSessions')).body,
    told,
    await (await ask(order, `Basic ${key}`)).text(),
  ];
  t.notMatch(JSON.stringify(shown), /klarna_live_api_/);
  t.match(shown.at(-1), new RegExp(`/merchants/${name}/`));
});

t.test('an API key that a merchants file has not', async (t) => {
  const key = 'klarna_test_api_Y2xpbWJpbmc';
  const { url } = await startSandbox(t, { merchants: [{ username: 'boots', password: key }] });
  const ask = async (authorization: string) => {
    const { status, headers } = await fetch(`${url}/sandbox/v1/clock`, { headers: { authorization } });
    return `${status} ${headers.get('mock-klarna-explain')}`;
  };
  t.equal(await ask(`Basic ${key}`), '200 null');
  t.match(
    await ask(`Basic ${key}x`),
    /^401 credentials: Authorization: the API key shown as api-key-[0-9a-f]{8}, which the merchants file does not have$/,
  );
  t.equal(
    await ask('Basic klarna_test_client_Y2xpbWJpbmc'),
    '401 credentials: Authorization: given something else, expected Basic with user name and password, or with an API key',
  );
});

t.test('the redirect page names the host the client called and leads on', async (t) => {
  const sandbox = await startSandbox(t);
  const call = sandbox.as('boots');
  const confirmation = 'http://shop.test/thanks/{order.id}?s={session.id}';
  const path = await authorized(call, { merchant_urls: { confirmation } });
  const headers = { 'x-forwarded-host': 'klarna.shop.test', 'x-forwarded-proto': 'https' };
  const { body } = await call('createOrder', { path, body: purchase, headers });
  t.equal(body.redirect_url, `https://klarna.shop.test/kp/v1/sessions/${path.session_id}/redirect`);
  const follow = async (id: string) => {
    const { status, headers } = await fetch(`${sandbox.url}/kp/v1/sessions/${id}/redirect`, { redirect: 'manual' });
    return [status, headers.get('location')];
  };
  t.strictSame(await follow(path.session_id), [302, `http://shop.test/thanks/${body.order_id}?s=${path.session_id}`]);
  t.strictSame(await follow('nobody'), [404, null]);
  for (const url of ['', 'javascript:alert(1)', 'no URL']) {
    const session = await authorized(call, { merchant_urls: { confirmation: url } });
    t.strictSame(await follow(session.session_id), [200, null], url);
  }
  const token = await tokenized(call);
  const charged = await call('createCustomerTokenOrder', {
    path: token,
    body: { ...charge, merchant_urls: { confirmation: 'http://shop.test/å' } },
  });
  t.strictSame(await follow(charged.body.order_id), [302, 'http://shop.test/%C3%A5']);
});

t.test('the documentation page shows every contract', async (t) => {
  const { url } = await startSandbox(t);
  const page = await fetch(`${url}/docs`);
  t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  const html = await page.text();
  t.equal(await (await fetch(`${url}/docs/`)).text(), html);

  const [, list = ''] = /urls: (\[.*\]),$/m.exec(html) ?? [];
  const listed: { url: string; name: string }[] = JSON.parse(list);
  t.strictSame(
    listed.map((document) => document.url),
    ['payments', 'customer-token', 'hosted-payment-page', 'order-management', 'sandbox'].map(
      (api) => `/docs/${api}.v1.json`,
    ),
  );
  for (const { url: path, name } of listed) {
    const { openapi, info, servers } = (await (await fetch(url + path)).json()) as Record<string, any>;
    t.strictSame([openapi, info.title, servers], ['3.1.0', name, [{ url: '/', description: 'This stand-in' }]]);
  }
  const operationOf = async (api: string, at: string, method: string) =>
    ((await (await fetch(`${url}/docs/${api}.v1.json`)).json()) as Record<string, any>).paths[at][method];
  t.match(
    (await operationOf('payments', '/payments/v1/sessions', 'post')).description,
    /\n\nKlarna's limit: 40 calls a second, 5 in the playground\.\n\nEvidence: \[recorded\]\(\/docs\/evidence#recorded\) – .*\]\(https:\/\/github\.com\/nebulab\/klarna_proxy\)/,
  );
  const own = await operationOf('sandbox', '/sandbox/v1/health', 'get');
  t.match(own.description, /The journal does not keep these calls\.$/, 'our own API has no evidence worth telling');
  const grades = await fetch(`${url}/docs/evidence`);
  t.strictSame([grades.status, grades.headers.get('content-type')], [200, 'text/html;charset=utf-8']);
  const told = await grades.text();
  for (const grade of ['recorded', 'spec', 'docs', 'reported', 'inferred']) t.match(told, `<dt id="${grade}">`);

  const paths = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, path = '']) => path);
  t.strictSame(
    paths,
    ['swagger-ui.css', 'index.css', 'favicon-32x32.png', 'swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js'].map(
      (name) => `/docs/static/${name}`,
    ),
  );
  const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', png: 'image/png' };
  for (const path of paths) {
    const file = await fetch(url + path);
    const [, ending] = /\.(\w+)$/.exec(path) ?? [];
    t.strictSame([file.status, file.headers.get('content-type')], [200, types[ending as keyof typeof types]], path);
    t.ok((await file.arrayBuffer()).byteLength > 100, path);
  }
  for (const path of ['/docs/static/none.js', '/docs/none.v1.json', '/docs/static/..%2f..%2fpackage.json']) {
    t.equal((await fetch(url + path)).status, 404, path);
  }
});

t.test('the same seed gives the same bytes', async (t) => {
  const run = async () => {
    const sandbox = await startSandbox(t, { seed: 'again' });
    const call = sandbox.as('boots');
    const path = await tokenized(call);
    const bodies = [path, (await call('createOrder', { path, body: purchase })).body, (await call('listOrders')).body];
    return JSON.stringify([bodies, (await call('readSession', { path })).headers['klarna-correlation-id']]);
  };
  t.equal(await run(), await run());
});

t.test('every line of a purchase may be as the market has it', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const taxed = { ...purchase, order_tax_amount: 1, order_lines: [{ ...boots, total_tax_amount: 1 }] };
  t.matchLists(await call('createSession', { body: taxed }), {
    status: 400,
    body: { error_messages: ['Bad value: order_lines[0].total_tax_amount'] },
    why: 'line-tax: order_lines[0].total_tax_amount: given 1, expected 2000 +/-1 for total_amount 10000 at tax_rate 2500',
  });
  t.matchLists(await call('createSession', { body: { ...purchase, locale: 'nb-NO' } }), {
    body: { error_messages: ['Bad value: locale'] },
  });
  t.matchLists(await call('createSession', { body: { ...purchase, purchase_currency: 'EUR' } }), {
    body: { error_messages: ['Bad value: purchase_currency'] },
  });
});
