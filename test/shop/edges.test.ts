/** Each entry of the lists that practices go by, with a neighbour, and both sides of their edges. */
import { operationNamed } from '../../src/contract/operations.js';
import type { CallbackAttempt, Exchange } from '../../src/exchange/exchange.js';
import { atOnce } from '../../src/exchange/slices.js';
import type { RuleId } from '../../src/klarna/catalogue/rules.js';
import { nameOf } from '../../src/report/coverage.js';
import type { Finding } from '../../src/report/finding.js';
import { cellsOf } from '../../src/shop/coverage.js';
import { readHistory } from '../../src/shop/history.js';
import { judgeShop } from '../../src/shop/judge.js';
import { boots, charge, purchase } from '../contract/sandbox.js';
import t from '../tap.js';
import { monthly, pending, plan } from './carts.js';
import { recorded } from './shop.js';

const ID = 'b7a41d6e-2f93-4e58-b0c7-5d8e13f6a927';
const START = Date.parse('2026-03-02T09:00:00.000Z');
const DAY = 86_400_000;
const sessions = '/payments/v1/sessions';
const orderPath = `/payments/v1/authorizations/${ID}/order`;
const managed = `/ordermanagement/v1/orders/${ID}`;
const tokenPath = `/customer-token/v1/tokens/${ID}`;

/** The same exchange, so long after the first. */
const after = (ms: number, exchange: Exchange): Exchange => ({ ...exchange, at: new Date(START + ms).toISOString() });

const withKey = (key: string | undefined, exchange: Exchange): Exchange => ({
  ...exchange,
  request: { ...exchange.request, headers: key === undefined ? {} : { 'Klarna-Idempotency-Key': key } },
});

const explained = (rule: RuleId, text = 'because'): Partial<Exchange> => ({
  explanation: { rule, evidence: 'docs', text },
});

/** What one check finds. */
const found = (check: string, exchanges: Exchange[], callbacks: CallbackAttempt[] = []): Finding[] =>
  judgeShop([{ exchanges, callbacks }]).findings.filter((one) => one.check.endsWith(`/${check}`));

/** Of some things those with which a check finds something. */
const foundWith = <Thing>(
  check: string,
  things: readonly Thing[],
  exchangesOf: (thing: Thing) => Exchange[],
): Thing[] => things.filter((thing) => found(check, exchangesOf(thing)).length > 0);

t.test('a session may say where goods go, and not to whom', async (t) => {
  const address = { country: 'SE', postal_code: '1', region: 'a', city: 'b', organization_name: 'c' };
  const sent = {
    ...purchase,
    billing_address: { ...address, email: 'a@b.se', given_name: '' },
    shipping_address: { ...address, phone: '1', street_address: 'd' },
    customer: {
      date_of_birth: '1987-05-14',
      gender: 'female',
      title: 'Frau',
      national_identification_number: '1',
      last_four_ssn: '1234',
      type: 'person',
      vat_id: '7',
    },
  };
  const [finding, ...others] = found('personal-data-at-session', [recorded('POST', sessions, 200, { sent })]);
  t.strictSame(others, []);
  t.strictSame(finding?.got, [
    'billing_address.email',
    'shipping_address.phone',
    'shipping_address.street_address',
    'customer.date_of_birth',
    'customer.gender',
    'customer.title',
    'customer.national_identification_number',
    'customer.last_four_ssn',
  ]);
});

t.test('lines that go with goods are none', async (t) => {
  const types = ['shipping_fee', 'discount', 'sales_tax', 'gift_card', 'store_credit', 'surcharge'];
  const opened = (type: string) => {
    const order_lines = [{ ...boots, type, reference: 'X' }, plan];
    const sent = { ...purchase, intent: 'buy_and_default_tokenize', order_lines };
    return [recorded('POST', sessions, 200, { sent, got: { session_id: 'a' } })];
  };
  t.strictSame(foundWith('mixed-lines', [...types, 'physical', 'digital'], opened), ['physical', 'digital']);
});

t.test('what tells the lines of a session is judged, wherever the page says it', async (t) => {
  const data = { intent: 'buy_and_default_tokenize', order_lines: [boots, plan] };
  const told = (operation: string) => [
    recorded('POST', `/sandbox/v1/sessions/a/${operation}`, 200, { sent: { data } }),
  ];
  t.strictSame(foundWith('mixed-lines', ['authorize', 'finalize'], told), ['authorize', 'finalize']);
  const page = recorded('POST', '/sandbox/v1/hosted-sessions/a/complete', 200, { sent: { data } });
  t.strictSame(found('mixed-lines', [page]), []);
});

