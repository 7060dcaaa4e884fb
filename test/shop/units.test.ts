import { documentOf, type OpenApi, operationNamed, resolve, type Schema } from '../../src/contract/operations.js';
import { intentOf } from '../../src/exchange/call.js';
import type { CallbackAttempt } from '../../src/exchange/exchange.js';
import { atOnce } from '../../src/exchange/slices.js';
import { rightPlaces } from '../../src/shop/contract/strays.js';
import { readHistory } from '../../src/shop/history.js';
import { judgeShop } from '../../src/shop/judge.js';
import { isLike } from '../../src/shop/off.js';
import { charge, purchase } from '../contract/sandbox.js';
import t from '../tap.js';
import { account, emd } from './carts.js';
import { idsOf, recorded } from './shop.js';

const ID = 'b7a41d6e-2f93-4e58-b0c7-5d8e13f6a927';
const ORDER = `/ordermanagement/v1/orders/${ID}`;

t.test('recorded exchanges are read like those of the journal', async (t) => {
  const exchanges = [
    recorded('GET', `/${ORDER}/?fields=all`, 200, {
      got: { order_amount: 100, captured_amount: 0, refunded_amount: 0, status: 'AUTHORIZED', fraud_status: 'PENDING' },
    }),
    recorded('PATCH', `${ORDER}/authorization`, 204, { sent: { order_amount: 60 } }),
    recorded('POST', `${ORDER}/captures`, 201, { sent: { captured_amount: 60 } }),
    recorded('POST', `${ORDER}/refunds`, 403, {
      sent: { refunded_amount: 'x' },
      got: { error_code: 'REFUND_NOT_ALLOWED' },
    }),
    recorded('GET', '/ordermanagement/v1/orders/%ZZ', 400, {}),
    recorded('GET', '/credit/v1/sessions', 404, {}),
    recorded('GET', '/sandbox/v1/clock', 200, { got: { now: '2026-05-02T09:00:00.000Z' } }),
  ];
  const { orders, strangers, calls, now } = atOnce(readHistory(exchanges));
  t.match(orders.get(ID), { amount: 60, captured: 60, status: 'CAPTURED', fraud: 'PENDING' });
  t.strictSame(
    calls.map(({ operation }) => operation.name),
    ['readOrder', 'updateAuthorization', 'captureOrder', 'refundOrder', 'readOrder'],
  );
  t.equal(calls[4]?.params.order_id, '%ZZ', 'what cannot be decoded stays as it is');
  t.matchLists(strangers, [{ number: 6 }]);
  t.equal(now, Date.parse('2026-05-02T09:00:00.000Z'));

  const { findings, exchanges: seen, coverage, judged } = judgeShop([{ exchanges, dropped: 2 }]);
  t.equal(judged, 6);
  t.matchLists(seen.map(({ where, method, path, status }) => `${where.exchange} ${method} ${path} ${status}`).sort(), [
    `5 POST ${ORDER}/captures 201`,
    `6 POST ${ORDER}/refunds 403`,
    '7 GET /ordermanagement/v1/orders/%ZZ 400',
    '8 GET /credit/v1/sessions 404',
  ]);
  t.matchLists(findings.map(({ check, where }) => `${check} ${where.exchange}`).sort(), [
    'contract/refused 6',
    'contract/refused 7',
    'contract/unknown-path 8',
    'practice/key-for-two-intents 5',
    'practice/pending-order-shipped 5',
  ]);
  t.match(
    findings.find(({ where }) => where.exchange === 6)?.message,
    /REFUND_NOT_ALLOWED \(no rule\): nothing says why$/,
  );
  t.match(findings.find(({ where }) => where.exchange === 8)?.message, /GET \/credit\/v1\/sessions is no operation/);
  t.match(
    coverage.cells.find(({ transition }) => transition === 'AUTHORIZED -> CAPTURED'),
    { counts: true },
  );
});

