/** @jest-environment jsdom */
const { startSandbox } = require('mock-klarna');

test('a component test has no fetch, and the sandbox needs none of its', async () => {
  expect(globalThis.fetch).toBeUndefined();
  const klarna = await startSandbox();
  expect(await klarna.journal.exchanges()).toStrictEqual([]);
  await klarna.scenario.choose('declines/order-rejected');
  await klarna.reset();
  expect(await klarna.scenario.progress()).toStrictEqual({});
  await klarna.close();
});