t.test('nothing is captured or shipped of an order that is pending', async (t) => {
  const read = recorded('GET', managed, 200, { got: { order_amount: 1, fraud_status: 'PENDING' } });
  const calls = { '/captures': 201, '/shipping-info': 204, '/captures/c/shipping-info': 204, '/acknowledge': 204 };
  const shipped = foundWith('pending-order-shipped', Object.entries(calls), ([path, status]) => [
    read,
    recorded('POST', managed + path, status),
  ]);
  t.strictSame(
    shipped.map(([path]) => path),
    ['/captures', '/shipping-info', '/captures/c/shipping-info'],
  );
  t.match(pending, { fraud: { status: 'PENDING' } });
  const taken: CallbackAttempt = {
    callback_id: ID,
    on: 'notification',
    url: 'x',
    body: { order_id: ID, event_type: 'FRAUD_RISK_ACCEPTED' },
    at: read.at,
    attempt: 1,
    result: { status: 200 },
  };
  const heard = (more: Partial<CallbackAttempt>) =>
    found('pending-order-shipped', [read, recorded('POST', `${managed}/captures`, 201)], [{ ...taken, ...more }]);
  t.strictSame(heard({}), []);
  t.equal(heard({ on: 'push' }).length, 1);
  t.equal(heard({ body: { order_id: ID, event_type: 'FRAUD_RISK_REJECTED' } }).length, 1);
  t.equal(heard({ body: { order_id: 'another', event_type: 'FRAUD_RISK_ACCEPTED' } }).length, 1);
});

t.test('an order that came to nothing needs no acknowledgement', async (t) => {
  const statuses = ['ACCEPTED', 'PENDING', 'REJECTED', 'STOPPED'];
  const placed = (fraud_status: string) => {
    const sent = { ...purchase, merchant_urls: { push: 'https://shop.example' } };
    return [recorded('POST', orderPath, 200, { sent, got: { order_id: ID, fraud_status } })];
  };
  t.strictSame(foundWith('order-not-acknowledged', statuses, placed), ['ACCEPTED', 'PENDING']);
});

t.test('an order on another cart is told apart from other refusals, and is told once', async (t) => {
  const rules: RuleId[] = ['order-matches', 'order-same-body', 'line-total'];
  const refused = (rule: RuleId) => [recorded('POST', orderPath, 409, { sent: purchase, ...explained(rule) })];
  t.strictSame(foundWith('order-on-other-cart', rules, refused), ['order-matches', 'order-same-body']);
  t.strictSame(foundWith('refused', rules, refused), ['line-total']);
});

t.test('a refusal is held against the shop, unless it is not for the shop to see to', async (t) => {
  const passed: RuleId[] = [
    'scenario-outcome',
    'scenario-fault',
    'rate-limit',
    'merchant-active',
    'charge-declined',
    'session-lifetime',
    'session-completed',
    'authorization-lifetime',
    'hosted-lifetime',
    'refusal-sticks',
  ];
  const held: RuleId[] = ['session-known', 'authorization-released', 'credentials'];
  const refused = (rule: RuleId) => [recorded('POST', sessions, 400, { sent: purchase, ...explained(rule) })];
  t.strictSame(foundWith('refused', [...passed, ...held], refused), held);
});

t.test('of what goes through the page the data are judged, and nothing that the shopper does', async (t) => {
  const judged: RuleId[] = [
    'market-currency',
    'line-total',
    'order-total',
    'order-tax',
    'sales-tax',
    'zero-amount',
    'attachment',
  ];
  const others: RuleId[] = ['order-matches', 'person-email', 'shape', 'session-known', 'shopper-decision'];
  const through = (sent: object) => (rule: RuleId) => [
    recorded('POST', '/sandbox/v1/sessions/a/authorize', 400, { sent, ...explained(rule) }),
  ];
  t.strictSame(foundWith('refused', [...judged, ...others], through({ data: purchase })), judged);
  t.strictSame(foundWith('refused', judged, through({ result: 'denied' })), []);
});

