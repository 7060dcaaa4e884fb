import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Operation, operationNamed } from '../contract/operations.js';
import type { Eventually } from '../store/eventually.js';
import type { AnyHandler } from './call.js';
import type { OpenHandler } from './pages/page.js';
import type { Pipeline } from './pipeline.js';
import type { Answered } from './plugins/answers.js';
import { schemaOf, urlOf } from './schemas.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation of a route; absent for what no contract has. */
    operation?: Operation;
  }
}

/** The route of an operation, with the schemas of its contract. */
export const routeOf = (operation: Operation) => ({
  method: operation.method,
  url: urlOf(operation),
  config: { operation },
  schema: schemaOf(operation),
  // Fastify hands a broken shape on; the pipeline refuses it after the idempotency key and the scenario.
  attachValidation: true,
});

/** Lets an answer leave when it is there. Fastify waits for a promise only. */
function leave(reply: FastifyReply, answer: Eventually<Answered>): Promise<FastifyReply> | undefined {
  if (answer instanceof Promise) return answer.then((answered) => reply.leave(answered));
  reply.leave(answer);
  return undefined;
}

/** Serves operations that need credentials, by the names of their handlers: the pipeline answers them. */
export function serveOperations(
  fastify: FastifyInstance,
  pipeline: Pipeline,
  handlers: Readonly<Record<string, AnyHandler>>,
): void {
  for (const [name, handler] of Object.entries(handlers)) {
    const operation = operationNamed(name);
    fastify.route({
      ...routeOf(operation),
      handler: (request, reply) => leave(reply, pipeline(request, operation, handler)),
    });
  }
}

/** Serves operations that need no credentials and belong to no merchant, by the names of their handlers. */
export function serveOpenOperations(fastify: FastifyInstance, handlers: Readonly<Record<string, OpenHandler>>): void {
  for (const [name, handler] of Object.entries(handlers)) {
    fastify.route({
      ...routeOf(operationNamed(name)),
      handler: (request, reply) => leave(reply, handler(request)),
    });
  }
}
