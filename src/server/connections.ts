import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { WallClock } from '../exchange/wall-clock.js';
import { lineOf, type WireResponse } from './plugins/wire.js';

/** Longest times in milliseconds that a server waits for a client. */
export const PATIENCE = {
  /** For the headers of a request, and for the first request on a connection; Node itself keeps it. */
  headers: 60_000,
  /** For a request to arrive as a whole; Node itself keeps it. */
  request: 300_000,
  /** For a body. */
  body: 60_000,
  /** For the body of a request without right credentials, also after its answer was sent. */
  strange: 10_000,
  /** For a client to read its answer. */
  answer: 300_000,
  /** For the answers under way when the server stops. */
  stopping: 5_000,
};

/** Time in milliseconds between two looks at the connections. */
export const LOOK = 1_000;

/** A client that keeps the server waiting for the rest of a request, or for an answer to be read. */
interface Slow {
  answer: WireResponse;
  /** The time at which it was first seen so. */
  since: number;
}

/** The connections of a sandbox, looked at from time to time for as long as there are any. */
export class Connections {
  readonly #servers: Server[] = [];
  readonly #wall: Pick<WallClock, 'monotonic' | 'later'>;
  readonly #open = new Map<Socket, Slow | undefined>();
  #looking = false;

  constructor(wall: Pick<WallClock, 'monotonic' | 'later'>) {
    this.#wall = wall;
  }

  /**
   * Looks after the connections of a server from now on.
   * @param event the one that gives the socket on which requests come: `secureConnection` of a server of TLS
   */
  watch(server: Server, event: 'connection' | 'secureConnection' = 'connection'): void {
    this.#servers.push(server);
    server.on(event, (socket: Socket) => {
      this.#open.set(socket, undefined);
      socket.once('close', () => this.#open.delete(socket));
      this.#lookLater();
    });
  }

  /** Stops listening, and waits until the answers under way are sent, though not for ever. */
  async drain(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const server of this.#servers) server.closeIdleConnections();
    // Node takes a connection that was never used for one whose request is arriving.
    for (const socket of this.#open.keys()) if (socket.bytesRead === 0) socket.destroy();
    await new Promise<void>((resolve) => {
      const cancel = this.#wall.later(PATIENCE.stopping, resolve);
      void Promise.all(closed).then(() => {
        cancel();
        resolve();
      });
    });
  }

  #lookLater(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#wall.later(LOOK, () => {
      this.#looking = false;
      const now = this.#wall.monotonic();
      for (const [socket, slow] of this.#open) this.#open.set(socket, this.#look(socket, slow, now));
      if (this.#open.size > 0) this.#lookLater();
    });
  }

  /** Looks at a connection, and cuts it off where its client has been too slow. */
  #look(socket: Socket, slow: Slow | undefined, now: number): Slow | undefined {
    const { newest: answer, brokenAt } = lineOf(socket);
    if (!answer || brokenAt !== undefined) return undefined;
    const arriving = !answer.req.complete;
    const leaving = answer.writableEnded && socket.writableLength > 0;
    if (!arriving && !leaving) return undefined;
    if (slow?.answer !== answer) return { answer, since: now };
    if (now - slow.since < patienceFor(answer, arriving)) return slow;
    if (answer.headersSent) socket.destroy();
    else this.#servers[0]?.emit('clientError', new TooSlow('the body did not arrive in time'), socket);
    return undefined;
  }
}

function patienceFor(answer: WireResponse, arriving: boolean): number {
  if (!arriving) return PATIENCE.answer;
  return answer.admitted && !answer.headersSent ? PATIENCE.body : PATIENCE.strange;
}

/** The error of a body that did not arrive in time, with the code that Node gives that of a request. */
class TooSlow extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT';
}
