import { startSandbox } from 'mock-klarna';
import { expect, test, vi } from 'vitest';
import { makeShop } from '../shop.cjs';

test('the time of the test stands still, and the sandbox goes on', async () => {
  vi.useFakeTimers({ now: 0 });
  const klarna = await startSandbox({ seed: 'boots' });
  const shop = makeShop({ klarna: klarna.url, ...klarna.credentials });
  const { authorization_token } = await klarna.authorize(await shop.beginPurchase());
  expect(await klarna.clock.advance('P1D')).toBe('2026-01-02T12:00:00.000Z');
  await expect(shop.placeOrder(authorization_token)).rejects.toThrow('NOT_FOUND');
  expect((await klarna.replay('mixed-payments/subscription')).result).toBe('passed');
  expect(Date.now()).toBe(0);
  await klarna.close();
});
