import { Agent, createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { framingHeaders } from '../../src/contract/headers.js';
import { locate } from '../../src/contract/locate.js';
import type { Operation } from '../../src/contract/operations.js';

/** An answer on its way through the proxy: header names in lower case, a JSON body as a value. */
export interface Passing {
  status: number;
  headers: Record<string, unknown>;
  // Plants reach into answers freely.
  body: any;
}

/** A call of one of Klarna's operations that goes through the proxy. */
export interface Passed extends Passing {
  operation: Operation;
  /** Without query. */
  path: string;
  /** Headers of the request. */
  asked: IncomingHttpHeaders;
}

/** Puts another answer in the place of the real one, or none; undefined lets it pass as it is. */
export type Plant = (passed: Passed) => Passing | 'none' | undefined;

/** Answers in the sandbox's place, which then never hears of the call. */
export type Swallow = (operation: Operation) => Passing | undefined;

export interface PlantingProxy {
  url: string;
  /** What every call meets until told otherwise. */
  plant: Plant;
  /** Which calls are kept from the sandbox. */
  swallow: Swallow;
  close(): void;
}

/**
 * Stands in front of a sandbox and passes everything on, or plants a mistake.
 * @param asKlarna without the control API, as Klarna itself
 * @param rechunk frames every answer anew, as proxies may: chunks in the place of a length, another date and server
 */
export async function startProxy(upstream: string, { asKlarna = false, rechunk = false } = {}): Promise<PlantingProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (asked, answering) => {
    const { method = '', url = '', headers } = asked;
    const body = await text(asked);
    const [path = ''] = url.split('?');
    const found = locate(method, path)?.operation;
    if (asKlarna && path.startsWith('/sandbox/')) return answering.writeHead(404).end();
    const operation = found?.api === 'sandbox' ? undefined : found;
    const send = ({ status, headers: told, body: content }: Passing) => {
      const payload = content === undefined || typeof content === 'string' ? (content ?? '') : JSON.stringify(content);
      const { 'transfer-encoding': _, connection: __, ...kept } = told as Record<string, string>;
      if (rechunk) {
        for (const name of framingHeaders) delete kept[name];
        answering.sendDate = false;
        answering.writeHead(status, { ...kept, Server: 'proxy', Via: '1.1 proxy' });
        if (payload !== '') answering.write(payload);
        return answering.end();
      }
      // An answer that may have a body says how long it is.
      const size = status === 204 ? {} : { 'content-length': Buffer.byteLength(payload) };
      answering.writeHead(status, { ...kept, ...size }).end(status === 204 ? '' : payload);
    };
    const swallowed = operation && proxy.swallow(operation);
    if (swallowed) return send(swallowed);
    const sent = request(`${upstream}${url}`, { method, headers, agent }, async (came) => {
      const passing = { status: came.statusCode as number, headers: { ...came.headers }, body: read(await text(came)) };
      const planted = (operation && proxy.plant({ ...passing, operation, path, asked: headers })) ?? passing;
      if (planted === 'none') answering.destroy();
      else send(planted);
    });
    sent.on('error', () => answering.destroy());
    sent.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: PlantingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plant: () => undefined,
    swallow: () => undefined,
    close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
  return proxy;
}

function read(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
