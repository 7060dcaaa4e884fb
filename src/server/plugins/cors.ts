import fastifyPlugin from 'fastify-plugin';

/** Headers that a page on another origin may send. */
const ALLOWED = 'Authorization, Content-Type, Mock-Klarna-Scenario, Mock-Klarna-Clock';

/** Headers of an answer that a page on another origin may read. */
const EXPOSED = 'Klarna-Correlation-Id, Mock-Klarna-Explain, Mock-Klarna-Clock';

/**
 * Lets pages on any origin call the routes of a Fastify context: no cookie opens them, so that nothing is given away.
 * The library @fastify/cors answers preflights by a route for every path, which would open the control API as well.
 */
export const cors = fastifyPlugin(
  (fastify, _options, done) => {
    fastify.addHook('onRequest', (_request, reply, next) => {
      reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', EXPOSED);
      next();
    });
    fastify.addHook('onRoute', ({ url, method }) => {
      if (method === 'OPTIONS') return;
      fastify.options(url, (request, reply) => {
        // A page from the Internet may ask for the local machine only when it is told so.
        if (request.headers['access-control-request-private-network']) {
          reply.header('access-control-allow-private-network', 'true');
        }
        return reply.leave({
          status: 204,
          headers: {
            'access-control-allow-methods': String(method),
            'access-control-allow-headers': ALLOWED,
            'access-control-max-age': '600',
          },
        });
      });
    });
    done();
  },
  { name: 'cors' },
);
