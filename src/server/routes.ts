import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { type Operation, operations } from '../contract/operations.js';
import { fillPath } from '../contract/path-template.js';
import type { Outgoing } from './answers.js';
import type { AnyHandler } from './call.js';
import type { OpenHandler } from './pages/pages.js';
import type { Pipeline } from './pipeline.js';

export interface RouteParts {
  /** What operations behind the gateway do. */
  handlers: Record<string, AnyHandler>;
  /** What operations that need no credentials do. */
  open: Record<string, OpenHandler>;
  gateway: (request: FastifyRequest) => Outgoing | undefined;
  pipeline: Pipeline;
  /** Sends an answer, or lets the connection go down in its place. */
  leave: (request: FastifyRequest, reply: FastifyReply, outgoing: Outgoing) => FastifyReply;
}

/** Binds every operation of every contract to its handler. Throws for one without: a contract promises what we serve. */
export function bindOperations(fastify: FastifyInstance, parts: RouteParts): void {
  for (const operation of operations.values()) {
    fastify.route({
      method: operation.method,
      url: fillPath(operation.path, (name) => `:${name}`),
      config: { operation },
      ...(operation.guarded ? guarded(operation, parts) : open(operation, parts)),
    });
  }
}

type Bound = Pick<RouteOptions, 'onRequest' | 'handler'>;

function guarded(operation: Operation, { handlers, gateway, pipeline, leave }: RouteParts): Bound {
  const handler = required(handlers, operation);
  return {
    onRequest: (request, reply, done) => {
      const stopped = gateway(request);
      if (stopped) leave(request, reply, stopped);
      else done();
    },
    handler: async (request, reply) => leave(request, reply, await pipeline(request, operation, handler)),
  };
}

function open(operation: Operation, { open: handlers, leave }: RouteParts): Bound {
  const handler = required(handlers, operation);
  return { handler: async (request, reply) => leave(request, reply, await handler(request)) };
}

function required<H>(handlers: Record<string, H>, { name }: Operation): H {
  const handler = handlers[name];
  if (!handler) throw new Error(`Operation ${name} has a contract but no handler.`);
  return handler;
}
