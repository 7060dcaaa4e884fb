import { Markup } from './markup.js';

/** Colours by what they mean; paper is always light. */
const light = `--ink:#1d1d24;--soft:#5e5e6b;--paper:#fff;--panel:#f6f6f9;--rule:#d9d9e2;--good:#17663a;--bad:#b3122f;--skip:#7a5600;
--klarna:#f4d6e0;--token:#e2e6ff;--badpanel:#fdecef`;
const dark = `--ink:#ececf2;--soft:#a5a5b5;--paper:#16161b;--panel:#202028;--rule:#3b3b48;--good:#6fd39b;--bad:#ff8296;--skip:#e3bb5a;
--klarna:#553142;--token:#31365f;--badpanel:#3a1f26`;

/** The style of the HTML report: nothing is loaded from anywhere. */
export const style = new Markup(`:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;margin:0}
h2{font-size:1.15rem;margin:0;overflow-wrap:anywhere}
a{color:inherit}
p{margin:.25rem 0}
.soft,.about{color:var(--soft)}
.passed{color:var(--good)}.failed{color:var(--bad)}.skipped{color:var(--skip)}
.word{font-weight:600;display:inline-block;min-width:4.2rem}
nav ul{list-style:none;padding:0;columns:2 22rem}
nav li{break-inside:avoid;overflow-wrap:anywhere}
section{border-top:1px solid var(--rule);margin-top:1.5rem;padding-top:1rem}
.outcomes{margin:.25rem 0;padding-left:1.2rem;font-size:.92em}
figure{margin:.75rem 0;overflow-x:auto}
svg{max-width:100%;height:auto;display:block;font:12px ui-sans-serif,system-ui,sans-serif}
svg text{fill:var(--ink);text-anchor:middle}
svg .clock{text-anchor:start;font-size:11px;fill:var(--soft);font-variant-numeric:tabular-nums}
svg .name{font-weight:600}
svg .actor{fill:var(--klarna);stroke:none}
svg .life{stroke:var(--rule);stroke-width:1.5}
svg g line{stroke:var(--ink);stroke-width:1.2}
svg g path{fill:var(--ink)}
svg .answer line,svg .refusal line{stroke-dasharray:5 3}
svg .answer line{stroke:var(--good)}svg .answer path,svg .answer text{fill:var(--good)}
svg .refusal line,svg .lost line,svg .lost path{stroke:var(--bad)}svg .refusal path,svg .refusal text,svg .lost text{fill:var(--bad)}
svg .lost line{stroke-dasharray:5 3}svg .lost path{fill:none;stroke-width:2}
svg .callback line{stroke-width:2}
svg .band rect{fill:var(--panel);stroke:var(--rule)}
svg .band text{fill:var(--soft)}
svg .tokenized rect{fill:var(--token)}
svg .tokenized text{font-weight:600}
svg .event rect{fill:var(--klarna)}
svg .why rect{fill:var(--panel)}
svg .why text{fill:var(--soft);font-size:11px}
svg .wrong rect{fill:var(--badpanel);stroke:var(--bad)}
svg .wrong text{fill:var(--bad);font-weight:600;font-size:11px}
details{border-left:3px solid var(--rule);padding:.1rem 0 .1rem .75rem;margin:.2rem 0}
details.failed{border-color:var(--bad);color:inherit}
summary{cursor:pointer;overflow-wrap:anywhere}
code,pre{font:12px/1.45 ui-monospace,monospace}
pre{background:var(--panel);padding:.5rem .75rem;margin:.25rem 0 .5rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;margin:.25rem 0 .5rem;width:100%}
th,td{border:1px solid var(--rule);padding:.2rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
td{font:12px/1.45 ui-monospace,monospace}
@media print{body{max-width:none;padding:0;font-size:11px}nav{display:none}section{break-inside:auto}figure{break-inside:avoid;overflow:visible}
h2,summary{break-after:avoid}details:not([open]){display:none}svg{max-height:24cm}}`);
