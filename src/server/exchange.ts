import type { FastifyRequest } from 'fastify';
import type { Operation } from '../contract/operations.js';
import type { Outcome, ShopperScript } from '../scenario/scenario.js';
import type { Outgoing } from './answers.js';
import type { World } from './world/worlds.js';

/** What is known of a request while it is answered, for whoever tells of it afterwards. */
export interface Progress {
  /** When it arrived, in milliseconds of the wall's monotonic clock. */
  started: number;
  operation?: Operation;
  /** The world of the merchant that asks, or whose name was tried. */
  world?: World;
  /** When it arrived, on that merchant's clock. */
  at?: number;
  /** It came with an API key of Klarna's live environment. */
  live?: true;
  correlationId?: string;
  /** Headers that every answer to this request carries. */
  headers?: Readonly<Record<string, string>>;
  requestBody?: string;
  outgoing?: Outgoing;
  /** The scenario's outcome that took the call. */
  outcome?: Outcome;
  /** What the shopper did, where a scenario had a say in it. */
  shopper?: ShopperScript;
}

declare module 'fastify' {
  interface FastifyRequest {
    progress: Progress;
  }
  interface FastifyContextConfig {
    operation?: Operation;
  }
}

/** Scheme and host that the client called, also through a proxy that says so. */
export function baseOf(request: FastifyRequest): string {
  // HTTP/1.0 asks without a Host; then it is the address it reached.
  const { localAddress, localPort } = request.socket;
  return `${request.protocol}://${request.host || `${localAddress}:${localPort}`}`;
}
