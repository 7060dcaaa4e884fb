// Many connections at once, and what keeps them open.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { open } from './raw.js';
import { basic } from './send.js';

/** How long many connections may take until all of them stand, in milliseconds. */
const SETTLES = 3_000;

/** The head of a request, to which headers may be added. */
export const CREATE = 'POST /payments/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

/** Opens connections that each begin with some bytes. Returns how they are closed. */
export async function openMany(count, url, begin, { reading = true } = {}) {
  const sockets = Array.from({ length: count }, (_, at) => {
    const socket = open(url);
    if (reading) socket.resume();
    const bytes = begin(at);
    if (bytes) socket.write(bytes);
    return socket;
  });
  await Promise.race([Promise.all(sockets.map((socket) => once(socket, 'connect').catch(() => {}))), sleep(SETTLES)]);
  const close = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { sockets, close };
}

/** How often a connection drips, and in how many parts of that time the connections take their turns. */
const DRIPS_EVERY = 500;
const PARTS = 10;

/** Sends a byte on each connection again and again, a part of them at a time. Returns how that ends. */
export function drip(sockets) {
  let part = 0;
  const timer = setInterval(() => {
    for (let at = part; at < sockets.length; at += PARTS) if (sockets[at].writable) sockets[at].write('1');
    part = (part + 1) % PARTS;
  }, DRIPS_EVERY / PARTS);
  return () => clearInterval(timer);
}

/** Begins a request with a body that never ends; every other one has no credentials. */
export const endlessBody = (at) =>
  `${CREATE}${at % 2 === 0 ? `Authorization: ${basic('drip')}\r\n` : ''}Content-Length: 100000\r\n\r\n{"order_amount":`;
