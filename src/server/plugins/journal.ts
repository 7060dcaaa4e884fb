import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Progress } from '../exchange.js';
import type { Observed } from '../options.js';
import type { WallClock } from '../world/clock.js';
import type { World } from '../world/worlds.js';
import type { ConsoleEntry } from './explanation.js';
import { NO_ANSWER } from './faults.js';

export interface RecordingOptions {
  wall: WallClock;
  /** Takes one line an exchange; absent: nobody reads along. */
  tell?: (entry: ConsoleEntry) => void;
  observe?: (exchange: Observed) => void;
}

/** Records one exchange: what left in the end, status 0 where nothing did. */
export type Recorder = (request: FastifyRequest, status: number, headers: Record<string, unknown>) => void;

/**
 * Keeps the journal: every exchange is entered when its answer has left, and told to whoever reads along.
 * @returns the recorder, for answers that leave by no reply
 */
export function recordExchanges(app: FastifyInstance, { wall, tell, observe }: RecordingOptions): Recorder {
  const warn = liveKeyWarner();
  const record: Recorder = (request, status, headers) => {
    const ms = wall.monotonic() - request.progress.started;
    enter(request, status, ms, headers);
    const because = request.progress.outgoing?.because;
    const warning = warn(request.progress);
    tell?.({
      method: request.method,
      path: request.url,
      status,
      ms,
      ...(because && { explanation: `${because.rule}: ${because.text}` }),
      ...(warning !== undefined && { warning }),
    });
    const { operation, outgoing } = request.progress;
    // What a scenario did to an answer on the wire is not the contract's.
    if (observe && operation && because?.rule !== 'scenario-fault') {
      observe({ operation: operation.name, status, headers, body: outgoing?.body });
    }
  };
  app.addHook('onResponse', (request, reply, done) => {
    record(request, reply.statusCode, reply.getHeaders());
    done();
  });
  return record;
}

/** What to say of an API key that does not belong here; once for each merchant. */
function liveKeyWarner(): (progress: Progress) => string | undefined {
  const warned = new WeakSet<World>();
  return ({ live, world }) => {
    if (!live || !world || warned.has(world)) return undefined;
    warned.add(world);
    return `the API key of ${world.merchant} is one of Klarna's live environment (klarna_live_...) and does not belong here; use one of the playground (klarna_test_...)`;
  };
}

function enter(request: FastifyRequest, status: number, ms: number, responseHeaders: Record<string, unknown>): void {
  const { world, operation, outgoing, at, correlationId, requestBody, outcome, shopper } = request.progress;
  if (!world || at === undefined || operation?.journaled === false) return;
  world.journal.add({
    at,
    method: request.method,
    path: request.url,
    operation: operation?.name,
    status,
    ms,
    // What stands before the APIs answers without one.
    ...(status === NO_ANSWER || outgoing?.headers['klarna-correlation-id'] ? { correlationId } : {}),
    requestHeaders: request.headers,
    requestBody,
    responseHeaders: responseHeaders as Record<string, string>,
    responseBody: outgoing?.body,
    because: outgoing?.because,
    outcome,
    shopper,
  });
}
