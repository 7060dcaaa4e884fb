import type { Server } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { type Connections, LOOK, PATIENCE } from '../connections.js';
import { httpOptions } from '../plugins/wire.js';

/** Certificate and key in PEM, and where to listen. */
export interface TlsOptions {
  cert: string;
  key: string;
  host: string;
  /** 0 takes any free port. */
  port: number;
}

/** Events of connections and requests, which the other server handles; its own errors stay with each server. */
const PASSED_ON = ['request', 'checkContinue', 'checkExpectation', 'connect', 'upgrade', 'clientError'] as const;

/**
 * Has a server answer by TLS as well, on another port: what comes there is handled as if it had come to the server itself.
 * Rejects with Node's error when the port is not available, or the key is not that of the certificate.
 */
export async function listenByTls(server: Server, connections: Connections, { cert, key, host, port }: TlsOptions) {
  const checks = { connectionsCheckingInterval: LOOK, handshakeTimeout: PATIENCE.headers };
  const secure = createServer({ ...httpOptions, ...checks, cert, key });
  connections.watch(secure, 'secureConnection');
  // Node knows a connection as one of HTTP only when both sides have agreed on keys.
  const sockets = new Set<Socket>();
  secure.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  for (const event of PASSED_ON) {
    if (server.listenerCount(event) > 0) secure.on(event, (...what: unknown[]) => server.emit(event, ...what));
  }
  const { headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxRequestsPerSocket } = server;
  Object.assign(secure, { headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxRequestsPerSocket });
  await new Promise<void>((resolve, reject) => {
    secure.once('error', reject).listen(port, host, resolve);
  });
  const closed = new Promise<void>((resolve) => secure.once('close', resolve));
  return {
    address: secure.address(),
    /** Takes no more connections. */
    stop: () => void secure.close(),
    /** Ends the connections that are left. */
    async close(): Promise<void> {
      secure.close();
      secure.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
