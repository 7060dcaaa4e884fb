import { type Coverage, neverCalled, unusedApis, usedApis } from './coverage.js';
import type { HarnessReport } from './finding.js';
import { type ReportedScenario, type ReportedStep, renderUnjudged, type Warning } from './replay.js';
import { byCheck, counted, type FindingGroup, groupFindings, placesOf, sentence, summarize } from './summary.js';
import { printable, shorten } from './text.js';

/** The most places that one line names; files have more of them. */
const MOST_PLACES = 3;

/** Renders findings for a terminal: each finding in two lines, what was not judged, what a baseline says, and the sum. */
export function renderText(report: HarnessReport): string {
  const { title, target, unjudged, coverage, baseline } = report;
  return [
    ...byCheck(report).flatMap(({ findings }) => groupFindings(findings).flatMap(findingLines)),
    ...unjudged.map(({ what, why }) => `not judged ${what}: ${why}`),
    ...(baseline?.fixed ?? []).map((known) => `fixed      ${known.check}  ${known.message}`),
    `${title} (${target}): ${summarize(report)}`,
    ...(coverage ? coverageLines(coverage) : []),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

/** Returns the operations and APIs that are no part of a percentage. */
function coverageLines(coverage: Coverage): string[] {
  const unused = neverCalled(coverage);
  const counts = usedApis(coverage)
    .map(({ name }) => ({ name, count: unused.filter(({ api }) => api === name).length }))
    .filter(({ count }) => count > 0);
  const others = unusedApis(coverage);
  return [
    ...counts.map(({ name, count }) => `never called: ${counted(count, 'operation')} of ${name}`),
    ...(others.length > 0 ? [`never used: ${others.join(', ')}`] : []),
  ];
}

function findingLines(group: FindingGroup): string[] {
  const [first] = group;
  const { severity, check, operation } = first;
  const head = [severity.padEnd(9), check, operation, placesOf(group, MOST_PLACES)].filter(Boolean).join('  ');
  return [head, `           ${sentence(first)}`];
}

/**
 * Renders a scenario of a replay for a terminal: one line where it passed or was skipped; where it failed, the step with
 * expected and got as well. One that passed is `warn` instead of `ok` where something of it tested nothing, with a line
 * for each warning.
 */
export function renderScenario(scenario: Omit<ReportedScenario, 'verdict'>): string {
  const [head, ...rest] = resultLines(scenario);
  const warnings = scenario.warnings.map((warning) => renderWarning(scenario.file, warning));
  return [head, ...[...rest, ...warnings].map((line) => `     ${line}`)].join('\n');
}

function resultLines(scenario: Omit<ReportedScenario, 'verdict'>): string[] {
  const { name, result, reason, steps, of, warnings } = scenario;
  if (result === 'passed') {
    return [
      `${warnings.length > 0 ? 'warn' : 'ok  '} ${name}  ${counted(steps.length, 'step')}${renderUnjudged(steps)}`,
    ];
  }
  if (result === 'skipped') return [`skip ${name}  skipped: ${reason}`];
  const last = steps.at(-1);
  if (!last) return [`FAIL ${name}  before step 1`, `${scenario.file}:1`, `  ${reason}`];
  if (reason !== undefined) return [`FAIL ${name}  ${reason}`];
  const { number, line, title, operation, complaints, answer } = last;
  const place = line === undefined ? title && JSON.stringify(title) : `${scenario.file}:${line}`;
  const lines = answer ? [...complaints, answerLine(answer)] : complaints;
  return [
    `FAIL ${name}  step ${number} of ${of}`,
    [place, operation].filter(Boolean).join(' '),
    ...lines.map((text) => `  ${text}`),
  ];
}

/** Renders a warning with its place, as editors and terminals make a link of it. */
export function renderWarning(file: string, { line, column, message }: Warning): string {
  if (line === undefined) return `warning: ${message}`;
  return `${file}:${line}${column === undefined ? '' : `:${column}`} warning: ${message}`;
}

/** Returns an answer in one line, with the sandbox's explanation where it gave one. */
function answerLine({ status, explanation, body }: NonNullable<ReportedStep['answer']>): string {
  const text = body === undefined ? '' : ` ${shorten(body, 400)}`;
  return `answered ${status}${text}${explanation === undefined ? '' : `  (${explanation})`}`;
}
