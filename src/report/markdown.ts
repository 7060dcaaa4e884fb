import { byOperation, type Coverage, nameOf, neverCalled, renderCovered, unusedApis, usedApis } from './coverage.js';
import type { HarnessReport } from './finding.js';
import { escapeMarkup } from './markup.js';
import { isReplay, type ReplayReport, type ReportedScenario, renderTotals, renderUnjudged } from './replay.js';
import { displayedResult, failuresFirst, summarizeWarning } from './replay-summary.js';
import { byCheck, groupFindings, placesOf, sentence, summarize } from './summary.js';

/** Returns text as it stands in one cell of a table: nothing in it is Markdown or HTML. */
export const cell = (text: string): string => escapeMarkup(text.replace(/\s+/g, ' ').replace(/[\\`*_[\]|~#]/g, '\\$&'));

/** Returns text as a block of code, with a fence longer than any in the text. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/**
 * Renders a report in Markdown, as GitHub shows it as the summary of a job: a replay as the failures in full, a
 * table of scenarios and what tested nothing, any other report as findings, coverage and what was not judged.
 */
export function renderMarkdown(report: HarnessReport): string {
  return `${(isReplay(report) ? replayLines(report) : findingsLines(report)).join('\n')}\n`;
}

function replayLines({ title, totals, scenarios: played }: ReplayReport): string[] {
  const scenarios = failuresFirst(played);
  const failures = scenarios.filter(({ result }) => result === 'failed');
  const warnings = scenarios.flatMap(({ name, warnings }) =>
    warnings.map((warning) => `- ${cell(`${name}, ${summarizeWarning(warning)}`)}`),
  );
  return [
    `## ${title}: ${renderTotals(totals)}`,
    ...failures.flatMap(({ name, verdict }) => ['', `### ${cell(name)}`, '', fenced(verdict)]),
    ...(failures.length > 0 ? ['', '### All scenarios'] : []),
    ...table(
      ['Result', 'Scenario', 'What happens', 'Steps', 'Outcomes met'],
      scenarios.map((scenario) => [
        displayedResult(scenario),
        scenario.name,
        scenario.title,
        stepsOf(scenario),
        outcomesOf(scenario),
      ]),
    ),
    ...(warnings.length > 0 ? ['', '### What tested nothing', '', ...warnings] : []),
  ];
}

/** Returns how many of the scripted outcomes happened: `1 of 3`. */
function outcomesOf({ outcomes }: ReportedScenario): string {
  if (outcomes.length === 0) return '';
  return `${outcomes.filter(({ hits }) => hits > 0).length} of ${outcomes.length}`;
}

function stepsOf({ result, reason, steps, of }: ReportedScenario): string {
  if (result === 'skipped') return String(reason);
  return result === 'passed' ? `${of}${renderUnjudged(steps)}` : `${steps.length} of ${of}`;
}

/** The most places that one row names. */
const MOST_PLACES = 5;

function findingsLines(report: HarnessReport): string[] {
  const { title, target, unjudged, coverage, baseline } = report;
  return [
    `## ${cell(title)}: ${cell(summarize(report))}`,
    '',
    cell(target),
    ...table(
      ['Severity', 'Check', 'Operation', 'Where', 'What'],
      byCheck(report)
        .flatMap(({ findings }) => groupFindings(findings))
        .map((group) => [
          group[0].severity,
          group[0].check,
          group[0].operation ?? '',
          placesOf(group, MOST_PLACES),
          sentence(group[0]),
        ]),
    ),
    ...(coverage ? coverageLines(coverage) : []),
    ...section(
      'Fixed since the baseline',
      ['Check', 'What'],
      (baseline?.fixed ?? []).map(({ check, message }) => [check, message]),
    ),
    ...section(
      'Not judged',
      ['What', 'Why'],
      unjudged.map(({ what, why }) => [what, why]),
    ),
  ];
}

function coverageLines(coverage: Coverage): string[] {
  const unused = neverCalled(coverage);
  const others = unusedApis(coverage);
  return [
    ...usedApis(coverage).flatMap((api) =>
      section(
        `Coverage: ${renderCovered([api])}`,
        ['Operation', 'Met', 'Not met'],
        [
          ...byOperation(coverage, api).map(({ operation, cells, counting }) => {
            const missing = cells.filter(({ counts }) => !counts).map(nameOf);
            return [operation, `${counting} of ${cells.length}`, missing.join(', ')];
          }),
          ...unused.filter((entry) => entry.api === api.name).map(({ operation }) => [operation, 'never called', '']),
        ],
      ),
    ),
    ...(others.length > 0 ? ['', `Never used: ${cell(others.join(', '))}`] : []),
  ];
}

const section = (title: string, head: string[], rows: string[][]): string[] =>
  rows.length === 0 ? [] : ['', `### ${title}`, ...table(head, rows)];

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  if (rows.length === 0) return [];
  return ['', line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(cell)))];
}
