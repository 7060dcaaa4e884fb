import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ProxiedExchange, startProxy } from '../../../src/verify/record/proxy.js';
import t from '../../tap.js';

t.test('an exchange has the time at which it began, and how long it took', async (t) => {
  const times = [1_000, 1_012.5];
  const server = createServer((_, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const exchanges: ProxiedExchange[] = [];
  const proxy = await startProxy({
    port: 0,
    host: '127.0.0.1',
    target,
    keep: 1_000,
    onExchange: (exchange) => exchanges.push(exchange),
    wall: { now: () => 7, monotonic: () => times.shift() as number },
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  t.equal(await (await fetch(`${proxy.url}/a`)).text(), '{}');
  await proxy.close();
  t.strictSame(
    exchanges.map(({ at, ms, status }) => ({ at, ms, status })),
    [{ at: 7, ms: 12.5, status: 200 }],
  );
});
