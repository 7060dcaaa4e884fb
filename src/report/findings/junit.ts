import type { Finding, HarnessReport } from '../finding.js';
import { type JunitCase, renderSuites } from '../junit.js';
import { byCheck, type Judged, sentence, whereOf } from '../summary.js';

/**
 * A report as JUnit XML: a suite for each kind of check, a test case for each check. It failed when it found a violation
 * or something to warn of; a note is no failure. What was not judged is skipped.
 */
export function renderJunit(report: HarnessReport): string {
  const suites = new Map<string, JunitCase[]>();
  const add = (suite: string, one: JunitCase) => suites.set(suite, [...(suites.get(suite) ?? []), one]);
  for (const judged of [...byCheck(report)].sort((a, b) => (a.check.id < b.check.id ? -1 : 1))) {
    const [, kind = report.tool, name = judged.check.id] = /^([^/]+)\/(.+)$/s.exec(judged.check.id) ?? [];
    add(kind, caseOf(name, judged));
  }
  for (const { what, why } of report.unjudged) add('not judged', { name: what, skipped: why });
  return renderSuites(
    `mock-klarna ${report.tool}`,
    [...suites].map(([name, cases]) => ({ name, cases })),
  );
}

function caseOf(name: string, { findings }: Judged): JunitCase {
  const bad = findings.filter(({ severity }) => severity !== 'note');
  const [first] = bad;
  if (!first) return { name };
  const { file, line } = first.where;
  return { name, file, line, failure: { message: sentence(first), text: bad.map(inFull).join('\n') } };
}

const inFull = (found: Finding): string =>
  [found.severity, found.operation, whereOf(found.where)]
    .filter(Boolean)
    .join('  ')
    .concat(`\n  ${sentence(found)}`);
