import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSandbox } from 'mock-klarna';
import { makeShop } from '../shop.cjs';

test('the time of the test stands still, and the sandbox goes on', async (t) => {
  t.mock.timers.enable();
  const klarna = await startSandbox({ seed: 'boots' });
  const shop = makeShop({ klarna: klarna.url, ...klarna.credentials });
  const { authorization_token } = await klarna.authorize(await shop.beginPurchase());
  assert.equal(await klarna.clock.advance('P1D'), '2026-01-02T12:00:00.000Z');
  await assert.rejects(shop.placeOrder(authorization_token), /NOT_FOUND/);
  assert.equal((await klarna.replay('mixed-payments/subscription')).result, 'passed');
  assert.equal(Date.now(), 0);
  await klarna.close();
});
