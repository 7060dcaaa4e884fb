import type { AddressInfo } from 'node:net';
import { urlForOthers } from '../client/loopback.js';
import { wallClock } from '../exchange/wall-clock.js';
import { makeApp, type SandboxApp } from './app.js';
import { isUnasked } from './exposure.js';
import type { AppOptions } from './options.js';

export interface ServerOptions extends AppOptions {
  /** 0 takes any free port. */
  port?: number;
  /** Loopback only unless given. */
  host?: string;
  /** `true` lets other machines in without an admin token. */
  open?: boolean;
  /** Answers by TLS as well, on a port of its own: by a certificate and its key in PEM, or with `true` by a pair made for this start. */
  tls?: boolean | { cert: string; key: string };
  /** 0 takes any free port. */
  tlsPort?: number;
}

export interface Server {
  /** The URL by which clients reach the server, without a slash at the end. */
  url: string;
  /** The URL by TLS, and the certificate to trust where it was made for this start. */
  tls?: { url: string; ca?: string };
  app: SandboxApp;
  /** Stops listening, sends the answers that are under way, and ends. */
  stop(): Promise<void>;
  /** Ends at once. */
  close(): Promise<void>;
}

export const DEFAULT_PORT = 5527;
export const DEFAULT_TLS_PORT = 5528;
export const DEFAULT_HOST = '127.0.0.1';

/**
 * Starts a sandbox on a port. Rejects with Node's error when the port or host is not available, and with a TypeError when other
 * machines would reach it and nobody has said that they may.
 */
export async function startServer({
  port = DEFAULT_PORT,
  host = DEFAULT_HOST,
  open,
  tls,
  tlsPort = DEFAULT_TLS_PORT,
  ...options
}: ServerOptions = {}): Promise<Server> {
  if (isUnasked({ host, adminToken: options.adminToken, open })) {
    throw new TypeError(
      `host: given ${host}, which other machines reach, and nothing keeps them from the control API and the live page; give adminToken, or open: true to let everybody in`,
    );
  }
  const app = makeApp(options);
  await app.fastify.listen({ port, host });
  const { server } = app.fastify;
  const secure = await secured(app, { tls, host, port: tlsPort, now: (options.wall ?? wallClock).now }).catch(
    async (error) => {
      await app.close();
      throw error;
    },
  );
  return {
    url: urlForOthers(server.address() as AddressInfo),
    ...(secure && { tls: { url: urlForOthers(secure.address, 'https'), ...(secure.ca && { ca: secure.ca }) } }),
    app,
    async stop() {
      await app.stop();
      await secure?.close();
    },
    async close() {
      secure?.stop();
      await app.close();
      await secure?.close();
    },
  };
}

interface Securing {
  tls: ServerOptions['tls'];
  host: string;
  port: number;
  now: () => number;
}

/** Has a server answer by TLS as well, where that is asked for. */
async function secured({ fastify, connections }: SandboxApp, { tls, host, port, now }: Securing) {
  if (!tls) return undefined;
  // Loaded when it is asked for: most servers answer by HTTP alone.
  const [{ listenByTls }, { makePair }] = await Promise.all([import('./tls/listen.js'), import('./tls/pair.js')]);
  const made = tls === true ? await makePair(now()) : undefined;
  const { cert, key } = made ?? (tls as { cert: string; key: string });
  const listening = await listenByTls(fastify.server, connections, { cert, key, host, port });
  return { ...listening, address: listening.address as AddressInfo, ca: made?.ca };
}