t.test('a refusal leads to the field that it names, where the request may have one', async (t) => {
  const pathOf = (method: string, path: string, text: string) =>
    found('refused', [recorded(method, path, 400, { sent: {}, ...explained('shape', text) })])[0]?.path;
  t.equal(pathOf('POST', sessions, 'order_lines[0].name: given 1'), '$.body.order_lines[0].name');
  t.equal(pathOf('POST', sessions, 'order_amount is given, and refused'), undefined);
  t.equal(pathOf('POST', sessions, 'Authorization: given nothing'), undefined);
  t.equal(pathOf('POST', `${sessions}/a`, 'session_id: given a'), undefined);
  t.equal(pathOf('GET', managed, 'order: given a'), undefined);
});

t.test('what was refused is not sent again, but for what may be over by itself', async (t) => {
  const codes = ['PAYMENT_METHOD_FAILED', 'UNAVAILABLE_PAYMENT_METHOD', 'TOKEN_SUSPENDED', 'TOKEN_CANCELLED'];
  const twice = (error_code: string) =>
    Array(2).fill(recorded('POST', `${tokenPath}/order`, 403, { sent: charge, got: { error_code } }));
  t.strictSame(foundWith('refusal-retried', codes, twice), ['TOKEN_CANCELLED']);
  const calls = ['GET', 'DELETE'].map((method) => [method, `/hpp/v1/sessions/${ID}`] as const);
  t.strictSame(
    foundWith('refusal-retried', calls, ([method, path]) => Array(2).fill(recorded(method, path, 404))),
    [calls[1]],
    'reading again is no retry',
  );
});

t.test('an authorization is released by a call that succeeds, or that tells of one before', async (t) => {
  const given = recorded('POST', '/sandbox/v1/sessions/a/authorize', 200, {
    sent: {},
    got: { authorization_token: ID },
  });
  const release = (status: number, rule?: RuleId) =>
    recorded('DELETE', `/payments/v1/authorizations/${ID}`, status, rule && explained(rule));
  const cases: [Exchange, boolean][] = [
    [release(204), false],
    [release(404, 'authorization-released'), false],
    [release(404, 'authorization-known'), true],
    [release(403, 'merchant-active'), true],
    [release(500), true],
  ];
  for (const [exchange, open] of cases) {
    const { status, explanation } = exchange;
    t.equal(found('authorization-left-open', [given, exchange]).length, open ? 1 : 0, `${status} ${explanation?.rule}`);
  }
});

t.test('what happened between two tries counts, and nothing before or after them', async (t) => {
  const refused = recorded('POST', `${tokenPath}/order`, 403, { sent: charge, got: { error_code: 'TOKEN_CANCELLED' } });
  const changed = recorded('PATCH', `${tokenPath}/status`, 202, { sent: { status: 'CANCELLED' } });
  const check = 'refusal-retried';
  t.equal(found(check, [refused, refused]).length, 1);
  t.equal(found(check, [changed, refused, refused]).length, 1, 'before');
  t.equal(found(check, [refused, refused, changed]).length, 1, 'after');
  t.strictSame(found(check, [refused, changed, refused]), [], 'between');
});

t.test('a call that names no order makes none', async (t) => {
  const clock = recorded('POST', '/sandbox/v1/clock/advance', 200, {
    sent: { by: 'P1D' },
    got: { now: '2026-03-03T09:00:00Z' },
  });
  t.equal(atOnce(readHistory([clock])).orders.size, 0);
});

t.test('what takes money or gives it back is tried again with its key, for a day', async (t) => {
  const twice = (path: string, [one, other]: (string | undefined)[], apart: number, status = 503) => [
    withKey(one, recorded('POST', path, status, { sent: charge })),
    after(apart, withKey(other, recorded('POST', path, 201, { sent: charge }))),
  ];
  const paths = [`${tokenPath}/order`, `${managed}/captures`, `${managed}/refunds`, `${managed}/cancel`];
  const check = 'retried-without-key';
  for (const keys of [['a', 'b'], ['a', undefined], [undefined, 'a'], []]) {
    t.strictSame(
      foundWith(check, paths, (path) => twice(path, keys, 1)),
      paths.slice(0, 3),
      `keys ${keys}`,
    );
  }
  const [path] = paths as [string];
  t.strictSame(found(check, twice(path, ['a', 'a'], 1)), []);
  t.equal(found(check, twice(path, ['a', 'b'], DAY - 1)).length, 1);
  t.strictSame(found(check, twice(path, ['a', 'b'], DAY)), []);
  t.strictSame(found(check, twice(path, ['a', 'b'], 1, 429)), [], 'a 429 did nothing');
  const givenUp = 'failure-not-retried';
  t.strictSame(found(givenUp, twice(path, ['a', 'b'], DAY - 1)), []);
  t.equal(found(givenUp, twice(path, ['a', 'b'], DAY)).length, 1);
});

