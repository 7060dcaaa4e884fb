import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { FastifyPluginCallback } from 'fastify';
import { documentWithExamples } from '../../contract/examples.js';
import { type Api, apis, documentOf } from '../../contract/operations.js';
import { packageRoot } from '../../package-root.js';

/** The page opens with the first of these. */
const FIRST: Api = 'payments';
const listed = [FIRST, ...apis.filter((api) => api !== FIRST)];

const urlOf = (api: Api) => `/docs/${api}.v1.json`;

/** The files of Swagger UI that the page loads, by their media types. The build copies them to dist/docs/. */
export const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'index.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** The folders where the assets may be: in what is built, or, in a checkout without that, in their package. */
const folders = ['dist/docs/', 'node_modules/swagger-ui-dist/'].map((path) => new URL(path, packageRoot));

const readAsset = (name: string): Promise<Buffer> =>
  readFile(
    new URL(
      name,
      folders.find((folder) => existsSync(folder)),
    ),
  );

/** The page. Our name stands in the place of its own picture; evidence stands in extensions. */
function makePage(): string {
  const urls = listed.map((api) => ({ url: urlOf(api), name: documentOf(api).info.title }));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>mock-klarna</title>
<link rel="stylesheet" href="/docs/static/swagger-ui.css">
<link rel="stylesheet" href="/docs/static/index.css">
<link rel="icon" type="image/png" href="/docs/static/favicon-32x32.png" sizes="32x32">
<style>
.swagger-ui .topbar-wrapper a > * { display: none }
.swagger-ui .topbar-wrapper a::before { content: 'mock-klarna'; font: 22px/40px sans-serif }
</style>
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/static/swagger-ui-bundle.js"></script>
<script src="/docs/static/swagger-ui-standalone-preset.js"></script>
<script>
SwaggerUIBundle({
  dom_id: '#swagger-ui',
  urls: ${JSON.stringify(urls)},
  layout: 'StandaloneLayout',
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  plugins: [SwaggerUIBundle.plugins.DownloadUrl],
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  showExtensions: true,
  validatorUrl: null,
});
</script>
</body>
</html>
`;
}

/** A contract as the page shows it: calls are tried on the host and port that it came from. */
const documentFor = async (api: Api) => ({
  ...(await documentWithExamples(api)),
  servers: [{ url: '/', description: 'This stand-in' }],
});

/** Serves `/docs`, made when somebody opens it. */
export const documentation: FastifyPluginCallback = (fastify, _options, done) => {
  let page: string | undefined;
  fastify.get('/docs', (_request, reply) => {
    page ??= makePage();
    return reply.type('text/html; charset=utf-8').send(page);
  });
  for (const api of listed) {
    let document: ReturnType<typeof documentFor> | undefined;
    fastify.get(urlOf(api), () => {
      document ??= documentFor(api);
      return document;
    });
  }
  for (const [name, type] of Object.entries(assets)) {
    fastify.get(`/docs/static/${name}`, async (_request, reply) => reply.type(type).send(await readAsset(name)));
  }
  done();
};
