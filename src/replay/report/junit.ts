import { type JunitCase, renderSuites } from '../../report/junit.js';
import { metOutcome, warned } from './gist.js';
import type { Report, ReportedScenario } from './report.js';

/** A replay as JUnit XML, as CI servers read it: a suite for each folder of scenarios, a test case for each scenario. */
export function renderJunit({ scenarios }: Report): string {
  const suites = new Map<string, JunitCase[]>();
  for (const scenario of scenarios) {
    const folder = scenario.name.includes('/') ? scenario.name.replace(/\/[^/]*$/, '') : 'scenarios';
    suites.set(folder, [...(suites.get(folder) ?? []), caseOf(scenario)]);
  }
  return renderSuites(
    'mock-klarna replay',
    [...suites].map(([name, cases]) => ({ name, cases })),
  );
}

const tellUnjudged = (line: number, unjudged: string | undefined): string[] =>
  unjudged === undefined ? [] : [`line ${line}: not judged: ${unjudged}`];

function caseOf({ name, file, steps, result, reason, verdict, outcomes, warnings }: ReportedScenario): JunitCase {
  const output = [
    ...outcomes.map(metOutcome),
    ...steps.flatMap(({ line, unjudged }) => tellUnjudged(line, unjudged)),
    ...warnings.map((warning) => `warning: ${warned(warning)}`),
  ];
  const last = steps.at(-1);
  return {
    name: name.replace(/^.*\//, ''),
    file,
    line: last?.line ?? 1,
    ...(result === 'failed' && { failure: { message: last?.complaints[0] ?? String(reason), text: verdict } }),
    ...(result === 'skipped' && { skipped: String(reason) }),
    ...(output.length > 0 && { output: output.join('\n') }),
  };
}
