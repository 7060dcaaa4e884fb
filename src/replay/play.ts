import { type Mismatch, match } from '../scenario/match.js';
import { follow, parsePath } from '../scenario/paths.js';
import type { Scenario, Step } from '../scenario/scenario.js';
import { fillExpected, NothingThere, type Scope } from '../scenario/template.js';
import { exchange } from './exchange.js';
import { otherMerchant } from './merchants.js';
import { buildRequest } from './request.js';
import type { Answer, ScenarioResult, SentRequest, StepResult, Target } from './result.js';
import { uuids } from './uuids.js';

export interface ReplayOptions {
  /** Makes `$newUuid` repeat. Without it each run has ids of its own, as a target with a memory needs them. */
  seed?: string;
  /** Hears of each step when it is done. */
  onStep?: (result: StepResult) => void;
  /** Adds to what came of a step what can be seen of it elsewhere, as the user name that sent it. */
  look?: (result: StepResult, username: string) => Promise<StepResult>;
}

/** Plays a scenario as the target's merchant, up to the first step that fails. */
export async function replayScenario(
  scenario: Scenario,
  target: Target,
  options: ReplayOptions = {},
): Promise<ScenarioResult> {
  const { username } = target;
  const others = scenario.steps.flatMap(({ as }) => as ?? []).map((name) => [name, otherMerchant(username, name)]);
  const variables = { ...scenario.variables, merchant: username, merchants: Object.fromEntries(others) };
  const scope: Scope & { variables: Record<string, unknown> } = {
    variables,
    newUuid: uuids(options.seed && `${options.seed}/${username}`),
  };
  const steps: StepResult[] = [];
  for (const step of scenario.steps) {
    const acting = step.as === undefined ? target : { ...target, username: otherMerchant(username, step.as) };
    const played = { step, number: steps.length + 1, ...(await playStep(step, acting, scope)) };
    const result = options.look ? await options.look(played, acting.username) : played;
    steps.push(result);
    options.onStep?.(result);
    if (!isFine(result)) return { scenario, merchant: username, passed: false, steps };
  }
  return { scenario, merchant: username, passed: true, steps };
}

type Played = Omit<StepResult, 'step' | 'number'>;

const isFine = ({ mismatches, trouble }: Played): boolean => mismatches.length === 0 && trouble === undefined;

/** Sends the step's request as often as it says; what it keeps goes into the scope. */
async function playStep(
  step: Step,
  target: Target,
  scope: Scope & { variables: Record<string, unknown> },
): Promise<Played> {
  let request: SentRequest;
  let expected: unknown;
  try {
    request = buildRequest(step, target, scope);
    expected = step.expect && fillExpected(step.expect, scope);
  } catch (error) {
    if (!(error instanceof NothingThere)) throw error;
    return { mismatches: [], trouble: error.message };
  }
  const judge = (answer: Answer): Mismatch[] => {
    const mismatches = judgeAnswer(expected, answer);
    return mismatches.length > 0 ? mismatches : keep(step, answer, scope);
  };
  const none = expectsNone(step);
  let played: Played = { mismatches: [] };
  for (let sent = 0; sent < step.times && isFine(played); sent++) {
    const { trouble, ...exchanged } = await exchange(request, judge, none ? PATIENCE : undefined);
    played = { request, ...exchanged, ...(!none && { trouble }) };
  }
  return played;
}

/** How long a merchant waits for an answer that is not to come, in ms of wall time. */
const PATIENCE = 1000;

/** Whether no answer is to come: `expect: { status: $absent }`. */
const expectsNone = ({ expect, keep }: Step): boolean => expect?.status === '$absent' && Object.keys(keep).length === 0;

function judgeAnswer(expected: unknown, answer: Answer): Mismatch[] {
  if (expected !== undefined) return match(expected, answer);
  const succeeded = answer.status >= 200 && answer.status < 300;
  return succeeded ? [] : [{ path: '$.status', expected: '2xx', got: answer.status }];
}

/** Keeps what the step names; an answer without it is not as expected. */
function keep(step: Step, answer: Answer, scope: { variables: Record<string, unknown> }): Mismatch[] {
  return Object.entries(step.keep).flatMap(([name, path]) => {
    // The reader has refused what is no path.
    const segments = parsePath(path) as (string | number)[];
    const isHeader = segments[0] === 'headers';
    const value = follow(
      answer,
      segments.map((segment) => (isHeader ? String(segment).toLowerCase() : segment)),
    );
    if (value === undefined) return [{ path, expected: '$any', got: undefined }];
    scope.variables[name] = value;
    return [];
  });
}