t.test('a key stands for one intent, for a day', async (t) => {
  const check = 'key-for-two-intents';
  const capture = (captured_amount: number) =>
    recorded('POST', `${managed}/captures`, 201, { sent: { captured_amount } });
  t.equal(found(check, [capture(1), after(DAY - 1, capture(2))]).length, 1);
  t.strictSame(found(check, [capture(1), after(DAY, capture(2))]), []);
  t.strictSame(found(check, [capture(1), after(1, withKey('two', capture(2)))]), []);
  const read = recorded('GET', managed, 200, { got: { order_amount: 1 } });
  t.strictSame(found(check, [capture(1), after(1, read)]), [], 'a key of what takes none is no key');
});

t.test('a subscription has ended when more than two of its periods are over', async (t) => {
  const charged = (interval: string, interval_count: number) => [
    recorded('POST', `/payments/v1/authorizations/${ID}/customer-token`, 200, { got: { token_id: ID } }),
    recorded('POST', `${tokenPath}/order`, 200, {
      sent: { ...charge, order_lines: [{ ...plan, subscription: { ...monthly, interval, interval_count } }] },
    }),
  ];
  const read = recorded('GET', `${sessions}/a`, 404);
  for (const [days, interval, count] of [
    [1, 'DAY', 1],
    [3, 'DAY', 3],
    [14, 'WEEK', 2],
    [31, 'MONTH', 1],
    [366, 'YEAR', 1],
  ] as const) {
    const end = (more: number) => [...charged(interval, count), after(2 * days * DAY + more, read)];
    t.strictSame(found('token-not-cancelled', end(0)), [], `${count} ${interval}`);
    t.match(found('token-not-cancelled', end(1))[0]?.message, `was not charged for ${2 * days} days, `);
  }
});

t.test('a line recurs that was charged three times at equal distances', async (t) => {
  const charged = (...days: number[]) =>
    days.map((day, index) =>
      withKey(
        String(index),
        after(day * DAY, recorded('POST', `${tokenPath}/order`, 200, { sent: charge, got: { order_id: `${index}` } })),
      ),
    );
  const check = 'recurring-without-subscription';
  t.equal(found(check, charged(0, 30, 61)).length, 3);
  t.equal(found(check, charged(0, 30, 63)).length, 3, 'three days more or less are nothing');
  t.strictSame(found(check, charged(0, 30, 63.01)), []);
  t.strictSame(found(check, charged(0, 30)), [], 'twice is no rule');
  t.equal(found(check, charged(0, 1, 2)).length, 3);
  t.strictSame(found(check, charged(0, 0.99, 1.98)), [], 'several on a day are none either');
  const [first, second, third] = charged(0, 30, 60) as [Exchange, Exchange, Exchange];
  t.strictSame(found(check, [first, { ...second, status: 403 }, third]), [], 'what was refused does not count');
});

t.test('a token is what its first calls made of it, in the order of time', async (t) => {
  const made = recorded('POST', `/payments/v1/authorizations/${ID}/customer-token`, 200, { got: { token_id: ID } });
  const read = recorded('GET', tokenPath, 200, { got: { status: 'ACTIVE' } });
  const mixed = { data: { intent: 'buy_and_default_tokenize' } };
  const given = recorded('POST', '/sandbox/v1/sessions/a/authorize', 200, {
    sent: mixed,
    got: { authorization_token: ID },
  });
  const charged = (order_id: string) =>
    recorded('POST', `${tokenPath}/order`, 200, { sent: charge, got: { order_id } });
  const told = (...exchanges: Exchange[]) =>
    found('mixed-token-unread', exchanges).map(({ where: { exchange } }) => exchange);
  t.strictSame(told(given, made, charged('a'), charged('b')), [3], 'the first charge tells');
  t.strictSame(told(given, made, read, charged('a')), []);
  t.strictSame(told(given, made, after(2, charged('a')), after(1, read)), [], 'an answer that was held back');
});

t.test('a reset that failed ends no world', async (t) => {
  const opened = recorded('POST', sessions, 200, {
    sent: { ...purchase, merchant_reference1: 'CART' },
    got: { session_id: 'a' },
  });
  const other = { ...opened, response: { headers: {}, body: { session_id: 'b' } } };
  const reset = (status: number) => ({
    ...recorded('POST', '/sandbox/v1/reset', status),
    operation: 'resetMerchant',
  });
  t.strictSame(
    foundWith('session-not-updated', [0, 199, 204, 299, 300, 401], (status) => [opened, reset(status), other]),
    [0, 300, 401],
  );
});

