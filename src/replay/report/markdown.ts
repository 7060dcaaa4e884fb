import { cell, fenced } from '../../render/markdown.js';
import { renderTotals, renderUnjudged } from '../verdict.js';
import { metOutcome } from './gist.js';
import type { Report, ReportedScenario } from './report.js';

/** A replay as a table in Markdown, failures in full below it: what GitHub shows as the summary of a job. */
export function renderMarkdown({ totals, scenarios }: Report): string {
  const rows = scenarios.map(
    (scenario) =>
      `| ${scenario.result} | ${cell(scenario.name)} | ${cell(scenario.title)} | ${steps(scenario)} | ${met(scenario)} |`,
  );
  const failed = scenarios.filter(({ result }) => result === 'failed');
  const unmet = scenarios.flatMap(({ name, outcomes }) =>
    outcomes.filter(({ hits }) => hits === 0).map((outcome) => cell(`${name}, ${metOutcome(outcome)}`)),
  );
  return `${[
    `## Replay: ${renderTotals(totals)}`,
    '',
    '| Result | Scenario | What happens | Steps | Outcomes met |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...unmet.flatMap((line, index) => [
      ...(index === 0 ? ['', '### Outcomes that took no call', ''] : []),
      `- ${line}`,
    ]),
    ...failed.flatMap(({ name, verdict }) => ['', `### ${cell(name)}`, '', fenced(verdict)]),
  ].join('\n')}\n`;
}

/** How many of the outcomes happened. */
function met({ outcomes }: ReportedScenario): string {
  if (outcomes.length === 0) return '';
  return `${outcomes.filter(({ hits }) => hits > 0).length} of ${outcomes.length}`;
}

function steps({ result, reason, steps, of }: ReportedScenario): string {
  if (result === 'skipped') return cell(`${reason}`);
  return result === 'passed' ? cell(`${of}${renderUnjudged(steps)}`) : `${steps.length} of ${of}`;
}
