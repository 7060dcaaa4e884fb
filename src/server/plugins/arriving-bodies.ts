import type { IncomingMessage } from 'node:http';
import fastifyPlugin from 'fastify-plugin';
import { BODY_LIMIT } from './json-bodies.js';

/** Highest number of bytes of bodies that are arriving, over all connections. */
export const ARRIVING = 64 * 1024 * 1024;

/** Size in bytes up to which a body is not counted. */
const SMALL = 4 * 1024;

/** Bytes that each piece of a body takes beside its own. */
const PIECE = 128;

/** The error of a body that was given up to make room for others. */
export class NoRoom extends Error {
  override name = 'NoRoom';
}

export interface ArrivingBodiesOptions {
  /** The bodies that are arriving, where several applications count them together. */
  bodies?: Bodies;
}

/** Bounds what the bodies that are arriving take in all: where it becomes too much, the oldest are given up with 503. */
export const arrivingBodies = fastifyPlugin<ArrivingBodiesOptions>(
  (fastify, { bodies = new Bodies() }, done) => {
    fastify.addHook('preParsing', ({ raw }, _reply, payload, next) => {
      if (mayBeLarge(raw)) bodies.follow(raw);
      next(null, payload);
    });
    done();
  },
  { name: 'arriving-bodies' },
);

/** Tells whether a request has a body that may be large: one whose length is not known before may. */
function mayBeLarge({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return length === undefined ? headers['transfer-encoding'] !== undefined : Number(length) > SMALL;
}

/** The bodies that are arriving. */
export class Bodies {
  readonly #room: number;
  /** The part of each body that has arrived, in bytes of memory; the oldest comes first. */
  readonly #arrived = new Map<IncomingMessage, number>();
  #bytes = 0;

  /** @param room highest number of bytes */
  constructor(room = ARRIVING) {
    this.#room = room;
  }

  /** Counts a body while it arrives. */
  follow(request: IncomingMessage): void {
    this.#arrived.set(request, 0);
    request.on('data', (piece: Buffer) => this.#add(request, piece.length + PIECE));
    // A body that nobody reads has no other listener.
    request.on('error', () => this.#forget(request));
    request.once('end', () => this.#forget(request));
    request.once('close', () => this.#forget(request));
  }

  #add(request: IncomingMessage, bytes: number): void {
    const before = this.#arrived.get(request);
    if (before === undefined) return;
    this.#arrived.set(request, before + bytes);
    this.#bytes += bytes;
    // More than a body may have is not kept.
    if (before > BODY_LIMIT) this.#forget(request);
    for (const [oldest, arrived] of this.#arrived) {
      if (this.#bytes <= this.#room) return;
      this.#forget(oldest);
      const text = `body: all bodies that arrive take more than ${this.#room} bytes, and this one, with ${arrived} so far, began first; send it again`;
      oldest.emit('error', new NoRoom(text));
    }
  }

  #forget(request: IncomingMessage): void {
    this.#bytes -= this.#arrived.get(request) ?? 0;
    this.#arrived.delete(request);
  }
}
