import type { FastifyRequest } from 'fastify';
import { baseOf, basesOf } from '../../src/server/call.js';
import t from '../tap.js';

const request = (given: object) => given as unknown as FastifyRequest;

t.test('what a proxy forwards and is no scheme or host is none', async (t) => {
  const headers = { host: 'shop.test:443' };
  const forwarded = { protocol: 'gopher', host: 'a b', headers };
  t.equal(baseOf(request({ ...forwarded, socket: { encrypted: true } })), 'https://shop.test:443');
  t.equal(baseOf(request({ ...forwarded, socket: {} })), 'http://shop.test:443');
  t.equal(baseOf(request({ ...forwarded, protocol: 'HTTPS', socket: {} })), 'https://shop.test:443');
});

t.test('where no host is named the address that was reached takes its place', async (t) => {
  const unnamed = { protocol: 'http', host: '', headers: {} };
  t.equal(baseOf(request({ ...unnamed, socket: { localAddress: '::1', localPort: 80 } })), 'http://[::1]:80');
  t.equal(baseOf(request({ ...unnamed, socket: { localAddress: '127.0.0.1', localPort: 80 } })), 'http://127.0.0.1:80');
});

t.test('each request has the bases that it called itself, whatever another called before', async (t) => {
  const called = (protocol: string, host: string, socket: object = {}, publicUrl?: string) =>
    basesOf(request({ protocol, host, headers: { host }, socket }), publicUrl);
  const first = called('http', '127.0.0.1:80');
  t.strictSame(first, {
    base: 'http://127.0.0.1:80',
    browserBase: 'http://127.0.0.1:80',
    sdkBase: 'http://localhost:80',
  });
  t.equal(called('http', '127.0.0.1:80'), first, 'the same object');
  t.equal(called('https', '127.0.0.1:80').base, 'https://127.0.0.1:80');
  t.equal(called('https', 'shop.test').base, 'https://shop.test');
  t.strictSame(called('https', 'shop.test', {}, 'https://a.test'), {
    base: 'https://shop.test',
    browserBase: 'https://a.test',
    sdkBase: 'https://a.test',
  });
  t.equal(called('https', 'shop.test').browserBase, 'https://shop.test');
  for (const [localAddress, encrypted] of [
    ['127.0.0.1', {}],
    ['127.0.0.2', {}],
    ['127.0.0.2', { encrypted: true }],
  ] as const) {
    const scheme = 'encrypted' in encrypted ? 'https' : 'http';
    t.equal(called('gopher', '', { localAddress, localPort: 80, ...encrypted }).base, `${scheme}://${localAddress}:80`);
  }
});
