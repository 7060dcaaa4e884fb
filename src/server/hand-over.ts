import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyPluginCallback } from 'fastify';

/** Another application. */
export interface Other {
  /** Answers a request, as Node gives it. */
  routing(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

export interface HandOverOptions {
  /** Makes the other application. */
  make: () => Promise<Other>;
}

/**
 * Hands requests without a route over to another application, which is made when the first of them comes. It answers them as
 * if they had come to it, and is closed with this one.
 */
export const handOver: FastifyPluginCallback<HandOverOptions> = (fastify, { make }, done) => {
  let other: Promise<Other> | undefined;
  // Before the body is read: the other application reads it.
  fastify.addHook('onRequest', (request, reply, next) => {
    other ??= make();
    other.then((app) => {
      reply.hijack();
      app.routing(request.raw, reply.raw);
    }, next);
  });
  fastify.setNotFoundHandler((_request, reply) => reply.hijack());
  fastify.addHook('preClose', async () => {
    // One that could not be made has answered with its error, and there is nothing to close.
    await (await other?.catch(() => undefined))?.close();
  });
  done();
};
