const { ControlError, startSandbox } = require('mock-klarna');
const { makeShop } = require('../shop.cjs');

let klarna;

beforeAll(() => {
  jest.useFakeTimers({ now: 0 });
});
beforeEach(async () => {
  klarna = await startSandbox({ seed: 'boots' });
});
afterEach(() => klarna.close());

test('the time of the test stands still, and the sandbox goes on', async () => {
  const shop = makeShop({ klarna: klarna.url, ...klarna.credentials });
  const session = await shop.beginPurchase();
  const { authorization_token } = await klarna.authorize(session);
  expect(await klarna.clock.advance('P1D')).toBe('2026-01-02T12:00:00.000Z');
  await expect(shop.placeOrder(authorization_token)).rejects.toThrow('NOT_FOUND');
  expect(Date.now()).toBe(0);
});

test('answers and errors are those of the test', async () => {
  expect(await klarna.scenario.progress()).toStrictEqual({});
  const refused = await klarna.authorize('nobody').catch((error) => error);
  expect(refused).toBeInstanceOf(ControlError);
  expect(refused).toBeInstanceOf(Error);
  await expect(startSandbox({ clok: 1 })).rejects.toThrow(TypeError);
  await expect(startSandbox({ clok: 1 })).rejects.toThrow('did you mean "clock"?');
});

test('it can be required again', async () => {
  jest.resetModules();
  const again = await require('mock-klarna').startSandbox({ clock: new Date(0) });
  expect(await again.clock.now()).toMatch(/^1970-/);
  expect((await again.replay('mixed-payments/subscription')).result).toBe('passed');
  await again.close();
});
