import { Markup, markup } from './markup.js';

/** Colours by what they mean; paper is always light. */
const light = `--ink:#1d1d24;--soft:#5e5e6b;--paper:#fff;--panel:#f6f6f9;--rule:#d9d9e2;--good:#17663a;--bad:#b3122f;--skip:#7a5600;
--klarna:#f4d6e0;--token:#e2e6ff;--badpanel:#fdecef`;
const dark = `--ink:#ececf2;--soft:#a5a5b5;--paper:#16161b;--panel:#202028;--rule:#3b3b48;--good:#6fd39b;--bad:#ff8296;--skip:#e3bb5a;
--klarna:#553142;--token:#31365f;--badpanel:#3a1f26`;

/**
 * The style of a page that loads nothing from anywhere.
 * @param own what this kind of page has beside what all have
 */
export const pageStyle = (own: string): Markup =>
  new Markup(`:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;margin:0}
h2{font-size:1.15rem;margin:0;overflow-wrap:anywhere}
a{color:inherit}
p{margin:.25rem 0}
.soft,.about{color:var(--soft)}
.passed{color:var(--good)}.failed{color:var(--bad)}.skipped,.warned{color:var(--skip)}
.word{font-weight:600;display:inline-block;min-width:4.2rem}
nav ul{list-style:none;padding:0;columns:2 22rem}
nav li{break-inside:avoid;overflow-wrap:anywhere}
section{border-top:1px solid var(--rule);margin-top:1.5rem;padding-top:1rem}
figure{margin:.75rem 0;overflow-x:auto}
${own}details{border-left:3px solid var(--rule);padding:.1rem 0 .1rem .75rem;margin:.2rem 0}
details.failed{border-color:var(--bad);color:inherit}
summary{cursor:pointer;overflow-wrap:anywhere}
code,pre{font:12px/1.45 ui-monospace,monospace}
pre{background:var(--panel);padding:.5rem .75rem;margin:.25rem 0 .5rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;margin:.25rem 0 .5rem;width:100%}
th,td{border:1px solid var(--rule);padding:.2rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
td{font:12px/1.45 ui-monospace,monospace}
@media print{body{max-width:none;padding:0;font-size:11px}nav{display:none}section{break-inside:auto}figure{break-inside:avoid;overflow:visible}
h2,summary{break-after:avoid}details:not([open]){display:none}svg{max-height:24cm}}`);

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
