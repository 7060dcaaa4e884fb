import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { startSandbox } from 'mock-klarna';
import { makeShop } from '../shop.cjs';

let klarna;
let shop;

before(async () => {
  klarna = await startSandbox(); // on a free port, and ready
  shop = makeShop({ klarna: klarna.url, ...klarna.credentials });
});
beforeEach(() => klarna.reset());
after(() => klarna.close());

test('a purchase that the shopper pays later', async () => {
  const session = await shop.beginPurchase();
  const { authorization_token } = await klarna.authorize(session, { payment_option: 'pay_later' });
  const order = await shop.placeOrder(authorization_token);
  assert.equal(order.fraud_status, 'ACCEPTED');
});

test('Klarna rejects the order', async () => {
  await klarna.scenario.choose('declines/order-rejected');
  const session = await shop.beginPurchase();
  const { authorization_token } = await klarna.authorize(session);
  await assert.rejects(shop.placeOrder(authorization_token), /REJECTED/);
});
