import { byOperation, type Coverage, nameOf, neverCalled, tellCovered, unusedApis, usedApis } from '../coverage.js';
import type { HarnessReport } from '../finding.js';
import { cell } from '../markdown.js';
import { alike, byCheck, placesOf, sentence, summarize } from '../summary.js';

/** So many places of the same finding are told. */
const MOST_PLACES = 5;

/** A report in Markdown, as GitHub shows it as the summary of a job: findings, coverage, and what was not judged. */
export function renderMarkdown(report: HarnessReport): string {
  const { title, target, unjudged, coverage, baseline } = report;
  return `${[
    `## ${cell(title)}: ${cell(summarize(report))}`,
    '',
    cell(target),
    ...table(
      ['Severity', 'Check', 'Operation', 'Where', 'What'],
      byCheck(report)
        .flatMap(({ findings }) => alike(findings))
        .map((findings) => [
          findings[0].severity,
          findings[0].check,
          findings[0].operation ?? '',
          placesOf(findings, MOST_PLACES),
          sentence(findings[0]),
        ]),
    ),
    ...(coverage ? renderCoverage(coverage) : []),
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
  ].join('\n')}\n`;
}

function renderCoverage(coverage: Coverage): string[] {
  const unused = neverCalled(coverage);
  const others = unusedApis(coverage);
  return [
    ...usedApis(coverage).flatMap((api) =>
      section(
        `Coverage: ${tellCovered([api])}`,
        ['Operation', 'Met', 'Not met'],
        [
          ...byOperation(coverage, api).map(({ operation, cells, counting }) => {
            const missing = cells.filter(({ counts }) => !counts).map(nameOf);
            return [operation, `${counting} of ${cells.length}`, missing.join(', ')];
          }),
          ...unused.filter((one) => one.api === api.name).map(({ operation }) => [operation, 'never called', '']),
        ],
      ),
    ),
    ...(others.length > 0 ? ['', `Never used: ${cell(others.join(', '))}`] : []),
  ];
}

const section = (title: string, head: string[], rows: string[][]): string[] =>
  rows.length === 0 ? [] : ['', `### ${title}`, ...table(head, rows)];

function table(head: string[], rows: string[][]): string[] {
  const line = (words: string[]) => `| ${words.join(' | ')} |`;
  if (rows.length === 0) return [];
  return ['', line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(cell)))];
}
