// Bytes on a connection, without a client of HTTP between.
import { connect } from 'node:net';
import { PATIENCE } from './judge.js';
import { basic } from './send.js';

/** Opens a connection; nothing that becomes of it is thrown. */
export function open(url) {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname).on('error', () => {});
}

/**
 * Sends bytes and says that no more will come. Returns what came back until the connection ended, or nothing if it did
 * not end in time.
 */
export function exchange(url, bytes) {
  return new Promise((resolve) => {
    const socket = open(url);
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      answer += text;
    });
    const guard = setTimeout(() => {
      socket.destroy();
      resolve(undefined);
    }, PATIENCE);
    socket.on('close', () => {
      clearTimeout(guard);
      resolve(answer);
    });
    socket.end(bytes);
  });
}

/** Returns the statuses of the answers in what came back. */
export const statusesIn = (text) =>
  [...text.matchAll(/(?:^|\r\n|\}|>)HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

const HOST = 'Host: localhost\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const post = (headers, body = '') =>
  `POST /payments/v1/sessions HTTP/1.1\r\n${HOST}Authorization: ${basic('raw')}\r\n${JSON_TYPE}${headers}\r\n${body}`;
const get = (headers) => `GET /sandbox/v1/health HTTP/1.1\r\n${HOST}${headers}\r\n`;

const randomBytes = (random) =>
  Buffer.from(Array.from({ length: 1 + Math.floor(random() * 400) }, () => Math.floor(random() * 256)));

/** Requests that are none, or two, or none that was ever finished; each is made by the numbers that `random` gives. */
export const HOSTILE = [
  (random) => randomBytes(random),
  (random) =>
    Buffer.concat([Buffer.from('GET /'), randomBytes(random), Buffer.from(' HTTP/1.1\r\nHost: localhost\r\n\r\n')]),
  (random) =>
    Buffer.concat([Buffer.from(`GET / HTTP/1.1\r\n${HOST}X: `), randomBytes(random), Buffer.from('\r\n\r\n')]),
  (random) => post(`Content-Length: 20\r\n`, '{ "order_amount": 12').slice(0, Math.floor(random() * 200)),
  () => post('Content-Length: 5\r\nContent-Length: 7\r\n', '{"a":1}'),
  () => post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\nGET / HTTP/1.1\r\n\r\n'),
  () => post('Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n0\r\n\r\n'),
  () => post('Transfer-Encoding: chunked\r\n', 'ffffffffffffffff\r\n{}\r\n'),
  () => post('Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n'),
  () => post('Transfer-Encoding: gzip, chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
  () => post('Transfer-Encoding: chunked\r\nTrailer: X\r\n', `2\r\n{}\r\n0\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`),
  () => post('Content-Length: -1\r\n', '{}'),
  () => post('Content-Length: 99999999999999999999\r\n', '{}'),
  () => post('Content-Length: 2\r\nExpect: 100-continue\r\n', '{}'),
  () => post('Content-Length: 2\r\nExpect: nonsense\r\n', '{}'),
  () => get(`X: ${'a'.repeat(100_000)}\r\n`),
  () => get('X: a\r\n'.repeat(5_000)),
  () => get('X : a\r\n'),
  () => get('X: a\r\n folded\r\n'),
  () => get('Host: other\r\n'),
  () => get('Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n'),
  () => get('Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'),
  () => 'GET /sandbox/v1/health HTTP/1.1\r\n\r\n',
  () => 'GET /sandbox/v1/health HTTP/1.0\r\n\r\n',
  () => 'GET /sandbox/v1/health HTTP/9.9\r\nHost: localhost\r\n\r\n',
  () => 'GET /sandbox/v1/health\r\n',
  () => 'GET /sandbox/v1/health HTTP/1.1\nHost: localhost\n\n',
  () => 'GET http://evil.example.com/sandbox/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n',
  () => 'GET //evil.example.com/%2e%2e HTTP/1.1\r\nHost: localhost\r\n\r\n',
  () => `GET /${'a'.repeat(200_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  () => 'CONNECT evil.example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  () => 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n',
  () => 'TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n',
  () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  () => 'SSH-2.0-soak\r\n',
  () => '\r\n\r\n\r\n',
  () => `${post('Content-Length: 2\r\n', '{}')}${get('')}${'x'.repeat(50)}`,
];