t.test('a line may be off by its quantity', async (t) => {
  const opened = (total_amount: number) => [
    recorded('POST', sessions, 200, { sent: { order_lines: [{ quantity: 3, unit_price: 100, total_amount }] } }),
  ];
  t.strictSame(foundWith('rounded-line', [296, 297, 299, 300, 301, 303, 304], opened), [297, 299, 301, 303]);
});

t.test('what is no value is no value of another type', async (t) => {
  const opened = (order_amount: unknown) => [recorded('POST', sessions, 200, { sent: { order_amount } })];
  t.strictSame(foundWith('value-type', ['1', ' ', '', 'x', null, 1], opened), ['1']);
  const unknown = (value: unknown) => [recorded('POST', sessions, 200, { sent: { nothing_known: value } })];
  t.strictSame(foundWith('unknown-field', [1, false, '', null], unknown), [1, false, '']);
});

t.test('test addresses of the older form are noted', async (t) => {
  const older = ['cust@email.se', 'customer@email.de', 'Customer+denied@email.se', 'customer+red+any-2@email.fi'];
  const others = [
    'custo@email.se',
    'my-customer@email.se',
    'customer@email.com',
    'customer@mail.se',
    'customer+@email.se',
  ];
  const given = (email: string) => [recorded('POST', sessions, 200, { sent: { billing_address: { email } } })];
  t.strictSame(foundWith('deprecated', [...older, ...others], given), older);
});

t.test('what can come of an operation', async (t) => {
  const cells = (name: string) => cellsOf(operationNamed(name)).map(nameOf);
  const common = ['401', '403 MERCHANT_INACTIVE', '403 PERMISSION_DENIED'];
  const ofPayments = ['400 BAD_VALUE', ...common, '429', '500 INTERNAL_SERVER_ERROR'];
  t.strictSame(cells('createSession'), ['200', ...ofPayments, 'no answer']);
  t.strictSame(cells('captureOrder'), [
    '201 AUTHORIZED -> PART_CAPTURED',
    '201 AUTHORIZED -> CAPTURED',
    '201 PART_CAPTURED -> PART_CAPTURED',
    '201 PART_CAPTURED -> CAPTURED',
    ...common,
    '429 TOO_MANY_REQUESTS',
    '400 INVALID_ORDER_ID',
    '422 UNPROCESSABLE_ENTITY',
    '422 INVALID_ADDRESS',
    '404 NO_SUCH_ORDER',
    '403 CAPTURE_NOT_ALLOWED',
    '409 CONFLICT',
    '500 UNEXPECTED_ERROR',
    '502 TEMPORARILY_UNAVAILABLE',
    '504 TEMPORARILY_UNAVAILABLE',
    '503 TEMPORARILY_UNAVAILABLE',
    '403 PAYMENT_METHOD_FAILED',
    'no answer',
  ]);
  t.strictSame(cells('createCustomerTokenOrder'), [
    '200 fraud_status ACCEPTED',
    '200 fraud_status PENDING',
    '200 fraud_status REJECTED',
    ...ofPayments,
    '503 SERVICE_UNAVAILABLE',
    '404 TOKEN_NOT_FOUND',
    '403 TOKEN_FORBIDDEN',
    '403 TOKEN_SUSPENDED',
    '403 TOKEN_CANCELLED',
    '403 PAYMENT_METHOD_CURRENCY_MISMATCH',
    '403 PAYMENT_METHOD_FAILED',
    '403 UNAVAILABLE_PAYMENT_METHOD',
    'no answer',
  ]);
  const moves = [
    'refundOrder',
    'cancelOrder',
    'releaseRemainingAuthorization',
    'updateCustomerTokenStatus',
    'readOrder',
  ];
  t.strictSame(
    moves.map((name) => cells(name).filter((cell) => cell.startsWith('2'))),
    [
      ['201 a part is refunded', '201 all is refunded'],
      ['204 AUTHORIZED -> CANCELLED'],
      ['204 PART_CAPTURED -> CAPTURED'],
      ['202 ACTIVE -> CANCELLED'],
      ['AUTHORIZED', 'PART_CAPTURED', 'CAPTURED', 'CANCELLED', 'EXPIRED'].map((status) => `200 status ${status}`),
    ],
  );
});
