import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { send } from '../../src/client/send.js';
import t, { type Test } from '../tap.js';

/** Starts a server that answers by a function; returns its base URL. */
async function serving(t: Test, answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    answer(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

t.test('a request goes out as it stands', async (t) => {
  const url = await serving(t, ({ method, url, headers }, response, body) => {
    response.end(JSON.stringify({ method, url, body, host: headers.host, 'x-own': headers['x-own'] }));
  });
  const headers = { host: 'klarna.test', 'x-own': 'a' };
  for (const [method, path, body] of [
    ['GET', '/a/../b//%2e%2E/?q=%20#', '{"with":"a body"}'],
    ['DELETE', '/', '{}'],
    ['POST', '/ä'.replace('ä', '%C3%A4'), ''],
  ] as const) {
    const { answer } = await send({ method, url: url + path, headers, body });
    t.strictSame(answer?.body, { method, url: path, body, host: 'klarna.test', 'x-own': 'a' }, `${method} ${path}`);
  }
  const { answer } = await send({ method: 'GET', url, headers: {}, body: undefined });
  t.match(answer, { status: 200, body: { url: '/', body: '' } }, 'a URL without a path');
});

t.test('an answer is as it came', async (t) => {
  const answers = new Map<string, [number, Record<string, string | string[]>, string]>([
    ['/json', [200, { 'content-type': 'text/plain', 'x-many': ['a', 'b'] }, '{"a":[1]}']],
    ['/text', [404, {}, '<p>']],
    ['/none', [204, {}, '']],
    ['/away', [302, { location: '/json' }, '']],
  ]);
  const url = await serving(t, ({ url }, response) => {
    const [status, headers, body] = answers.get(String(url)) as [number, Record<string, string>, string];
    response.writeHead(status, headers).end(body);
  });
  const get = async (path: string) =>
    (await send({ method: 'GET', url: url + path, headers: {}, body: undefined })).answer;
  t.match(await get('/json'), { status: 200, headers: { 'content-type': 'text/plain' }, body: { a: Array } });
  t.strictSame((await get('/json'))?.headers['x-many'], ['a', 'b']);
  t.match(await get('/text'), { status: 404, body: '<p>' });
  t.match(await get('/none'), { status: 204, body: undefined });
  t.match(await get('/away'), { status: 302, headers: { location: '/json' } }, 'a redirect is not followed');
});

t.test('a request that is late before it could be sent is never sent', async (t) => {
  const asked: (string | undefined)[] = [];
  const url = await serving(t, (request, response) => {
    asked.push(request.url);
    response.end();
  });
  const request = { method: 'GET', headers: {}, body: undefined };
  const late = send({ ...request, url: `${url}/late` }, 1);
  await null;
  // The time is over before the connection can be seen to be open.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  t.strictSame(await late, { trouble: 'timed out after 0.001 s' });
  for (const path of ['/a', '/b']) await send({ ...request, url: url + path });
  t.strictSame(asked, ['/a', '/b']);
});

t.test('a request without an answer says why, in one line', async (t) => {
  const url = await serving(t, ({ url }, response) => {
    if (url === '/closes') response.destroy();
    else if (url === '/breaks-off')
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
  });
  const trouble = async (to: string, timeout?: number) => {
    const { answer, trouble = '' } = await send({ method: 'GET', url: to, headers: {}, body: undefined }, timeout);
    t.equal(answer, undefined, to);
    return trouble;
  };
  t.equal(await trouble(`${url}/closes`), 'socket hang up');
  t.equal(await trouble(`${url}/breaks-off`), 'socket hang up');
  t.equal(await trouble(`${url}/hangs`, 50), 'timed out after 0.05 s');
  t.equal(await trouble('http://127.0.0.1:1/'), 'connect ECONNREFUSED 127.0.0.1:1');
  t.match(await trouble('http://nobody.invalid/'), /^getaddrinfo \w+ nobody\.invalid$/);
  t.match(await trouble(`${url}/a b`), /path/);
});
