import type { Exchange } from '../../../src/exchange/exchange.js';
import { BrowserCalls } from '../../../src/replay/save/browser-calls.js';
import t from '../../tap.js';

const exchange = (operation: string, path: string, status: number, body: object = {}, answer: object = {}) =>
  ({
    operation,
    method: 'POST',
    path,
    status,
    session_id: 's',
    request: { headers: {}, body },
    response: { headers: {}, body: answer },
  }) as unknown as Exchange;

const translated = (calls: BrowserCalls, ...given: Parameters<typeof exchange>) => {
  const { operation, request, status } = calls.translate(exchange(...given)) ?? {};
  return operation === undefined ? undefined : [operation, request?.body, status];
};

t.test('calls of the browser that changed nothing are left out', (t) => {
  const calls = new BrowserCalls();
  const given: Parameters<typeof exchange>[] = [
    ['readPurchase', '/kp/v1/purchase', 200],
    ['readHostedPurchase', '/hpp/payments/h/purchase', 200],
    ['reportSdkError', '/kp/v1/purchase/errors', 204],
    ['loadPurchase', '/kp/v1/purchase/load', 200],
    ['loadPurchase', '/kp/v1/purchase/load', 400, { data: { locale: 'sv-SE' } }],
    ['authorizePurchase', '/kp/v1/purchase/authorize', 401],
    ['reauthorizePurchase', '/kp/v1/purchase/reauthorize', 403],
    ['finalizePurchase', '/kp/v1/purchase/finalize', 403],
    ['openExpressSession', '/kp/v1/express-sessions', 400],
  ];
  for (const call of given) {
    t.equal(translated(calls, ...call), undefined, call[0]);
  }
  t.end();
});

t.test('calls of the browser become those of the shop and of the shopper', (t) => {
  const calls = new BrowserCalls();
  const token = { approved: true, authorization_token: 't' };
  t.strictSame(translated(calls, 'loadPurchase', '/kp/v1/purchase/load', 200, { data: { locale: 'sv-SE' } }), [
    'updateSession',
    { locale: 'sv-SE' },
    204,
  ]);
  t.strictSame(
    translated(
      calls,
      'authorizePurchase',
      '/kp/v1/purchase/authorize',
      200,
      { auto_finalize: false },
      {
        finalize_required: true,
      },
    ),
    ['authorizeSession', { result: 'finalize_required' }, 200],
  );
  t.strictSame(translated(calls, 'finalizePurchase', '/kp/v1/purchase/finalize', 200, {}, token), [
    'finalizeSession',
    undefined,
    200,
  ]);
  t.equal(translated(calls, 'finalizePurchase', '/kp/v1/purchase/finalize', 200, {}, token), undefined, 'given before');
  t.strictSame(translated(calls, 'finalizePurchase', '/kp/v1/purchase/finalize', 200, {}, { approved: false }), [
    'finalizeSession',
    undefined,
    200,
  ]);
  t.strictSame(translated(calls, 'openExpressSession', '/kp/v1/express-sessions', 200, { data: { intent: 'buy' } }), [
    'createSession',
    { intent: 'buy' },
    200,
  ]);
  t.strictSame(translated(calls, 'payHostedPurchase', '/hpp/payments/h/pay', 200, { payment_option: 'pay_now' }), [
    'completeHostedSession',
    { payment_option: 'pay_now' },
    200,
  ]);
  t.strictSame(translated(calls, 'createOrder', '/payments/v1/authorizations/t/order', 200, { a: 1 }), [
    'createOrder',
    { a: 1 },
    200,
  ]);
  t.end();
});

t.test('a reauthorize is an authorize by the choice before, whoever made it', (t) => {
  const calls = new BrowserCalls();
  calls.translate(
    exchange('authorizeSession', '/sandbox/v1/sessions/s/authorize', 200, { payment_option: 'pay_in_4' }),
  );
  const [operation, body] =
    translated(calls, 'reauthorizePurchase', '/kp/v1/purchase/reauthorize', 200, {
      data: { locale: 'sv-SE' },
    }) ?? [];
  t.equal(operation, 'authorizeSession');
  t.match(body, { payment_option: 'pay_in_4', data: { locale: 'sv-SE' } });
  t.end();
});
