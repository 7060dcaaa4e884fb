import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { FastifyPluginCallback } from 'fastify';
import { documentWithExamples } from '../../contract/examples.js';
import { type Api, apis, documentOf } from '../../contract/operations.js';
import { grades } from '../../klarna/catalogue/evidence.js';
import { packageRoot } from '../../package-root.js';
import { markup } from '../../report/markup.js';
import { guardHeaders } from '../pages/guards.js';
import { inWords } from '../pages/in-words.js';
import { renderPage } from '../pages/page.js';

/** The page opens with the first of these. */
const FIRST: Api = 'payments';
const listed = [FIRST, ...apis.filter((api) => api !== FIRST)];

const urlOf = (api: Api) => `/docs/${api}.v1.json`;

/** Address of the page with the grades of evidence. */
const EVIDENCE = '/docs/evidence';

/** The contract that has no counterpart at Klarna, and so no evidence worth telling. */
const OURS: Api = 'sandbox';

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

/**
 * Our name in the place of Swagger UI's own picture, which has a style of its own that the policy would refuse; and what makes the
 * page fit a telephone, and headers readable in the dark. No answer has links to others.
 */
const STYLE = `
.swagger-ui .topbar-wrapper a::before { content: 'mock-klarna'; font: 22px/40px sans-serif }
.swagger-ui .response-col_links { display: none }
.dark-mode .swagger-ui :is(.header-col, .examples-select__section-label) { color: #e4e6e6 }
@media (max-width: 640px) {
  .swagger-ui .responses-inner { padding: 10px; overflow-x: auto }
  .swagger-ui .wrapper { padding: 0 8px }
}
`;

/** The script of the page. What extensions say stands in the descriptions as well; the calls are shown for every shell. */
const script = (): string => `
SwaggerUIBundle({
  dom_id: '#swagger-ui',
  urls: ${JSON.stringify(listed.map((api) => ({ url: urlOf(api), name: documentOf(api).info.title })))},
  layout: 'StandaloneLayout',
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  plugins: [SwaggerUIBundle.plugins.DownloadUrl, () => ({ components: { Logo: () => null } })],
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  requestSnippetsEnabled: true,
  validatorUrl: null,
});
`;

/** Returns what a policy calls a script or style that stands in the page. */
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Makes the page and its headers. It loads from this server alone; Swagger UI has pictures and a typeface of its own in data. */
function makePage() {
  const run = script();
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${hashOf(run)}`,
    `style-src 'self' ${hashOf(STYLE)}`,
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>mock-klarna</title>
<link rel="stylesheet" href="/docs/static/swagger-ui.css">
<link rel="stylesheet" href="/docs/static/index.css">
<link rel="icon" type="image/png" href="/docs/static/favicon-32x32.png" sizes="32x32">
<style>${STYLE}</style>
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/static/swagger-ui-bundle.js"></script>
<script src="/docs/static/swagger-ui-standalone-preset.js"></script>
<script>${run}</script>
</body>
</html>
`;
  return { html, headers: { ...guardHeaders({ policy }), 'content-type': 'text/html; charset=utf-8' } };
}

/** A contract as the page shows it: calls are tried on the host and port that it came from. */
const documentFor = async (api: Api) => ({
  ...inWords(await documentWithExamples(api), api === OURS ? undefined : EVIDENCE),
  servers: [{ url: '/', description: 'This stand-in' }],
});

/** Renders the page with the grades of evidence, to which every grade in a contract leads. */
const evidencePage = () =>
  renderPage(200, {
    title: 'Evidence',
    body: markup`<main class="page">
<h1>Evidence</h1>
<p>Every operation, answer and rule says how it is known that Klarna does so. That tells where the statement comes from, and not that Klarna still does so today.</p>
<dl>
${Object.entries(grades).map(([grade, means]) => markup`<dt id="${grade}"><b>${grade}</b></dt>\n<dd>${means}</dd>\n`)}</dl>
<p><a href="/docs">The contracts</a> have the evidence of each statement; <code>docs/</code> of the package has all of it in one page, and the questions that are open.</p>
</main>`,
  });

/** No browser takes a file for something else than it is. */
const AS_IT_IS = { 'x-content-type-options': 'nosniff' };

/** Serves `/docs`, made when somebody opens it. */
export const documentation: FastifyPluginCallback = (fastify, _options, done) => {
  let page: ReturnType<typeof makePage> | undefined;
  fastify.get('/docs', (_request, reply) => {
    page ??= makePage();
    return reply.headers(page.headers).send(page.html);
  });
  fastify.get(EVIDENCE, (_request, reply) => {
    const { headers, body } = evidencePage();
    return reply.headers(headers).send(body);
  });
  for (const api of listed) {
    let document: ReturnType<typeof documentFor> | undefined;
    fastify.get(urlOf(api), (_request, reply) => {
      document ??= documentFor(api);
      reply.headers(AS_IT_IS);
      return document;
    });
  }
  for (const [name, type] of Object.entries(assets)) {
    fastify.get(`/docs/static/${name}`, async (_request, reply) =>
      reply
        .headers(AS_IT_IS)
        .type(type)
        .send(await readAsset(name)),
    );
  }
  done();
};
