import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { Operation } from '../../contract/operations.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import { rules } from '../../klarna/catalogue/rules.js';
import type { ConsoleEntry } from '../../report/console.js';
import { writeOutcome } from '../../scenario/outcomes.js';
import type { Eventually } from '../../store/eventually.js';
import type { Observed } from '../options.js';
import type { World } from '../world/worlds.js';
import type { Answered } from './answers.js';
import { NO_ANSWER } from './faults.js';
import { WireResponse } from './wire.js';

export interface JournalOptions {
  wall: WallClock;
  /** Called with every exchange, by its number in the journal; absent: no output. */
  tell?: (entry: ConsoleEntry) => void;
  observe?: (exchange: Observed) => void;
  /** Called with the error of a store that could not save an exchange. */
  failed: (error: unknown) => void;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The operation of the route. Taken from there once, since Fastify makes `routeOptions` anew each time. */
    operation: Operation | undefined;
    /** The time at which the request arrived, in milliseconds of the wall's monotonic clock. */
    started: number;
    /** Id of the session that the client token of the request is of. */
    sessionId: string | undefined;
  }
  interface FastifyReply {
    /** Enters the exchange into the journal, with the status and headers that were sent; status 0 where none were. */
    record(status: number, headers: Record<string, unknown>): void;
  }
}

/** The worlds whose merchant was warned of an API key of the live environment. */
const warned = new WeakSet<World>();

/** Keeps the journal: enters an exchange when its answer was sent, and passes an entry to `tell`. */
export const journal = fastifyPlugin<JournalOptions>(
  (fastify, { wall, tell, observe, failed }, done) => {
    fastify.decorateRequest('operation', undefined);
    fastify.decorateRequest('started', 0);
    fastify.decorateRequest('sessionId', undefined);
    fastify.decorateReply('record', function (status, headers) {
      const { request, answered } = this;
      const ms = wall.monotonic() - request.started;
      const because = answered?.because;
      const warning = liveKeyWarning(request);
      // The live page looks all the time; who reads the console wants to see what the shop does.
      const shown = !request.ownPage || status >= 400;
      const say = (exchange: number | undefined): void => {
        if (!tell || !shown) return;
        tell({
          exchange,
          merchant: request.world?.merchant,
          method: request.method,
          path: request.url,
          status,
          ms,
          ...(because && { explanation: `${because.rule}: ${because.text}` }),
          ...(warning !== undefined && { warning }),
        });
      };
      const entered = enter(this, status, ms, headers);
      if (entered instanceof Promise) {
        entered.then(say, (error) => {
          failed(error);
          say(undefined);
        });
      } else say(entered);
      const { operation } = request;
      // An answer changed by a fault on the wire does not follow the contract; one that is streamed is not kept.
      if (observe && operation && because?.rule !== 'scenario-fault' && !answered?.stream) {
        observe({ operation: operation.name, status, headers, body: answered?.body });
      }
    });
    fastify.addHook('onRequest', (request, _reply, next) => {
      request.started = wall.monotonic();
      request.operation = request.routeOptions.config.operation;
      next();
    });
    fastify.addHook('onResponse', (_request, reply, next) => {
      reply.record(reply.statusCode, headersOf(reply));
      next();
    });
    done();
  },
  { name: 'journal' },
);

/** Returns the headers of an answer that was sent: those that the response has, or else a copy of Fastify's. */
const headersOf = (reply: FastifyReply): Record<string, unknown> =>
  (reply.raw instanceof WireResponse && reply.raw.sentHeaders) || reply.getHeaders();

/** Returns a warning about an API key of the live environment, once for each merchant. */
function liveKeyWarning({ live, world }: FastifyRequest): string | undefined {
  if (!live || !world || warned.has(world)) return undefined;
  warned.add(world);
  return `the API key of ${world.merchant} is one of Klarna's live environment (klarna_live_...) and does not belong here; use one of the playground (klarna_test_...)`;
}

/** Enters an exchange in the journal of its merchant; returns its number, or undefined where no journal has it. */
function enter(
  { request, answered }: FastifyReply,
  status: number,
  ms: number,
  responseHeaders: Record<string, unknown>,
): Eventually<number | undefined> {
  const { world, at, operation } = request;
  if (!world || at === undefined || operation?.journaled === false) return undefined;
  return world.journal.add({
    at,
    method: request.method,
    path: request.url,
    operation: operation?.name,
    session: request.sessionId,
    status,
    ms,
    correlationId: hasCorrelationId(status, answered) ? request.correlationId : undefined,
    requestHeaders: request.headers,
    requestBody: request.bodyText,
    responseHeaders: responseHeaders as Record<string, string>,
    responseBody: answered?.body,
    because: answered?.because,
    scripted: answered && scripted(answered),
  });
}

/** Tells whether an answer came from the APIs: those given before have no correlation id. */
const hasCorrelationId = (status: number, answered: Answered | undefined): boolean =>
  status === NO_ANSWER || answered?.headers['klarna-correlation-id'] !== undefined;

/** Returns the part of a scenario in an answer, in the form of its file: an outcome counts if it made the answer. */
function scripted({ because, outcome, shopper }: Answered): object | undefined {
  if (outcome && because && rules[because.rule].cause === 'script') return writeOutcome(outcome);
  return shopper && { shopper };
}
