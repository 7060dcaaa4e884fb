import { startSandbox } from '../../src/index.js';
import { startServer } from '../../src/server/start.js';
import t from '../tap.js';

t.test('other machines get in only when somebody has said that they may', async (t) => {
  for (const host of ['0.0.0.0', '::', '192.168.1.2', 'shop.test', '', '0']) {
    const refused = {
      name: 'TypeError',
      message: /^host: given .*, which other machines reach.* adminToken, or open: true/,
    };
    await t.rejects(startServer({ host, port: 0 }), refused, host);
    await t.rejects(startServer({ host, port: 0, open: false }), refused, host);
    await t.rejects(startSandbox({ host }), refused, `${host}, startSandbox()`);
  }
  for (const options of [{ open: true }, { adminToken: 'open sesame' }]) {
    const server = await startSandbox({ host: '0.0.0.0', ...options });
    t.equal((await fetch(`${server.url}/sandbox/v1/health`)).status, 200);
    t.equal(Date.parse(await server.clock.now()) > 0, true, 'its own methods work');
    await server.close();
  }
});

t.test('on loopback nothing has to be said', async (t) => {
  for (const host of ['127.0.0.1', 'localhost', '127.0.0.2']) {
    const { close } = await startServer({ host, port: 0 });
    await close();
  }
  t.pass();
});
