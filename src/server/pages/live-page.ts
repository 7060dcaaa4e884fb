import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyPluginCallback } from 'fastify';
import { packageRoot } from '../../package-root.js';
import type { OwnPages } from '../own-pages.js';
import { guardHeaders } from './guards.js';

const schemaFile = new URL('contracts/scenario.schema.json', packageRoot);

/** The page is drawn by its script; without one it says what to do. */
const pageWith = (nonce: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="style-nonce" content="${nonce}">
<title>mock-klarna</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/kp/assets/live.css">
</head>
<body>
<div id="live"><noscript>This page needs JavaScript. What it shows is in the control API as well: see <a href="/docs">the documentation</a>.</noscript></div>
<script src="/kp/assets/live.js" type="module"></script>
</body>
</html>
`;

/** What the page may load: its own files, and styles that the editor makes with the nonce. */
const policyWith = (nonce: string) => [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' 'nonce-${nonce}'`,
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
];

/** Serves the live page at `/`, which calls the control API, and the schema of scenario files for its editor. */
export const livePage: FastifyPluginCallback<{ ownPages: OwnPages }> = (fastify, { ownPages }, done) => {
  fastify.get('/', (request, reply) => {
    const nonce = randomBytes(16).toString('base64url');
    return reply
      .headers({
        ...guardHeaders({ policy: policyWith(nonce) }),
        'content-type': 'text/html; charset=utf-8',
        'set-cookie': ownPages.cookie(request.headers.host),
      })
      .send(pageWith(nonce));
  });
  fastify.get('/live/scenario.schema.json', async (_request, reply) =>
    reply
      .headers({ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' })
      .send(await readFile(schemaFile)),
  );
  done();
};
