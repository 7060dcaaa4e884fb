import type { FastifyRequest } from 'fastify';
import { type Markup, markup } from '../../report/markup.js';
import type { Outgoing } from '../answers.js';
import { guardHeaders } from './guards.js';

/** Answers a request that needs no credentials and belongs to no merchant. */
export type OpenHandler = (request: FastifyRequest) => Promise<Outgoing> | Outgoing;

/** A page with what it loads: scripts and styles of this server only, by their paths. */
export interface PageContent {
  title: string;
  /** The content of the body; scripts find their place by the attributes of its `<main>`. */
  body: Markup;
  scripts?: readonly string[];
  /** Style sheets; those of the purchase page unless given. */
  styles?: readonly string[];
  /** Whether pages of any origin may show it in a frame; none may otherwise. */
  framed?: boolean;
}

/** The path of a file that the pages load. */
export const asset = (name: string): string => `/kp/assets/${name}`;

/** Lets a page load from this server alone, and run no script and apply no style that stands in it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

/** Renders a page as an answer. */
export function renderPage(status: number, content: PageContent): Outgoing {
  const { title, body, scripts = [], styles = [asset('purchase.css')], framed = false } = content;
  const html = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
${styles.map((path) => markup`<link rel="stylesheet" href="${path}">\n`)}${scripts.map((path) => markup`<script type="module" src="${path}"></script>\n`)}</head>
<body>
${body}
</body>
</html>
`;
  const headers = { ...guardHeaders({ policy: POLICY, framed }), 'content-type': 'text/html;charset=utf-8' };
  return { status, body: html.text, headers };
}

/** Renders a page of a title and a text, which loads no script. */
export function page(status: number, title: string, text: Markup | string): Outgoing {
  const body = markup`<main class="page">
<h1>${title}</h1>
<p>${text}</p>
<p class="soft small"><span class="sandbox-mark">sandbox</span> mock-klarna: nobody pays anything here.</p>
</main>`;
  return renderPage(status, { title, body });
}

/** Renders a picture as an answer. */
export function picture(svg: string): Outgoing {
  const headers = { ...guardHeaders({ policy: ["default-src 'none'"] }), 'content-type': 'image/svg+xml' };
  return { status: 200, body: svg, headers };
}
