import { startSandbox } from 'mock-klarna';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeShop } from '../shop.cjs';

let klarna;
let shop;

beforeAll(async () => {
  klarna = await startSandbox(); // on a free port, and ready
  shop = makeShop({ klarna: klarna.url, ...klarna.credentials });
});
beforeEach(() => klarna.reset());
afterAll(() => klarna.close());

test('a purchase that the shopper pays later', async () => {
  const session = await shop.beginPurchase();
  const { authorization_token } = await klarna.authorize(session, { payment_option: 'pay_later' });
  const order = await shop.placeOrder(authorization_token);
  expect(order.fraud_status).toBe('ACCEPTED');
});

test('Klarna rejects the order', async () => {
  await klarna.scenario.choose('declines/order-rejected');
  const session = await shop.beginPurchase();
  const { authorization_token } = await klarna.authorize(session);
  await expect(shop.placeOrder(authorization_token)).rejects.toThrow('REJECTED');
});
