import type { FastifyRequest } from 'fastify';
import { baseOf } from '../../src/server/call.js';
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
