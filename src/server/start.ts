import type { AddressInfo } from 'node:net';
import { urlOf } from '../client/loopback.js';
import { makeApp, type SandboxApp } from './app.js';
import type { AppOptions } from './options.js';

export interface ServerOptions extends AppOptions {
  /** 0 takes any free port. */
  port?: number;
  /** Loopback only unless given. */
  host?: string;
}

export interface Server {
  /** The URL of the server, without a slash at the end. */
  url: string;
  app: SandboxApp;
  /** Stops listening, sends the answers that are under way, and ends. */
  stop(): Promise<void>;
  /** Ends at once. */
  close(): Promise<void>;
}

export const DEFAULT_PORT = 5527;
export const DEFAULT_HOST = '127.0.0.1';

/** Starts a sandbox on a port. Rejects with Node's error when the port or host is not available. */
export async function startServer({
  port = DEFAULT_PORT,
  host = DEFAULT_HOST,
  ...options
}: ServerOptions = {}): Promise<Server> {
  const app = makeApp(options);
  await app.fastify.listen({ port, host });
  return {
    url: urlOf(app.fastify.server.address() as AddressInfo),
    app,
    stop: () => app.stop(),
    close: () => app.close(),
  };
}