t.test('a refund that is answered again under its key is one refund', async (t) => {
  const refund = (id: string, refunded_amount: number) => ({
    ...recorded('POST', `${ORDER}/refunds`, 201, { response: { headers: { 'Refund-Id': id } } }),
    request: { headers: {}, body: { refunded_amount } },
  });
  const { orders } = atOnce(readHistory([refund('1', 40), refund('1', 40), refund('2', 7)]));
  t.equal(orders.get(ID)?.refunded, 47);
});

t.test('an order that is read as expired, captured over, or captured again', async (t) => {
  const exchanges = [
    recorded('GET', ORDER, 200, { got: { order_amount: 100, status: 'EXPIRED' } }),
    recorded('POST', `${ORDER}/release-remaining-authorization`, 204),
    recorded('POST', `${ORDER}/captures`, 201, {
      response: { headers: { 'Capture-Id': '1' } },
      sent: { captured_amount: 100 },
    }),
    recorded('POST', `${ORDER}/captures`, 201, {
      response: { headers: { 'capture-id': '1' } },
      sent: { captured_amount: 100 },
    }),
  ].map((exchange) => ({ ...exchange, request: { ...exchange.request, body: { captured_amount: 100 } } }));
  const { orders } = atOnce(readHistory(exchanges));
  t.match(orders.get(ID), { captured: 100, status: 'CAPTURED' });
  const { coverage } = judgeShop([{ exchanges }]);
  const met = [...coverage.cells.filter(({ met: times }) => times > 0), ...coverage.others];
  t.strictSame(
    met.map(({ transition, outcome, why }) => `${transition ?? outcome}: ${why}`),
    [
      'status EXPIRED: undefined',
      'unknown -> unknown: how far the order had come, the journal does not tell',
      'unknown -> CAPTURED: how far the order had come, the journal does not tell',
      'CAPTURED -> CAPTURED: nothing changed',
    ],
  );
});

t.test('what nobody could look at', async (t) => {
  const attempt = {
    callback_id: ID,
    on: 'push',
    url: 'http://boots.test/push',
    at: '2026-03-02T09:00:00.000Z',
    attempt: 1,
  } as const;
  const callbacks: CallbackAttempt[] = [
    { ...attempt, result: { refused: 'boots.test is not on the loopback interface' } },
    { ...attempt, result: { error: 'getaddrinfo ENOTFOUND boots.test' } },
    { ...attempt, result: { dropped: true } },
    { ...attempt, callback_id: 'other', on: 'notification', result: { status: 204 } },
    { ...attempt, callback_id: 'third', on: 'authorization', result: { error: 'no answer within 2 s' } },
  ];
  const cut = { headers: {}, body: '{"purch', cut: true as const };
  const sessions = '/payments/v1/sessions';
  const exchanges = [
    recorded('POST', sessions, 400, { request: cut, response: { headers: {}, body: {} } }),
    recorded('POST', sessions, 400, { request: cut, response: { headers: {}, body: {} } }),
  ];
  const { findings, unjudged } = judgeShop([
    { exchanges, callbacks, dropped: 1, droppedCallbacks: 3, merchant: 'boots' },
  ]);
  t.strictSame(
    unjudged.map(({ what, why }) => `${what}: ${why}`),
    [
      'the oldest exchange of boots: the journal had no room for more: report more often, or clear it between',
      'the oldest 3 attempts of callbacks of boots: only the latest are kept',
      'the body of exchange 2 (createSession) of boots: it is too long for the journal',
      'the body of exchange 3 (createSession) of boots: it is too long for the journal',
      'the push callback to http://boots.test/push of boots: boots.test is not on the loopback interface',
      'the push callback to http://boots.test/push of boots: getaddrinfo ENOTFOUND boots.test',
    ],
  );
  t.strictSame(
    idsOf(findings).sort(),
    ['contract/refused', 'practice/callback-not-taken'],
    'cut bodies are no repetitions',
  );
  t.strictSame(
    findings.filter(({ check }) => check.endsWith('taken')).map(({ expected, got }) => `${expected}, ${got}`),
    ['a 2xx status, no answer within 2 s', 'status 200, status 204'],
  );
});

