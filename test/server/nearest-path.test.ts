import { nearestPath } from '../../src/server/nearest-path.js';
import t from '../tap.js';

t.test('the call that a path stands for', async (t) => {
  for (const [method, path, call] of [
    ['POST', '/payments/v1/session', 'POST /payments/v1/sessions'],
    ['POST', '/payment/v1/sessions', 'POST /payments/v1/sessions'],
    ['GET', '/payments/v1/session/abc', 'GET /payments/v1/sessions/abc'],
    ['DELETE', '/payments/v1/session/abc', 'GET /payments/v1/sessions/abc'],
    ['POST', '/payments/v1/authorization/abc/orders', 'POST /payments/v1/authorizations/abc/order'],
    ['POST', '/payments/v1/authorizations/abc/customer-tokens', 'POST /payments/v1/authorizations/abc/customer-token'],
    ['POST', '/api/payments/v1/sessions', 'POST /payments/v1/sessions'],
    ['POST', '/v1/sessions', 'POST /payments/v1/sessions'],
    ['GET', '/ordermanagement/v1/order/abc', 'GET /ordermanagement/v1/orders/abc'],
    ['POST', '/checkout/v3/orders', undefined],
    ['GET', '/something/else/altogether', undefined],
    ['GET', `/${'x'.repeat(200)}`, undefined],
  ] as const) {
    t.equal(nearestPath(method, path), call, `${method} ${path}`);
  }
  for (let n = 0; n < 150; n++) nearestPath('GET', `/nothing/${n}`);
  t.equal(
    nearestPath('GET', '/payments/v1/session/abc'),
    'GET /payments/v1/sessions/abc',
    'and still after many others',
  );
});
