import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startProxy } from '../../src/verify/record/proxy.js';
import t, { type Test } from '../tap.js';
import { openPage, sandbox } from './browser.js';

const NAME = 'rebound.example.com';

/** Lets a server listen until the test ends. */
async function listening(t: Test, server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
}

/**
 * Leads the name of a foreign page to its own server first and to another one later, as its owner's DNS does. The browser sees
 * one origin all the time.
 */
async function rebinding(t: Test, port: string) {
  const evil = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>evil</title>');
  });
  let rebound = false;
  const dns = createServer((asked, answering) => {
    const { pathname, search } = new URL(asked.url as string);
    const to = rebound ? port : (evil.address() as AddressInfo).port;
    const { method, headers } = asked;
    const going = request({ host: '127.0.0.1', port: to, path: pathname + search, method, headers }, (answer) => {
      answering.writeHead(answer.statusCode as number, answer.headers);
      answer.pipe(answering);
    });
    going.on('error', () => answering.destroy());
    asked.pipe(going);
  });
  for (const server of [evil, dns]) await listening(t, server);
  const { page, context } = await openPage(t, {
    proxy: { server: `http://127.0.0.1:${(dns.address() as AddressInfo).port}` },
  });
  await context.unrouteAll();
  await page.goto(`http://${NAME}:${port}/`);
  t.equal(await page.title(), 'evil');
  rebound = true;
  return (path: string, method = 'GET', headers: Record<string, string> = {}) =>
    page.evaluate(
      async ([path, method, headers]) => {
        const answer = await fetch(path, { method, headers: JSON.parse(headers) });
        return { status: answer.status, text: await answer.text() };
      },
      [path, method, JSON.stringify(headers)] as const,
    );
}

t.test('a page that leads its own name to the sandbox gets nothing of control API and pages', async (t) => {
  const { url, merchant } = await sandbox(t);
  await merchant.clock.now();
  const ask = await rebinding(t, new URL(url).port);
  const authorization = `Basic ${btoa('boots:secret')}`;
  for (const [path, method] of [
    ['/', 'GET'],
    ['/docs', 'GET'],
    ['/sandbox/v1/health', 'GET'],
    ['/sandbox/v1/journal', 'GET'],
    ['/sandbox/v1/events', 'GET'],
    ['/sandbox/v1/reset', 'POST'],
    ['/%73andbox/v1/clock', 'GET'],
  ] as const) {
    const { status, text } = await ask(path, method, { authorization });
    t.equal(status, 421, `${method} ${path}`);
    t.match(text, `Host: given ${NAME}`);
  }
});

t.test('nor anything by the operator’s credentials from the recorder', async (t) => {
  const heard: string[] = [];
  const target = createServer((asked, answering) => {
    heard.push(asked.url as string);
    answering.end('{}');
  });
  await listening(t, target);
  const proxy = await startProxy({
    port: 0,
    host: '127.0.0.1',
    target: new URL(`http://127.0.0.1:${(target.address() as AddressInfo).port}`),
    credentials: { username: 'K1', password: 'pw' },
    keep: 1_000,
    onExchange() {},
  });
  t.teardown(() => proxy.close());
  const ask = await rebinding(t, new URL(proxy.url).port);
  for (const [path, method] of [
    ['/ordermanagement/v1/orders/1', 'GET'],
    ['/payments/v1/sessions', 'POST'],
  ] as const) {
    t.equal((await ask(path, method)).status, 421, path);
  }
  t.strictSame(heard, []);
});
