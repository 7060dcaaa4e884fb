import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { actAs } from '../../src/client/merchant-sandbox.js';
import type { ServerOptions } from '../../src/server/start.js';
import { startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';

let connected: Promise<Browser> | undefined;

/** Returns the browser that the runner started; it lives as long as the runner. */
function browser(): Promise<Browser> {
  const endpoint = process.env.MOCK_KLARNA_TEST_BROWSER;
  if (endpoint === undefined) throw new Error('no browser: run these tests by npm run test:browser');
  connected ??= chromium.connect(endpoint);
  return connected;
}

t.teardown(async () => (await connected)?.close());

/** Starts a sandbox; returns its address, as a browser names it, and the methods of a merchant. */
export async function sandbox(t: Test, options: ServerOptions = {}, merchant = 'boots') {
  const { url, close } = await startServer({ port: 0, ...options });
  t.teardown(close);
  return {
    url: url.replace('127.0.0.1', 'localhost'),
    merchant: actAs({ url, username: merchant, password: 'secret' }),
    target: { url, username: merchant, password: 'secret' },
  };
}

/** Opens a page in a context of its own; its errors and console lines are kept, and a request to another host fails. */
export async function openPage(t: Test, options: BrowserContextOptions = {}) {
  const context = await (await browser()).newContext({ viewport: { width: 1_000, height: 800 }, ...options });
  t.teardown(() => context.close());
  await context.route(
    (url) => !/^(localhost|127\.0\.0\.1|\[::1\]|.*\.localhost)$/.test(url.hostname) && url.protocol.startsWith('http'),
    (route) => {
      strangers.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  const errors: string[] = [];
  const lines: string[] = [];
  const strangers: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
  page.setDefaultTimeout(10_000);
  return { page, context, errors, lines, strangers };
}

/** Serves one page of a shop on an origin of its own. */
export async function shopPage(t: Test, html: string, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

export type { Page };
