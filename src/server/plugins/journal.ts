import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { WallClock } from '../../exchange/wall-clock.js';
import { rules } from '../../klarna/catalogue/rules.js';
import type { ConsoleEntry } from '../../report/console.js';
import { writeOutcome } from '../../scenario/outcomes.js';
import type { Eventually } from '../../store/store.js';
import type { Observed } from '../options.js';
import type { World } from '../world/worlds.js';
import type { Answered } from './answers.js';
import { NO_ANSWER } from './faults.js';

export interface JournalOptions {
  wall: WallClock;
  /** Takes one line an exchange; absent: nobody reads along. */
  tell?: (entry: ConsoleEntry) => void;
  observe?: (exchange: Observed) => void;
  /** Told of a store that could not keep an exchange. */
  failed: (error: unknown) => void;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** When it arrived, in milliseconds of the wall's monotonic clock. */
    started: number;
  }
  interface FastifyReply {
    /** Enters the exchange into the journal: what left in the end, status 0 where nothing did. */
    record(status: number, headers: Record<string, unknown>): void;
  }
}

/** Keeps the journal: an exchange is entered when its answer has left, and told to whoever reads along. */
export const journal = fastifyPlugin<JournalOptions>(
  (fastify, { wall, tell, observe, failed }, done) => {
    const warn = liveKeyWarner();
    fastify.decorateRequest('started', 0);
    fastify.decorateReply('record', function (status, headers) {
      const { request, answered } = this;
      const ms = wall.monotonic() - request.started;
      const entered = enter(this, status, ms, headers);
      if (entered instanceof Promise) entered.catch(failed);
      const because = answered?.because;
      const warning = warn(request);
      tell?.({
        method: request.method,
        path: request.url,
        status,
        ms,
        ...(because && { explanation: `${because.rule}: ${because.text}` }),
        ...(warning !== undefined && { warning }),
      });
      const { operation } = request.routeOptions.config;
      // What a scenario did to an answer on the wire is not the contract's.
      if (observe && operation && because?.rule !== 'scenario-fault') {
        observe({ operation: operation.name, status, headers, body: answered?.body });
      }
    });
    fastify.addHook('onRequest', (request, _reply, next) => {
      request.started = wall.monotonic();
      next();
    });
    fastify.addHook('onResponse', (_request, reply, next) => {
      reply.record(reply.statusCode, reply.getHeaders());
      next();
    });
    done();
  },
  { name: 'journal' },
);

/** Returns what to say of an API key that does not belong here; once for each merchant. */
function liveKeyWarner(): (request: FastifyRequest) => string | undefined {
  const warned = new WeakSet<World>();
  return ({ live, world }) => {
    if (!live || !world || warned.has(world)) return undefined;
    warned.add(world);
    return `the API key of ${world.merchant} is one of Klarna's live environment (klarna_live_...) and does not belong here; use one of the playground (klarna_test_...)`;
  };
}

function enter(
  { request, answered }: FastifyReply,
  status: number,
  ms: number,
  responseHeaders: Record<string, unknown>,
): Eventually<void> {
  const { world, at, correlationId } = request;
  const { operation } = request.routeOptions.config;
  if (!world || at === undefined || operation?.journaled === false) return undefined;
  return world.journal.add({
    at,
    method: request.method,
    path: request.url,
    operation: operation?.name,
    status,
    ms,
    // What stands before the APIs answers without one.
    ...(status === NO_ANSWER || answered?.headers['klarna-correlation-id'] ? { correlationId } : {}),
    requestHeaders: request.headers,
    requestBody: request.bodyText,
    responseHeaders: responseHeaders as Record<string, string>,
    responseBody: answered?.body,
    because: answered?.because,
    scripted: answered && scripted(answered),
  });
}

/** Returns what a scenario had happen, in the words of its file: an outcome counts where it made the answer. */
function scripted({ because, outcome, shopper }: Answered): object | undefined {
  if (outcome && because && rules[because.rule].cause === 'script') return writeOutcome(outcome);
  return shopper && { shopper };
}
