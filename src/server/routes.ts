import type { FastifyPluginCallback, FastifyReply } from 'fastify';
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

export interface OperationsOptions {
  /** Handlers by the names of their operations. */
  handlers: Readonly<Record<string, AnyHandler>>;
  pipeline: Pipeline;
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

/** Serves operations that need credentials: the pipeline answers them. */
export const serveOperations: FastifyPluginCallback<OperationsOptions> = (fastify, { handlers, pipeline }, done) => {
  for (const [name, handler] of Object.entries(handlers)) {
    const operation = operationNamed(name);
    fastify.route({
      ...routeOf(operation),
      handler: (request, reply) => leave(reply, pipeline(request, operation, handler)),
    });
  }
  done();
};

export interface OpenOperationsOptions {
  handlers: Readonly<Record<string, OpenHandler>>;
}

/** Serves operations that need no credentials and belong to no merchant. */
export const serveOpenOperations: FastifyPluginCallback<OpenOperationsOptions> = (fastify, { handlers }, done) => {
  for (const [name, handler] of Object.entries(handlers)) {
    fastify.route({
      ...routeOf(operationNamed(name)),
      handler: (request, reply) => leave(reply, handler(request)),
    });
  }
  done();
};