t.test('an order that a notification lets through', async (t) => {
  const body = { order_id: ID, event_type: 'FRAUD_RISK_ACCEPTED' };
  const told = {
    callback_id: ID,
    on: 'notification',
    url: 'x',
    body,
    at: '2026-03-02T09:00:00.000Z',
    attempt: 1,
  } as const;
  const exchanges = [
    recorded('GET', ORDER, 200, { got: { order_amount: 100, status: 'AUTHORIZED', fraud_status: 'PENDING' } }),
    recorded('POST', `${ORDER}/captures`, 201, { sent: { captured_amount: 100 } }),
  ];
  const checked = (status: number) =>
    idsOf(
      judgeShop([{ exchanges, callbacks: [{ ...told, result: { status } }] }], ['practice/callback-not-taken'])
        .findings,
    );
  t.strictSame(checked(200), []);
  t.strictSame(checked(500), ['practice/pending-order-shipped'], 'nobody heard');
});

t.test('a request that was refused by the gateway and sent again', async (t) => {
  const sent = recorded('POST', '/payments/v1/sessions', 401, { sent: purchase, got: '<html>' });
  const { findings } = judgeShop([{ exchanges: [sent, sent] }]);
  t.strictSame(idsOf(findings), ['contract/refused', 'practice/refusal-retried']);
});

t.test('an order that is captured at once', async (t) => {
  const order = recorded('POST', `/payments/v1/authorizations/${ID}/order`, 200, {
    sent: { ...purchase, auto_capture: true },
    got: { order_id: ID, fraud_status: 'ACCEPTED' },
  });
  t.match(atOnce(readHistory([order])).orders.get(ID), { amount: 10000, captured: 10000, status: 'CAPTURED' });
});

t.test('a field that a contract marks as deprecated', async (t) => {
  const document = documentOf('customer-token') as OpenApi;
  const field = resolve<Schema>(document, '#/components/schemas/customer_token_order/properties/merchant_reference2');
  field.deprecated = true;
  const path = `/customer-token/v1/tokens/${ID}/order`;
  const sent = { ...charge, merchant_reference2: 'old' };
  const { findings } = judgeShop([{ exchanges: [recorded('POST', path, 503, { sent })] }]);
  t.matchLists(findings, [
    { check: 'contract/deprecated', severity: 'warning', path: '$.body.merchant_reference2' },
    { check: 'practice/failure-not-retried' },
  ]);
});

t.test('sessions for the same lines may be of one cart', async (t) => {
  const sessions = '/payments/v1/sessions';
  const open = (session_id: string, sent: object) => recorded('POST', sessions, 200, { sent, got: { session_id } });
  const other = { ...purchase, order_lines: [{ ...purchase.order_lines[0], reference: undefined, name: 'Clogs' }] };
  const { findings } = judgeShop([{ exchanges: [open('a', purchase), open('b', other), open('c', purchase)] }]);
  t.matchLists(findings, [{ check: 'practice/session-not-updated', severity: 'note', where: { exchange: 3 } }]);
  t.equal(findings.length, 1);
});

