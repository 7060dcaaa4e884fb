import type { Mismatch } from '../scenario/match.js';
import type { Answer, ScenarioResult, StepResult } from './result.js';
import { shorten } from './shorten.js';

/** One line for a scenario that went well; for one that failed, its step with expected and got as well. */
export function renderVerdict({ scenario, passed, steps }: ScenarioResult): string {
  const { name } = scenario;
  if (passed) return `ok   ${name}  ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`;
  const last = steps.at(-1) as StepResult;
  const head = `FAIL ${name}  step ${last.number} of ${scenario.steps.length}`;
  return [head, ...renderFailure(last, scenario.path).map((line) => `     ${line}`)].join('\n');
}

function renderFailure({ step, answer, mismatches, trouble }: StepResult, path: string): string[] {
  const place = `${path}:${step.at.line} ${step.operation.name}`;
  if (!answer) return [place, `  ${trouble}`];
  return [place, ...mismatches.map((mismatch) => `  ${renderMismatch(mismatch)}`), `  ${renderAnswer(answer)}`];
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
