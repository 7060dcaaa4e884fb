import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startServer } from '../../../src/server/start.js';
import { type ProxiedExchange, type ProxyOptions, startProxy } from '../../../src/verify/record/proxy.js';
import { basic, purchase } from '../../contract/sandbox.js';
import t, { type Test } from '../../tap.js';

const OPERATORS = { username: 'K1', password: 'pw' };

/** A recorder with the operator's credentials, and what its target heard. */
async function recorder(t: Test, options: Partial<ProxyOptions> = {}) {
  const heard: IncomingHttpHeaders[] = [];
  const target = createServer((asked, answering) => {
    heard.push(asked.headers);
    answering.end('{}');
  }).listen(0, '127.0.0.1');
  await once(target, 'listening');
  const exchanges: ProxiedExchange[] = [];
  const refusals: string[] = [];
  const proxy = await startProxy({
    port: 0,
    host: '127.0.0.1',
    target: new URL(`http://127.0.0.1:${(target.address() as AddressInfo).port}`),
    credentials: OPERATORS,
    keep: 1_000,
    onExchange: (exchange) => exchanges.push(exchange),
    onRefusal: (line) => refusals.push(line),
    ...options,
  });
  t.teardown(async () => {
    await proxy.close();
    target.closeAllConnections();
    target.close();
  });
  return { url: proxy.url, port: new URL(proxy.url).port, heard, exchanges, refusals };
}

/** Sends exactly these headers; gives the status and the body. */
function ask(url: string, path: string, headers: Record<string, string>, method = 'GET', body = '') {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(url + path, { method, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode as number, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

t.test('the operator’s credentials are for those who call the recorder by its name', async (t) => {
  const { url, port, heard, exchanges, refusals } = await recorder(t, { hosts: ['rec.example.com'] });
  const own = [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    'recorder:5529',
    'api.klarna.com',
    'api-na.playground.klarna.com',
  ];
  for (const host of [...own, 'rec.example.com']) {
    t.equal((await ask(url, '/payments/v1/sessions', { host }, 'POST', '{}')).status, 200, host);
  }
  t.equal(heard.length, 6);
  for (const { authorization } of heard) t.equal(authorization, basic('K1', 'pw'));
  heard.length = 0;
  const foreign = [`evil.example.com:${port}`, 'localhost.evil.com', 'api.klarna.com.evil.com', 'x.rec.example.com'];
  for (const host of foreign) {
    const { status, text } = await ask(url, '/payments/v1/sessions?a=secret', { host }, 'POST', '{}');
    t.equal(status, 421, host);
    t.match(
      text,
      `mock-klarna record: Host: given ${host}, which is no name of this recorder; allow it with --allow-host`,
    );
  }
  t.strictSame(heard, [], 'nothing of it is sent on');
  t.equal(exchanges.length, 6, 'nor recorded');
  t.match(refusals[0], /^POST \/payments\/v1\/sessions 421 {2}Host: given evil\.example\.com/);
  t.notMatch(refusals.join(), 'secret');
});

t.test('and for no page of another origin', async (t) => {
  const { url, port, heard } = await recorder(t);
  const host = `localhost:${port}`;
  const forms = { 'content-type': 'text/plain' };
  for (const origin of ['http://evil.example.com', 'null', '', 'http://localhost:3000', `http://127.0.0.1:${port}`]) {
    for (const [method, path] of [
      ['POST', '/payments/v1/sessions'],
      ['GET', '/ordermanagement/v1/orders/1'],
      ['OPTIONS', '/payments/v1/sessions'],
      ['POST', '/sandbox/v1/reset'],
      ['POST', '/%6bp/v1/purchase'],
    ] as const) {
      const { status, text } = await ask(url, path, { host, origin, ...forms }, method);
      t.equal(status, 403, `${origin} ${method} ${path}`);
      t.match(text, /whose pages may not use this recorder/);
    }
  }
  t.strictSame(heard, []);
  t.equal((await ask(url, '/payments/v1/sessions', { host, origin: `http://${host}` }, 'POST')).status, 200, 'its own');
});

t.test('what pages on any origin call passes as it came, without the operator’s credentials', async (t) => {
  const { url, port, heard } = await recorder(t);
  const headers = { host: `localhost:${port}`, origin: 'http://localhost:3000' };
  for (const path of ['/kp/lib/v1/api.js', '/lib.js', '/web-sdk/v2/klarna.mjs', '/hpp/payments/1/purchase']) {
    t.equal((await ask(url, path, headers)).status, 200, path);
  }
  t.equal((await ask(url, '/kp/v1/purchase', { ...headers, authorization: 'Bearer a.b.c' })).status, 200);
  t.strictSame(
    heard.map(({ authorization }) => authorization),
    [undefined, undefined, undefined, undefined, 'Bearer a.b.c'],
  );
});

t.test('without credentials of its own the target judges the Origin, and the recorder the Host', async (t) => {
  const { url, heard } = await recorder(t, { credentials: undefined });
  t.equal((await ask(url, '/payments/v1/sessions', { host: 'evil.example.com' })).status, 421);
  t.equal(
    (await ask(url, '/payments/v1/sessions', { host: 'shop.test', origin: 'http://shop.test:3000' })).status,
    200,
  );
  t.equal(heard.length, 1);
});

t.test('a sandbox behind it keeps foreign pages away from its control API', async (t) => {
  const sandbox = await startServer({ port: 0 });
  t.teardown(sandbox.close);
  for (const credentials of [OPERATORS, undefined]) {
    const { url, port } = await recorder(t, { credentials, target: new URL(sandbox.url) });
    const headers = { host: `localhost:${port}`, authorization: basic('boots'), 'content-type': 'application/json' };
    const created = await ask(url, '/payments/v1/sessions', headers, 'POST', JSON.stringify(purchase));
    t.equal(created.status, 200);
    for (const path of ['/sandbox/v1/journal', '//sandbox/v1/journal', '/%73andbox/v1/events', '/', '/docs']) {
      t.equal((await ask(url, path, { ...headers, origin: 'http://evil.example.com' })).status, 403, path);
      t.equal((await ask(url, path, { ...headers, host: 'evil.example.com' })).status, 421, path);
    }
  }
});