t.test('packages of extra merchant data that Klarna does not publish are noted', async (t) => {
  const sessions = '/payments/v1/sessions';
  const sent = { ...purchase, ...emd({ ...account, Subscription: [], loyalty_of_the_shopper: 7 }) };
  const { findings } = judgeShop([
    {
      exchanges: [
        recorded('POST', sessions, 200, { sent, got: { session_id: 'a' } }),
        recorded('POST', '/sandbox/v1/sessions/a/authorize', 200, { sent: { data: emd({ loyalty: 7 }) } }),
        // A body that is no text is told elsewhere.
        recorded('POST', `${sessions}/a`, 204, { sent: { attachment: { body: {}, content_type: 'x' } } }),
      ],
    },
  ]);
  const noted = findings.filter(({ check }) => check === 'practice/attachment');
  t.strictSame(
    noted.map(({ severity, path, expected, message }) => [severity, path, expected, message]),
    [
      [
        'note',
        '$.body.attachment.body',
        'subscription',
        'createSession sends Subscription as extra merchant data, which Klarna does not publish as a package; did you mean "subscription"?',
      ],
      [
        'note',
        '$.body.attachment.body',
        undefined,
        'createSession sends loyalty_of_the_shopper as extra merchant data, which Klarna does not publish as a package; see the packages that Klarna publishes',
      ],
      [
        'note',
        '$.body.data.attachment.body',
        undefined,
        'authorizeSession sends loyalty as extra merchant data, which Klarna does not publish as a package; see the packages that Klarna publishes',
      ],
    ],
  );
});

t.test('a misplaced field belongs above or below where it stands, within a list too', async (t) => {
  const { request, api } = operationNamed('createOrder');
  const right = (at: string, name: string) => rightPlaces(api, String(request?.schema), `$.body.${at}.${name}`, name);
  t.strictSame(right('order_lines[0].product_identifiers', 'quantity'), ['$.body.order_lines[].quantity']);
  t.strictSame(right('order_lines[12].subscription', 'type'), ['$.body.order_lines[].type']);
  t.strictSame(right('order_lines[0]', 'brand'), ['$.body.order_lines[].product_identifiers.brand']);
  t.strictSame(right('order_lines[0]', 'locale'), ['$.body.locale']);
  t.strictSame(right('customer', 'name'), []);
});

t.test('the same call has the same intent, whatever its query', async (t) => {
  const paths = ['', '?a=b', '#c', '?a=b\n#c', '/'].map((end) => `${ORDER}${end}`);
  const { calls } = atOnce(readHistory(paths.map((path) => recorded('GET', path, 200, {}))));
  t.strictSame(
    calls.map(intentOf),
    paths.map(() => `readOrder ${ORDER} {}`),
  );
});

t.test('user names are like a pattern', async (t) => {
  const like: [string, string, boolean][] = [
    ['boots', 'boots', true],
    ['boots', 'boot', false],
    ['boots', '*', true],
    ['', '*', true],
    ['boots.wrong', '*.wrong', true],
    ['boots.wrong', 'boots.*', true],
    ['boots.wrong.1', 'b*.wrong.*', true],
    ['aba', 'ab*ba', false],
    ['abab', 'a*b*b', true],
    ['abc', 'a*bc*c', false],
    ['xab', '*ab*ab*', false],
    ['xabyab', '*ab*ab*', true],
    ['a.b', 'a?b', false],
  ];
  for (const [text, pattern, is] of like) t.equal(isLike(text, pattern), is, `${text} ${pattern}`);
});

t.test('callbacks of what the harness made are none of the shop', async (t) => {
  const made = (id: string, headers: Record<string, string>) => ({
    ...recorded('POST', '/payments/v1/sessions', 200, { sent: purchase, got: { session_id: id } }),
    ...(Object.keys(headers).length > 0 && { request: { headers, body: purchase } }),
  });
  const exchanges = [made('of-the-shop', {}), made('of-replay', { 'Mock-Klarna-Harness': 'replay' })];
  const attempt = (session_id: string) => ({
    callback_id: 'a',
    on: 'authorization' as const,
    url: 'http://127.0.0.1/a',
    body: { session_id },
    at: exchanges[0]?.at as string,
    attempt: 1,
    result: { refused: session_id },
  });
  const { unjudged } = judgeShop([{ exchanges, callbacks: ['of-the-shop', 'of-replay'].map(attempt) }]);
  t.strictSame(
    unjudged.map(({ why }) => why),
    ['of-the-shop', 'sent by replay, and not by a shop'],
  );
});
