import { cell, fenced } from '../../report/markdown.js';
import { renderTotals, renderUnjudged } from '../verdict.js';
import { resultOf, warned } from './gist.js';
import type { Report, ReportedScenario } from './report.js';

/** A replay as a table in Markdown, what tested nothing and failures in full below it: what GitHub shows as the summary of a job. */
export function renderMarkdown({ totals, scenarios }: Report): string {
  const rows = scenarios.map(
    (scenario) =>
      `| ${resultOf(scenario)} | ${cell(scenario.name)} | ${cell(scenario.title)} | ${steps(scenario)} | ${met(scenario)} |`,
  );
  const failed = scenarios.filter(({ result }) => result === 'failed');
  const vain = scenarios.flatMap(({ name, warnings }) =>
    warnings.map((warning) => cell(`${name}, ${warned(warning)}`)),
  );
  return `${[
    `## Replay: ${renderTotals(totals)}`,
    '',
    '| Result | Scenario | What happens | Steps | Outcomes met |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...vain.flatMap((line, index) => [...(index === 0 ? ['', '### What tested nothing', ''] : []), `- ${line}`]),
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
