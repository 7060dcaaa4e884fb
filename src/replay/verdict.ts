import type { Answer } from '../client/target.js';
import { shorten } from '../report/text.js';
import type { Mismatch } from '../scenario/match.js';
import { hasFailed, type ScenarioResult, type StepResult, type Warning } from './result.js';

/**
 * One line for a scenario that went well or was skipped; for one that failed, its step with expected and got as well. One
 * that went well is not `ok` where something of it tested nothing; a line says each.
 */
export function renderVerdict(result: ScenarioResult): string {
  const { scenario, warnings = [] } = result;
  const [head, ...rest] = renderResult(result);
  const warned = warnings.map((warning) => renderWarning(scenario.path, warning));
  return [head, ...[...rest, ...warned].map((line) => `     ${line}`)].join('\n');
}

function renderResult(result: ScenarioResult): string[] {
  const { scenario, passed, skipped, steps, warnings = [] } = result;
  const { name } = scenario;
  const word = warnings.length > 0 ? 'warn' : 'ok  ';
  const count = `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`;
  if (passed) return [`${word} ${name}  ${count}${renderUnjudged(steps)}`];
  if (skipped !== undefined) return [`skip ${name}  skipped: ${skipped}`];
  const last = steps.at(-1);
  if (last && result.trouble !== undefined) return [`FAIL ${name}  ${result.trouble}`];
  const head = last ? `FAIL ${name}  step ${last.number} of ${scenario.steps.length}` : `FAIL ${name}  before step 1`;
  return [head, ...renderFailure(result)];
}

/** A warning with its place, as editors and terminals make a link of it. */
export function renderWarning(path: string, { line, column, message }: Warning): string {
  return `${path}:${line}${column === undefined ? '' : `:${column}`} warning: ${message}`;
}

/** How many expectations could not be judged, and why, to stand behind a number of steps; nothing where all were. */
export function renderUnjudged(steps: readonly Pick<StepResult, 'unjudged'>[]): string {
  const reasons = steps.flatMap(({ unjudged }) => unjudged ?? []);
  return reasons.length === 0 ? '' : `, ${reasons.length} not judged (${[...new Set(reasons)].join('; ')})`;
}

/** What was wrong, and where: the place in the file, each difference, the answer. */
function renderFailure({ scenario: { path }, steps, trouble }: ScenarioResult): string[] {
  const last = steps.at(-1);
  if (!last) return [`${path}:1`, `  ${trouble}`];
  const { step, answer } = last;
  const told = answer ? [...complaints(last), renderAnswer(answer)] : complaints(last);
  return [`${path}:${step.at.line} ${step.operation.name}`, ...told.map((line) => `  ${line}`)];
}

/** What was wrong with a step, one line each. */
export function complaints({ mismatches, trouble }: StepResult): string[] {
  return [...(trouble === undefined ? [] : [trouble]), ...mismatches.map(renderMismatch)];
}

function renderMismatch({ path, expected, got }: Mismatch): string {
  return `${path}  expected ${shorten(expected, 200)}, got ${got === undefined ? 'nothing' : shorten(got, 200)}`;
}

/** The answer in one line, with the sandbox's explanation when it gave one. */
function renderAnswer({ status, headers, body }: Answer): string {
  const why = headers['mock-klarna-explain'];
  const text = body === undefined ? '' : ` ${shorten(body, 400)}`;
  return `answered ${status}${text}${why === undefined ? '' : `  (${why})`}`;
}

/** How many passed, failed, were skipped, and were never begun; and how many warnings there are. */
export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  not_run: number;
  warnings: number;
}

/** @param chosen how many scenarios were to be played */
export function count(results: readonly ScenarioResult[], chosen: number): Totals {
  const passed = results.filter((result) => result.passed).length;
  const failed = results.filter(hasFailed).length;
  const warnings = results.reduce((sum, result) => sum + (result.warnings?.length ?? 0), 0);
  return { passed, failed, skipped: results.length - passed - failed, not_run: chosen - results.length, warnings };
}

/** `3 passed, 1 failed`; what is none is left out, but for what passed. */
export function renderTotals({ passed, failed, skipped, not_run, warnings }: Totals): string {
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (not_run > 0) parts.push(`${not_run} not run`);
  if (warnings > 0) parts.push(renderCount(warnings));
  return parts.join(', ');
}

/** `1 warning`, `2 warnings`. */
export const renderCount = (warnings: number): string => `${warnings} warning${warnings === 1 ? '' : 's'}`;
