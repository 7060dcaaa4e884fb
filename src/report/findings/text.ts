import { type Coverage, neverCalled, unusedApis, usedApis } from '../coverage.js';
import type { HarnessReport } from '../finding.js';
import { type Alike, alike, byCheck, counted, placesOf, sentence, summarize } from '../summary.js';
import { printable } from '../text.js';

/** So many places of the same finding are told; files have more of them. */
const MOST_PLACES = 3;

/** A report for a terminal: each finding in two lines, what was not judged, what a baseline says, and the sum. */
export function renderText(report: HarnessReport): string {
  const { title, target, unjudged, coverage, baseline } = report;
  return [
    ...byCheck(report).flatMap(({ findings }) => alike(findings).flatMap(findingLines)),
    ...unjudged.map(({ what, why }) => `not judged ${what}: ${why}`),
    ...(baseline?.fixed ?? []).map((known) => `fixed      ${known.check}  ${known.message}`),
    `${title} (${target}): ${summarize(report)}`,
    ...(coverage ? coverageLines(coverage) : []),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

/** What is no part of a percentage. */
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

function findingLines(findings: Alike): string[] {
  const [first] = findings;
  const { severity, check, operation } = first;
  const head = [severity.padEnd(9), check, operation, placesOf(findings, MOST_PLACES)].filter(Boolean).join('  ');
  return [head, `           ${sentence(first)}`];
}
