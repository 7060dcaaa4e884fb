import type { FastifyInstance } from 'fastify';
import type { Test } from '../tap.js';
import { openPage, sandbox } from './browser.js';

const example = new URL('../../examples/shop/shop.js', import.meta.url).href;

/** Starts a sandbox and the example shop, and opens the shop's page. */
export async function openShop(t: Test) {
  const { makeShop } = await import(example);
  const { url, merchant, target } = await sandbox(t);
  const shop: FastifyInstance = makeShop({ klarna: url, username: target.username, password: target.password });
  await shop.listen({ port: 0, host: '127.0.0.1' });
  t.teardown(() => shop.close());
  const opened = await openPage(t);
  const address = shop.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { ...opened, merchant, open: () => opened.page.goto(`http://localhost:${port}/`) };
}
