import type { FastifyInstance } from 'fastify';
import { documentWithExamples } from '../contract/examples.js';
import { apis, documentOf } from '../contract/operations.js';

/** Makes the documentation page as an application of its own: it costs its start only when somebody opens it. */
async function makeDocumentation(): Promise<FastifyInstance> {
  const [{ default: Fastify }, { default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ]);
  const documentation = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
  const [first, ...others] = apis;
  for (const api of [first, ...others]) {
    if (!api) continue;
    const document = await documentWithExamples(api);
    // One document has the default name: the page asks for it.
    const decorator = api === first ? {} : { decorator: `${api.replace(/\W/g, '_')}_document` as 'swagger' };
    await documentation.register(swagger, {
      mode: 'static',
      specification: { document: document as never },
      ...decorator,
    });
    documentation.get(`/docs/${api}.v1.json`, async () => document);
  }
  await documentation.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'mock-klarna' },
    uiConfig: {
      urls: apis.map((api) => ({ url: `/docs/${api}.v1.json`, name: documentOf(api).info.title })),
      docExpansion: 'list',
    } as object,
  });
  await documentation.ready();
  return documentation;
}

/** Serves `/docs`, and leads from `/` to it. */
export function serveDocumentation(fastify: FastifyInstance): void {
  let documentation: Promise<FastifyInstance> | undefined;
  fastify.get('/', (_request, reply) => reply.redirect('/docs'));
  for (const url of ['/docs', '/docs/*']) {
    fastify.get(url, async (request, reply) => {
      documentation ??= makeDocumentation();
      const page = await documentation;
      reply.hijack();
      page.routing(request.raw, reply.raw);
      return reply;
    });
  }
  fastify.addHook('onClose', async () => (await documentation)?.close());
}
