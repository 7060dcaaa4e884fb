import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask } from '../../src/client/control.js';
import t from '../tap.js';

t.test('what is asked for stands in the URL, as it was given', async (t) => {
  const asked: string[] = [];
  const server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const target = { url: `http://127.0.0.1:${port}`, username: 'shop', password: 'secret' };
  await ask(target, 'listOrders', { query: { limit: '1', after: 'a b&c' } });
  await ask(target, 'listOrders');
  await ask(target, 'readOrder', { path: { order_id: 'a$b' } });
  t.strictSame(asked, [
    'GET /sandbox/v1/orders?limit=1&after=a+b%26c',
    'GET /sandbox/v1/orders',
    'GET /ordermanagement/v1/orders/a%24b',
  ]);
});
