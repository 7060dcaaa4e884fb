import { pageStyle } from '../../report/page.js';

/** The style of the HTML report of a replay. */
export const style = pageStyle(`.outcomes{margin:.25rem 0;padding-left:1.2rem;font-size:.92em}
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
`);
