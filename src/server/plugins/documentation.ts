import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { documentWithExamples } from '../../contract/examples.js';
import { type Api, apis } from '../../contract/operations.js';

/** The page opens with the first of these. */
const FIRST: Api = 'payments';

/** Our name instead of the page's own picture. */
const wordmark = [
  '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40">',
  '<text x="0" y="27" fill="#fff" font-family="sans-serif" font-size="22">mock-klarna</text>',
  '</svg>',
].join('');

/** Makes the documentation page as an application of its own: it costs its start only when somebody opens it. */
async function makeDocumentation(): Promise<FastifyInstance> {
  const [{ default: Fastify }, { default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ]);
  const documentation = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
  const urls: { url: string; name: string }[] = [];
  for (const api of [FIRST, ...apis.filter((other) => other !== FIRST)]) {
    // Whatever host and port the page came from is the one to try calls on.
    const document = { ...(await documentWithExamples(api)), servers: [{ url: '/', description: 'This stand-in' }] };
    const url = `/docs/${api}.v1.json`;
    // One document has the default name: the page's own route asks for it.
    const decorator = api === FIRST ? {} : { decorator: `${api.replace(/\W/g, '_')}_document` as 'swagger' };
    await documentation.register(swagger, {
      mode: 'static',
      specification: { document: document as never },
      ...decorator,
    });
    documentation.get(url, async () => document);
    urls.push({ url, name: document.info.title });
  }
  await documentation.register(swaggerUi, {
    routePrefix: '/docs',
    logo: { type: 'image/svg+xml', content: wordmark, href: '/docs' },
    theme: { title: 'mock-klarna' },
    // Evidence stands in extensions.
    uiConfig: { urls, docExpansion: 'list', defaultModelsExpandDepth: 0, showExtensions: true } as object,
  });
  await documentation.ready();
  return documentation;
}

/** Serves `/docs`, and leads from `/` to it. */
export const documentation: FastifyPluginCallback = (fastify, _options, done) => {
  let page: Promise<FastifyInstance> | undefined;
  fastify.get('/', (_request, reply) => reply.redirect('/docs'));
  for (const url of ['/docs', '/docs/*']) {
    fastify.get(url, async (request, reply) => {
      page ??= makeDocumentation();
      const { routing } = await page;
      reply.hijack();
      routing(request.raw, reply.raw);
      return reply;
    });
  }
  fastify.addHook('onClose', async () => (await page)?.close());
  done();
};
