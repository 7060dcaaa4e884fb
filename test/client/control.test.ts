import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask } from '../../src/client/control.js';
import { buildRequest, NOTHING_KEPT } from '../../src/client/request.js';
import type { Target } from '../../src/client/target.js';
import { operationNamed } from '../../src/contract/operations.js';
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

t.test('a call that is under way when its target is closed ends with the reason, whatever it gets', async (t) => {
  for (const end of [
    (response: ServerResponse) => response.end('{}'),
    (response: ServerResponse) => response.writeHead(503).end(),
    (response: ServerResponse) => response.destroy(),
  ]) {
    const closing = new AbortController();
    const server = createServer((_request, response) => {
      closing.abort('it was closed');
      end(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const { port } = server.address() as AddressInfo;
    const target = {
      url: `http://127.0.0.1:${port}`,
      username: 'shop',
      password: 'secret',
      closed: closing.signal,
    };
    const error = { name: 'ControlError', operation: 'readClock', message: 'readClock got no answer: it was closed' };
    await t.rejects(ask(target, 'readClock'), error);
    server.close();
    await t.rejects(ask(target, 'readClock'), error, 'and so does one that comes later');
  }
});

t.test('a request has the headers that its target wants, and no others', (t) => {
  const headers = (name: string, more: Partial<Target> = {}, own: Record<string, string> = {}) => {
    const request = { path: {}, query: {}, headers: own, body: undefined };
    const target = { url: 'http://h', username: 'shop', password: 'secret', ...more };
    return buildRequest({ operation: operationNamed(name), request }, target, NOTHING_KEPT).headers;
  };
  const authorization = 'Basic c2hvcDpzZWNyZXQ=';
  t.strictSame(headers('readHealth'), {});
  t.strictSame(headers('readClock'), { authorization });
  t.strictSame(headers('readClock', { host: 'klarna.test' }), { authorization, host: 'klarna.test' });
  t.strictSame(headers('readHealth', { harness: 'drift' }), { 'mock-klarna-harness': 'drift' });
  t.strictSame(headers('readClock', { host: 'klarna.test' }, { HOST: '$absent', Authorization: 'x' }), {
    authorization: 'x',
  });
  t.end();
});

t.test('a path parameter that nothing fills leaves its place empty', (t) => {
  const request = { path: {}, query: {}, headers: {}, body: undefined };
  const target = { url: 'http://h', username: 'shop', password: 'secret' };
  const { url } = buildRequest({ operation: operationNamed('readCapture'), request }, target, NOTHING_KEPT);
  t.equal(url, 'http://h/ordermanagement/v1/orders//captures/');
  t.end();
});
