import type { Finding, HarnessReport } from './finding.js';
import { type Markup, markup } from './markup.js';
import { isReplay, lineOfFailure, type ReplayReport, type ReportedScenario } from './replay.js';
import { summarizeOutcome, summarizeWarning } from './replay-summary.js';
import { exchangeLines, seenFinder } from './seen.js';
import { byCheck, sentence, whereOf } from './summary.js';

/** A test case as CI servers read it. It passed unless it failed or was skipped. */
export interface JunitCase {
  name: string;
  file?: string;
  line?: number;
  failure?: { message: string; text: string };
  /** The reason why it was skipped. */
  skipped?: string;
  /** Further remarks, shown as the output of the case. */
  output?: string;
  /** Seconds that it took; none where it is part of a run that repeats. */
  seconds?: number;
}

/** A named list of test cases. */
export interface JunitSuite {
  name: string;
  cases: JunitCase[];
}

/**
 * Renders a report as JUnit XML. A replay has a suite for each folder of scenarios and a test case for each scenario.
 * Any other report has a suite for each kind of check and a test case for each check, which failed when it found a
 * violation or a warning; what was not judged is skipped. Times are seconds, and 0 where a run repeats: on a sandbox of
 * its own, and where exchanges of a journal or a recording are judged.
 */
export function renderJunit(report: HarnessReport): string {
  const suites = new Map<string, JunitCase[]>();
  for (const [suite, testCase] of isReplay(report) ? scenarioCases(report) : checkCases(report)) {
    suites.set(suite, [...(suites.get(suite) ?? []), testCase]);
  }
  return renderSuites(
    `mock-klarna ${report.tool}`,
    [...suites].map(([name, cases]) => ({ name, cases })),
  );
}

/** A test case and the name of its suite. */
type Placed = readonly [suite: string, testCase: JunitCase];

function scenarioCases({ scenarios }: ReplayReport): Placed[] {
  return scenarios.map((scenario) => {
    const { name } = scenario;
    return [name.includes('/') ? name.replace(/\/[^/]*$/, '') : 'scenarios', scenarioCase(scenario)];
  });
}

function scenarioCase(scenario: ReportedScenario): JunitCase {
  const { name, file, steps, result, reason, verdict, outcomes, warnings, seconds } = scenario;
  const output = [
    ...outcomes.map(summarizeOutcome),
    ...steps.flatMap(({ line, unjudged }) => (unjudged === undefined ? [] : `line ${line}: not judged: ${unjudged}`)),
    ...warnings.map((warning) => `warning: ${summarizeWarning(warning)}`),
  ];
  const last = steps.at(-1);
  return {
    name: name.replace(/^.*\//, ''),
    file,
    line: last ? lineOfFailure(last) : 1,
    ...(result === 'failed' && { failure: { message: last?.complaints[0] ?? String(reason), text: verdict } }),
    ...(result === 'skipped' && { skipped: String(reason) }),
    ...(output.length > 0 && { output: output.join('\n') }),
    seconds,
  };
}

function checkCases(report: HarnessReport): Placed[] {
  const { seconds = {}, exchanges } = report;
  const seen = seenFinder(exchanges);
  const checks = byCheck(report)
    .sort((a, b) => (a.check.id < b.check.id ? -1 : 1))
    .map(({ check: { id }, findings }): Placed => {
      const [, kind = report.tool, name = id] = /^([^/]+)\/(.+)$/s.exec(id) ?? [];
      return [kind, { ...checkCase(name, findings, seen), seconds: seconds[id] }];
    });
  return [...checks, ...report.unjudged.map(({ what, why }): Placed => ['not judged', { name: what, skipped: why }])];
}

function checkCase(name: string, findings: readonly Finding[], seen: ReturnType<typeof seenFinder>): JunitCase {
  const bad = findings.filter(({ severity }) => severity !== 'note');
  const [first] = bad;
  if (!first) return { name };
  const { file, line } = first.where;
  const inFull = (found: Finding) => [
    [found.severity, found.operation, whereOf(found.where)].filter(Boolean).join('  '),
    `  ${sentence(found)}`,
    ...seen(found).flatMap((exchange) => exchangeLines(exchange).map((text) => `  ${text}`)),
  ];
  return { name, file, line, failure: { message: sentence(first), text: bad.flatMap(inFull).join('\n') } };
}

/** Renders suites of test cases as JUnit XML. */
export function renderSuites(name: string, suites: readonly JunitSuite[]): string {
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${name}" ${counts(suites.flatMap(({ cases }) => cases))}>
${suites.map(renderSuite)}</testsuites>
`.text;
}

function renderSuite({ name, cases }: JunitSuite): Markup {
  return markup`  <testsuite name="${name}" ${counts(cases)}>
${cases.map((testCase) => renderCase(name, testCase))}  </testsuite>
`;
}

function counts(cases: readonly JunitCase[]): Markup {
  const failed = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter((testCase) => testCase.skipped !== undefined).length;
  const seconds = cases.reduce((sum, testCase) => sum + (testCase.seconds ?? 0), 0);
  return markup`tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}" ${timeOf(seconds)}`;
}

const timeOf = (seconds: number): Markup => markup`time="${seconds.toFixed(3)}"`;

function renderCase(suite: string, testCase: JunitCase): Markup {
  const { name, file, line, failure, skipped, output, seconds = 0 } = testCase;
  const place = [file !== undefined && markup` file="${file}"`, line !== undefined && markup` line="${line}"`];
  const start = markup`<testcase classname="${suite}" name="${name}"${place} ${timeOf(seconds)}`;
  const inside = [
    failure && markup`<failure message="${failure.message}">${failure.text}</failure>`,
    !failure && skipped !== undefined && markup`<skipped message="${skipped}"/>`,
    output !== undefined && markup`<system-out>${output}</system-out>`,
  ].filter((part) => part !== undefined && part !== false);
  return inside.length > 0 ? markup`    ${start}>${inside}</testcase>\n` : markup`    ${start}/>\n`;
}
