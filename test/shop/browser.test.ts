import { openPage, start } from '../contract/page.js';
import { boots, purchase, tokenRequest } from '../contract/sandbox.js';
import t from '../tap.js';
import { reportOf } from './shop.js';

const findingsOf = async (call: Parameters<typeof reportOf>[0]) =>
  (await reportOf(call)).findings.map(({ check, operation, path }) => [check, operation, path].join(' ')).sort();

t.test('a purchase through the browser is one of its session', async (t) => {
  const { url, call } = await start(t);
  const { load, authorize, finalize, read, created } = await openPage(call, url);
  await read();
  await load({ data: { merchant_reference1: 'SHOP-1' } });
  await authorize();
  const { authorization_token } = (await finalize()).body;
  const path = { authorizationToken: authorization_token };
  const { token_id } = (await call('createCustomerToken', { path, body: tokenRequest })).body;
  await call('readCustomerToken', { path: { customerToken: token_id } });
  const { order_id } = (await call('createOrder', { path, body: { ...purchase, merchant_reference1: 'SHOP-1' } })).body;
  await call('acknowledgeOrder', { path: { order_id }, headers: { 'Klarna-Idempotency-Key': created.session_id } });
  const found = await findingsOf(call);
  t.strictSame(
    found.filter((finding) => !finding.startsWith('practice/token-not-cancelled')),
    [],
  );
});

t.test('what a page gives to the script is judged as what it gives to authorize()', async (t) => {
  const { url, call } = await start(t);
  const { load, authorize } = await openPage(call, url);
  await load({ data: { order_amount: 7 } });
  await authorize({ data: { order_amount: 7 } });
  const care = { ...boots, name: 'Care', subscription: { name: 'Care', interval: 'MONTH', interval_count: 1 } };
  await load({ data: { order_amount: 20_000, order_tax_amount: 4000, order_lines: [boots, care] } });
  await authorize();
  const found = await findingsOf(call);
  for (const wanted of [
    'contract/refused authorizePurchase $.body.data.order_amount',
    'contract/refused loadPurchase $.body.data.order_amount',
    'practice/mixed-lines loadPurchase $.body.data.order_lines[1].subscription',
    'practice/authorization-left-open authorizePurchase ',
  ]) {
    t.ok(found.includes(wanted), `${wanted} in ${found.join(', ')}`);
  }
});
