import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startSandbox as startOwn } from '../../src/index.js';
import t from '../tap.js';
import { basic, purchase, startSandbox } from './sandbox.js';

interface Asked {
  url: string;
  ca: string;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Asks by TLS; every name leads to this machine, as a hosts file has it. */
async function ask({ url, ca, method = 'GET', body, headers = {} }: Asked) {
  const sent = request(url, {
    method,
    ca,
    agent: false,
    headers: { authorization: basic('boots'), 'content-type': 'application/json', ...headers },
    lookup: (_name, options, done) =>
      options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
  });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const content = await text(answer);
  return { status: answer.statusCode, headers: answer.headers, body: content === '' ? undefined : JSON.parse(content) };
}

t.test('one server answers by HTTP and by TLS, and URLs follow', async (t) => {
  const { url, server, as } = await startSandbox(t, { tls: true, tlsPort: 0 });
  const { url: secure, ca } = server.tls as { url: string; ca: string };
  t.match(secure, /^https:\/\/127\.0\.0\.1:\d+$/);
  const created = await ask({ url: `${secure}/payments/v1/sessions`, ca, method: 'POST', body: purchase });
  t.equal(created.status, 200);
  const { session_id } = created.body;
  t.equal((await as('boots')('readSession', { path: { session_id } })).status, 200, 'the same merchant by HTTP');
  const hosted = {
    payment_session_url: `${url}/payments/v1/sessions/${session_id}`,
    merchant_urls: { success: `${url}/x` },
  };
  const page = await ask({ url: `${secure}/hpp/v1/sessions`, ca, method: 'POST', body: hosted });
  t.ok(page.body.redirect_url.startsWith(`${secure}/hpp/payments/`), page.body.redirect_url);
  t.ok(page.body.session_url.startsWith(`${secure}/hpp/v1/sessions/`), page.body.session_url);
  t.equal((await ask({ url: `${secure}/sandbox/v1/health`, ca })).status, 200);
  await t.rejects(
    ask({ url: `${secure}/sandbox/v1/health`, ca: created.body.client_token }),
    'who trusts nothing gets nothing',
  );
});

t.test('Klarna’s own names lead to it', async (t) => {
  const { server } = await startSandbox(t, { tls: true, tlsPort: 0 });
  const { url, ca } = server.tls as { url: string; ca: string };
  const { port } = new URL(url);
  for (const host of ['api.klarna.com', 'api-oc.playground.klarna.com']) {
    const base = `https://${host}:${port}`;
    const created = await ask({ url: `${base}/payments/v1/sessions`, ca, method: 'POST', body: purchase });
    t.equal(created.status, 200, host);
    const claims = JSON.parse(Buffer.from(created.body.client_token.split('.')[1], 'base64url').toString());
    t.equal(new URL(claims.base_url).origin, base, 'the client token leads to it as well');
    t.equal((await ask({ url: `${base}/sandbox/v1/clock`, ca })).status, 421, 'the control API has names of its own');
  }
  const script = request(`https://x.klarnacdn.net:${port}/kp/frames/main`, {
    ca,
    agent: false,
    lookup: (_name, options, done) =>
      options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
  }).end();
  const [answer] = (await once(script, 'response')) as [IncomingMessage];
  answer.resume();
  t.equal(answer.statusCode, 200);
});

t.test('bytes that are no HTTP are answered by TLS as by HTTP, and a plain request is not', async (t) => {
  const { server } = await startSandbox(t, { tls: true, tlsPort: 0 });
  const { url, ca } = server.tls as { url: string; ca: string };
  const refused = await ask({ url: `${url}/payments/v1/sessions`, ca, headers: { 'x-long': 'x'.repeat(30_000) } });
  t.equal(refused.status, 400);
  t.match(refused.headers['mock-klarna-explain'], 'target and headers take more than 20 kB');
  const { hostname, port } = new URL(url);
  const plain = connect(Number(port), hostname, () => plain.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
  plain.on('error', () => {});
  t.equal(await text(plain), '');
});

t.test('a process that is told of the certificate by NODE_EXTRA_CA_CERTS trusts it', async (t) => {
  const klarna = await startOwn({ tls: true });
  t.teardown(() => klarna.close());
  const { url, ca = '' } = klarna.tls ?? { url: '' };
  const file = join(t.testdir({}), 'ca.pem');
  writeFileSync(file, ca);
  const code = `fetch(${JSON.stringify(`${url}/sandbox/v1/health`)}).then((answer) => console.log(answer.status), (error) => console.log(error.cause.code))`;
  const told = async (env: Record<string, string>) => {
    const child = spawn(process.execPath, ['-e', code], { env: { PATH: process.env.PATH ?? '', ...env } });
    return (await text(child.stdout)).trim();
  };
  t.equal(await told({ NODE_EXTRA_CA_CERTS: file }), '200');
  t.not(await told({}), '200');
});

t.test('it ends with the server, and does not begin where its port is taken', async (t) => {
  const { url, server } = await startSandbox(t);
  const { port } = new URL(url);
  await t.rejects(startOwn({ tls: true, tlsPort: Number(port) }), { code: 'EADDRINUSE' });
  const other = await startOwn({ tls: true });
  const { tls } = other;
  const { hostname, port: securePort } = new URL(tls?.url ?? '');
  const silent = connect(Number(securePort), hostname);
  await once(silent, 'connect');
  const gone = once(silent, 'close');
  await other.close();
  await gone;
  t.pass('a connection that says nothing does not hold it');
  await t.rejects(ask({ url: `${tls?.url}/sandbox/v1/health`, ca: tls?.ca ?? '' }), { code: 'ECONNREFUSED' });
  t.equal(server.tls, undefined);
});
