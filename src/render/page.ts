import { type Markup, markup } from './markup.js';

/** A page that stands in one file and loads nothing. */
export interface Page {
  title: string;
  style: Markup;
  body: Markup;
}

/** A page as HTML. No script of anybody's runs in it. */
export function renderPage({ title, style, body }: Page): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${body}</body>
</html>
`.text;
}
