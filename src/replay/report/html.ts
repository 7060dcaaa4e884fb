import { type Markup, markup } from '../../report/markup.js';
import { pageStyle, renderPage } from '../../report/page.js';
import { shorten } from '../../report/text.js';
import { renderTotals } from '../verdict.js';
import { answered, metOutcome, paidNotes, readable, resultOf, warned } from './gist.js';
import type { Report, ReportedScenario, ReportedStep } from './report.js';
import { drawSequence } from './sequence.js';

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

/** A replay as one HTML file that loads nothing: a picture and the exchanges of each scenario, failures unfolded. */
export function renderHtml(report: Report): string {
  const { mock_klarna, totals, scenarios } = report;
  const told = renderTotals(totals);
  const body = markup`<h1>Replay: <span class="${totals.failed > 0 ? 'failed' : 'passed'}">${told}</span></h1>
<p class="soft">mock-klarna ${mock_klarna}. Times are those of each merchant's clock, in UTC; amounts are in minor units.</p>
<nav aria-label="Scenarios"><ul>
${scenarios.map((scenario, index) => markup`<li>${word(scenario)} <a href="#s${index + 1}">${scenario.name}</a></li>\n`)}</ul></nav>
<main>
${scenarios.map(renderScenario)}</main>
`;
  return renderPage({ title: `Replay: ${told}`, style, body });
}

function word(scenario: ReportedScenario): Markup {
  const result = resultOf(scenario);
  return markup`<span class="word ${result}">${result}</span>`;
}

function renderScenario(scenario: ReportedScenario, index: number): Markup {
  const { name, title, file, evidence, source, tags, merchant, steps, of, reason, outcomes, warnings } = scenario;
  const left = of - steps.length;
  return markup`<section id="s${index + 1}">
<h2>${word(scenario)} ${name}</h2>
<p>${title}</p>
<p class="about">${[file, `evidence: ${evidence}`, source, tags.join(', '), `merchant: ${merchant}`].filter(Boolean).join(' · ')}</p>
${reason !== undefined && markup`<p class="${scenario.result}">${reason}</p>\n`}${
  outcomes.length > 0 &&
  markup`<ul class="outcomes">${outcomes.map((outcome) => markup`<li${outcome.hits === 0 && markup` class="failed"`}>${metOutcome(outcome)}</li>`)}</ul>\n`
}${
  warnings.length > 0 &&
  markup`<ul class="outcomes warned">${warnings.map((warning) => markup`<li>${warned(warning)}</li>`)}</ul>\n`
}${
  steps.length > 0 && markup`<figure>${drawSequence(scenario)}</figure>\n`
}${steps.map((step) => renderStep(step, file))}${
  left > 0 && steps.length > 0 && markup`<p class="soft">${left} more ${left === 1 ? 'step' : 'steps'} not played</p>\n`
}</section>
`;
}

function renderStep(step: ReportedStep, file: string): Markup {
  const { number, title, deed, operation, answer, request, line, clock, unjudged, complaints } = step;
  const failed = complaints.length > 0;
  // What has no title is called by its operation already.
  const what = [(title ?? deed) !== operation && operation, answered(step)].filter(Boolean).join('  ');
  return markup`<details${failed && markup` class="failed" open`}><summary>${number}. ${title ?? deed} <code>${what}</code></summary>
<p class="about">${[`${file}:${line}`, clock && readable(clock), ...paidNotes(step), unjudged && `not judged: ${unjudged}`].filter(Boolean).join(' · ')}</p>
${failed && renderFailure(step)}${request && renderRequest(request)}${answer && renderAnswer(answer)}</details>
`;
}

function renderFailure({ mismatches, trouble }: ReportedStep): Markup {
  if (trouble !== undefined) return markup`<p class="failed">${trouble}</p>\n`;
  const rows = mismatches.map(
    ({ path, expected, got }) =>
      markup`<tr><td>${path}</td><td>${shorten(expected, 400)}</td><td>${got === undefined ? 'nothing' : shorten(got, 400)}</td></tr>`,
  );
  return markup`<table><thead><tr><th scope="col">at</th><th scope="col">expected</th><th scope="col">got</th></tr></thead><tbody>${rows}</tbody></table>\n`;
}

function renderRequest({ method, path, headers, body }: NonNullable<ReportedStep['request']>): Markup {
  const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return markup`<pre>${[`${method} ${path}`, ...named, ...block(body)].join('\n')}</pre>\n`;
}

function renderAnswer({ status, location, explanation, body }: NonNullable<ReportedStep['answer']>): Markup {
  const lines = [
    String(status),
    ...(location === undefined ? [] : [`location: ${location}`]),
    ...(explanation === undefined ? [] : [`mock-klarna-explain: ${explanation}`]),
    ...block(body),
  ];
  return markup`<pre>${lines.join('\n')}</pre>\n`;
}

/** So much of a text, and of a body, stands in the page; the JSON report has all of it. */
const LONGEST_TEXT = 120;
const LONGEST_BODY = 20_000;

function block(body: unknown): string[] {
  if (body === undefined) return [];
  const shown = (value: string) =>
    value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}… (${value.length} characters)` : value;
  const text = JSON.stringify(body, (_, value) => (typeof value === 'string' ? shown(value) : value), 2);
  return [text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}…` : text];
}
