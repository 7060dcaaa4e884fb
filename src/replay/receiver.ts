import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../exchange/json.js';
import type { ReceivedCallback } from '../report/replay.js';
import type { Scenario } from '../scenario/scenario.js';

/** The most characters of a body that are remembered. */
const BODY_LIMIT = 64 * 1024;

/** Receives callbacks in the place of a shop while a scenario is played. */
export interface Receiver {
  /** Base URL, on a free port of loopback. */
  url: string;
  /** Returns the callbacks received since the last call, oldest first. */
  take(): ReceivedCallback[];
  /** Returns a value with `http://receiver` in the place of the URL, so that nothing shows the port. */
  hide<Value>(value: Value): Value;
  close(): Promise<void>;
}

/**
 * Opens a receiver for a scenario. It answers 200; at a path that ends in the name of a kind of callback, the status that
 * the scenario expects the receiver to give.
 */
export async function openReceiver({ callbacks }: Pick<Scenario, 'callbacks'>): Promise<Receiver> {
  const statuses = new Map<string, number>(callbacks.map(({ on, delivery }) => [on, delivery.status ?? 200]));
  let arrived: ReceivedCallback[] = [];
  const server = createServer(async (request, response) => {
    const path = String(request.url);
    const text = await read(request);
    const status = statuses.get(path.replace(/\?.*/s, '').replace(/.*\//s, '')) ?? 200;
    arrived.push({ path, ...(text !== '' && { body: readBody(text) }), status });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    take() {
      const taken = arrived;
      arrived = [];
      return taken;
    },
    hide: <Value>(value: Value) => replaced(value, new RegExp(`\\b${host.replaceAll('.', '\\.')}\\b`, 'g')) as Value,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    if (text.length < BODY_LIMIT) text += chunk;
  }
  return text;
}

/** Returns a value with the receiver's host replaced in all its texts. */
function replaced(value: unknown, host: RegExp): unknown {
  if (typeof value === 'string') return value.replace(host, 'receiver');
  if (Array.isArray(value)) return value.map((element) => replaced(element, host));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner, host)]));
}
