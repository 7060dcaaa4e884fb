import { type Check, type Finding, finding, type HarnessReport, type Severity } from '../report/finding.js';
import type { Scenario } from '../scenario/scenario.js';
import { complaints, type ScenarioResult, type StepResult } from './result.js';

/**
 * Returns the check of a scenario.
 * @param kind the beginning of its id, such as `case` or `step`
 */
export function scenarioCheck({ name, title, evidence, source }: Scenario, kind: string, severity: Severity): Check {
  return { id: `${kind}/${name}`, severity, title, evidence, source };
}

/** Places a finding at a line of a scenario's file, and at the step of that number. Its fingerprint has the scenario's name only, wherever the file is. */
export const placedAt =
  ({ path, name }: Scenario, line: number | undefined, step?: number) =>
  (found: Finding): Finding => ({
    ...found,
    where: { file: path, line: line ?? 1, case: name, ...(step !== undefined && { step }) },
  });

/** Returns the findings of a scenario that failed: each difference at its last step, or the reason why it was not begun. */
export function failuresOf({ scenario, steps, trouble }: ScenarioResult, { id, severity }: Check): Finding[] {
  const last = steps.at(-1);
  const { name, evidence, source } = scenario;
  const common = { check: id, severity, evidence, source, where: { case: name } };
  if (!last) return [placedAt(scenario, 1)(finding({ ...common, message: `could not be begun: ${trouble}` }))];
  const { step, number, mismatches } = last;
  const details: Partial<(typeof mismatches)[number]>[] = mismatches.length > 0 ? mismatches : [{}];
  const texts = complaints(last);
  return details.map(({ line = step.at.line, ...mismatch }, index) =>
    placedAt(
      scenario,
      line,
      number,
    )(
      finding({
        ...common,
        operation: step.operation.name,
        message: `step ${number}: ${texts[index] ?? trouble}${explanationOf(last)}`,
        ...mismatch,
      }),
    ),
  );
}

/** Returns the sandbox's explanation of an answer, in parentheses; an empty text without one. */
function explanationOf({ answer }: StepResult): string {
  const explanation = answer?.headers['mock-klarna-explain'];
  return explanation === undefined ? '' : ` (${explanation})`;
}

/** Returns the expectations of a scenario that the target could not be asked about. */
export function unjudgedIn({ scenario, steps }: ScenarioResult): HarnessReport['unjudged'] {
  return steps.flatMap(({ number, unjudged }) =>
    unjudged === undefined ? [] : [{ what: `${scenario.name}, step ${number}`, why: unjudged }],
  );
}

/** The check of warnings: parts of a scenario that test nothing. */
const UNTESTED: Check = {
  id: 'scenario/tests-nothing',
  severity: 'warning',
  title: 'Everything that a scenario sends, expects and scripts tests something',
};

/** Returns what a replay found: failed steps as violations, and what tested nothing as warnings. */
export function findingsOf(
  results: readonly ScenarioResult[],
): Pick<HarnessReport, 'findings' | 'judged' | 'unjudged' | 'checks'> {
  const played = results.filter(({ skipped }) => skipped === undefined);
  const skipped = results.flatMap(({ scenario, skipped }) =>
    skipped === undefined ? [] : [{ what: scenario.name, why: skipped }],
  );
  const checks = played.map(({ scenario }) => scenarioCheck(scenario, 'step', 'violation'));
  return {
    findings: [
      ...played.flatMap((result, index) => (result.passed ? [] : failuresOf(result, checks[index] as Check))),
      ...played.flatMap(untestedIn),
    ],
    judged: played.length,
    unjudged: [...skipped, ...played.flatMap(unjudgedIn)],
    checks: [...checks, UNTESTED],
  };
}

function untestedIn({ scenario, warnings = [] }: ScenarioResult): Finding[] {
  return warnings.map(({ line, message }) =>
    placedAt(
      scenario,
      line,
    )(
      finding({
        check: UNTESTED.id,
        severity: UNTESTED.severity,
        message,
        identity: message,
        where: { case: scenario.name },
      }),
    ),
  );
}
