import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WallClock } from './clock.js';
import type { ConsoleEntry } from './explanation.js';

/** One exchange as a whole, for tests that judge every answer. */
export interface Observed {
  operation: string;
  status: number;
  headers: Record<string, unknown>;
  body: string | undefined;
}

export interface RecordingOptions {
  wall: WallClock;
  /** Takes one line an exchange; absent: nobody reads along. */
  tell?: (entry: ConsoleEntry) => void;
  observe?: (exchange: Observed) => void;
}

/** Keeps the journal: every exchange is entered when its answer has left, and told to whoever reads along. */
export function recordExchanges(app: FastifyInstance, { wall, tell, observe }: RecordingOptions): void {
  app.addHook('onResponse', (request, reply, done) => {
    const ms = wall.monotonic() - request.progress.started;
    enter(request, reply.statusCode, ms, reply.getHeaders());
    const because = request.progress.outgoing?.because;
    tell?.({
      method: request.method,
      path: request.url,
      status: reply.statusCode,
      ms,
      ...(because && { explanation: `${because.rule}: ${because.text}` }),
    });
    const { operation, outgoing } = request.progress;
    if (observe && operation) {
      observe({
        operation: operation.name,
        status: reply.statusCode,
        headers: reply.getHeaders(),
        body: outgoing?.body,
      });
    }
    done();
  });
}

function enter(request: FastifyRequest, status: number, ms: number, responseHeaders: Record<string, unknown>): void {
  const { world, operation, outgoing, at, correlationId, requestBody } = request.progress;
  if (!world || at === undefined || operation?.journaled === false) return;
  world.journal.add({
    at,
    method: request.method,
    path: request.url,
    operation: operation?.name,
    status,
    ms,
    correlationId,
    requestHeaders: request.headers,
    requestBody,
    responseHeaders: responseHeaders as Record<string, string>,
    responseBody: outgoing?.body,
    because: outgoing?.because,
  });
}
