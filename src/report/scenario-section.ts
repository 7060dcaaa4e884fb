import { type Markup, markup } from './markup.js';
import { answerText, requestText } from './message-text.js';
import type { ReportedScenario, ReportedStep } from './replay.js';
import {
  displayedResult,
  paymentLines,
  readableInstant,
  summarizeAnswer,
  summarizeOutcome,
  summarizeWarning,
} from './replay-summary.js';
import { drawSequence } from './sequence.js';
import { shorten } from './text.js';

/** The style of scenarios and their sequence diagrams. */
export const scenarioStyle = `.outcomes{margin:.25rem 0;padding-left:1.2rem;font-size:.92em}
svg{display:block;font:12px ui-sans-serif,system-ui,sans-serif}
svg a:hover line,svg a:focus-visible line{stroke-width:2.6}svg a:focus-visible text{text-decoration:underline}
svg :is(.call,.answer,.refusal,.callback,.lost) text{paint-order:stroke;stroke:var(--paper);stroke-width:4px}
details:target>summary{background:var(--panel)}
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
`;

/** Returns the result of a scenario as a word in its colour. */
export function resultWord(scenario: ReportedScenario): Markup {
  const result = displayedResult(scenario);
  return markup`<span class="word ${result}">${result}</span>`;
}

/** Renders a scenario as a section: its sequence diagram and the exchanges of each step, failures unfolded. */
export function scenarioSection(scenario: ReportedScenario, index: number): Markup {
  const { name, title, file, evidence, source, tags, merchant, steps, of, reason, outcomes, warnings } = scenario;
  const left = of - steps.length;
  const id = `s${index + 1}`;
  const idOf = (number: number) => `${id}-${number}`;
  return markup`<section id="${id}" data-kind="${displayedResult(scenario)}">
<h2>${resultWord(scenario)} ${name}</h2>
<p>${title}</p>
<p class="about">${[file, evidence && `evidence: ${evidence}`, source, tags.join(', '), `merchant: ${merchant}`].filter(Boolean).join(' · ')}</p>
${reason !== undefined && markup`<p class="${scenario.result}">${reason}</p>\n`}${
  outcomes.length > 0 &&
  markup`<ul class="outcomes">${outcomes.map((outcome) => markup`<li${outcome.hits === 0 && markup` class="failed"`}>${summarizeOutcome(outcome)}</li>`)}</ul>\n`
}${
  warnings.length > 0 &&
  markup`<ul class="outcomes warned">${warnings.map((warning) => markup`<li>${summarizeWarning(warning)}</li>`)}</ul>\n`
}${
  steps.length > 0 &&
  markup`<figure tabindex="0" aria-label="Sequence of ${name}">${drawSequence(scenario, idOf)}</figure>\n`
}${steps.map((step) => renderStep(step, file, idOf(step.number)))}${
  left > 0 && steps.length > 0 && markup`<p class="soft">${left} more ${left === 1 ? 'step' : 'steps'} not played</p>\n`
}</section>
`;
}

function renderStep(step: ReportedStep, file: string, id: string): Markup {
  const { number, title, action, operation, answer, request, line, clock, unjudged, complaints } = step;
  const failed = complaints.length > 0;
  // A step without a title has the operation as its name.
  const what = [(title ?? action) !== operation && operation, summarizeAnswer(step)].filter(Boolean).join('  ');
  return markup`<details id="${id}"${failed && markup` class="failed" open`}><summary>${number}. ${title ?? action} <code>${what}</code></summary>
<p class="about">${[line === undefined ? file : `${file}:${line}`, clock && readableInstant(clock), ...paymentLines(step), unjudged && `not judged: ${unjudged}`].filter(Boolean).join(' · ')}</p>
${failed && renderFailure(step)}${request && markup`<pre>${requestText(request)}</pre>\n`}${
  answer && markup`<pre>${answerText({ ...answer, headers: headersOf(answer) })}</pre>\n`
}</details>
`;
}

/** Returns the headers that a replay keeps of an answer. */
const headersOf = ({ location, explanation }: NonNullable<ReportedStep['answer']>): Record<string, string> => ({
  ...(location !== undefined && { location }),
  ...(explanation !== undefined && { 'mock-klarna-explain': explanation }),
});

function renderFailure({ mismatches, trouble }: ReportedStep): Markup {
  if (trouble !== undefined) return markup`<p class="failed">${trouble}</p>\n`;
  const rows = mismatches.map(
    ({ path, expected, got }) =>
      markup`<tr><td>${path}</td><td>${shorten(expected, 400)}</td><td>${got === undefined ? 'nothing' : shorten(got, 400)}</td></tr>`,
  );
  return markup`<table><thead><tr><th scope="col">at</th><th scope="col">expected</th><th scope="col">got</th></tr></thead><tbody>${rows}</tbody></table>\n`;
}
