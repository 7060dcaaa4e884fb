import fastifyPlugin from 'fastify-plugin';
import { operations } from '../../contract/operations.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import { refuse } from '../../klarna/decision.js';
import { render } from '../answers.js';
import type { RateLimitMode } from '../options.js';
import type { World } from '../world/worlds.js';
import type { Identified } from './credentials.js';
import { limitHeaders } from './limit-headers.js';

/** Calls per second, from the contract's `x-rate-limit`. */
export interface RateLimit {
  live: number;
  playground: number;
}

/** The result of the limit for a call. One object is shared by many calls: do not change it. */
export interface RateVerdict {
  allowed: boolean;
  headers: Readonly<Record<'x-ratelimit-limit' | 'x-ratelimit-remaining' | 'x-ratelimit-reset', string>>;
}

/** Counts a call of an operation; returns `undefined` for an operation without a limit. */
export type RateCounter = (operation: string) => RateVerdict | undefined;

/** The window in milliseconds: Klarna counts by the second (docs). */
const WINDOW = 1_000;

/** The verdicts of an operation: those of allowed calls by the number of calls left, and that of a refused call. */
interface Verdicts {
  limit: number;
  /** At index `n`: the verdict of the call after which `n` more are allowed. */
  allowed: RateVerdict[];
  refused: RateVerdict;
}

/**
 * Makes counters for Klarna's rate limits. In mode `off` every call gets the headers of the first call of a second
 * under the live limits, and none is refused.
 * @param limits by operation
 * @returns a function that makes the counter of one merchant
 */
export function makeRateCounters(
  mode: RateLimitMode,
  limits: Readonly<Record<string, RateLimit>>,
  wall: Pick<WallClock, 'monotonic'>,
): () => RateCounter {
  if (mode === 'off') {
    const first = byOperation(limits, ({ live }) => verdict(live, live - 1, true));
    return () => (operation) => first.get(operation);
  }
  const verdicts = byOperation(limits, (limit) => verdictsOn(limit[mode]));
  return () => {
    const windows = new Map<string, { start: number; calls: number }>();
    return (operation) => {
      const known = verdicts.get(operation);
      if (!known) return undefined;
      const now = wall.monotonic();
      let window = windows.get(operation);
      if (!window) {
        window = { start: now, calls: 0 };
        windows.set(operation, window);
      } else if (now - window.start >= WINDOW) {
        window.start = now;
        window.calls = 0;
      }
      window.calls++;
      return known.allowed[known.limit - window.calls] ?? known.refused;
    };
  };
}

const byOperation = <Made>(limits: Readonly<Record<string, RateLimit>>, make: (limit: RateLimit) => Made) =>
  new Map(Object.entries(limits).map(([operation, limit]) => [operation, make(limit)]));

const verdict = (limit: number, remaining: number, allowed: boolean): RateVerdict => ({
  allowed,
  headers: limitHeaders(limit, remaining),
});

const verdictsOn = (limit: number): Verdicts => ({
  limit,
  allowed: Array.from({ length: limit }, (_, remaining) => verdict(limit, remaining, true)),
  refused: verdict(limit, 0, false),
});

export interface RateLimitsOptions {
  mode: RateLimitMode;
  wall: Pick<WallClock, 'monotonic'>;
}

/** Counts calls by merchant and operation, shows in headers how many are left, and answers 429 where none is. */
export const rateLimits = fastifyPlugin<RateLimitsOptions>(
  (fastify, { mode, wall }, done) => {
    const limited = [...operations.values()].flatMap(({ name, rateLimit }) => (rateLimit ? [[name, rateLimit]] : []));
    const counter = makeRateCounters(mode, Object.fromEntries(limited), wall);
    const counters = new WeakMap<World, RateCounter>();
    const counterOf = (world: World): RateCounter => {
      const known = counters.get(world);
      if (known) return known;
      const made = counter();
      counters.set(world, made);
      return made;
    };
    fastify.addHook('onRequest', (request, reply, next) => {
      const { operation, world } = request;
      const verdict = operation?.rateLimit && world && counterOf(world)(operation.name);
      if (!verdict) return next();
      const { headers, allowed } = verdict;
      reply.headers(headers);
      if (allowed) return next();
      const text = `${operation.name}: more calls within a second than X-Ratelimit-Limit allows (${headers['x-ratelimit-limit']})`;
      const { correlationId } = request as Identified;
      return reply.leave(
        render(refuse('TOO_MANY_REQUESTS', { rule: 'rate-limit', text }), correlationId, operation.api),
      );
    });
    done();
  },
  { name: 'rate-limits', dependencies: ['credentials'] },
);
