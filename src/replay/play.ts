import type { Target } from '../client/target.js';
import type { Scenario } from '../scenario/scenario.js';
import { isFine, Player, type PlayerOptions, type Upcoming } from './player.js';
import type { ScenarioResult, StepResult } from './result.js';

/** Options of a replay without a guide. */
export interface ReplayOptions extends PlayerOptions {
  /** Called with the result of each step. */
  onStep?: (result: StepResult) => void;
}

/** Plays a scenario as the target's merchant, up to the first step that fails. */
export async function replayScenario(
  scenario: Scenario,
  target: Target,
  { onStep, ...options }: ReplayOptions = {},
): Promise<ScenarioResult> {
  const player = new Player(scenario, target, options);
  const steps: StepResult[] = [];
  let passed = true;
  for (const step of scenario.steps) {
    const result = await player.play(player.prepare(step));
    steps.push(result);
    onStep?.(result);
    passed = isFine(result);
    if (!passed) break;
  }
  return { scenario, merchant: target.username, passed, steps };
}

/** A command for the next step: play it, leave it out, go back to the one before, or end the replay. */
export type StepCommand = 'play' | 'skip' | 'back' | 'quit';

/** Directs a replay step by step. */
export interface Guide {
  /** Called before the first step. */
  begin(scenario: Scenario, target: Target): void;
  /** Returns the command for a step, before anything of it is sent. */
  next(upcoming: Upcoming): Promise<StepCommand>;
  /** Called with the result of a step and the variables it kept. */
  done(result: StepResult, variables: Record<string, unknown>): void;
}

/**
 * Plays a scenario one step at a time, as its guide says. A step that was not as expected stays the next one until it is
 * played again or left out.
 * @returns with the last that came of each step; passed only if every step was played to the end and went well
 */
export async function replayByHand(
  scenario: Scenario,
  target: Target,
  guide: Guide,
  options: PlayerOptions = {},
): Promise<ScenarioResult> {
  const player = new Player(scenario, target, options);
  const of = scenario.steps.length;
  const results: (StepResult | undefined)[] = scenario.steps.map(() => undefined);
  const end = (trouble?: string): ScenarioResult => {
    const steps = results.filter((result) => result !== undefined);
    const ended = { scenario, merchant: target.username, passed: trouble === undefined, steps };
    return trouble === undefined ? ended : { ...ended, trouble };
  };
  guide.begin(scenario, target);
  for (let at = 0; at < of; ) {
    const upcoming = player.prepare(scenario.steps[at] as Upcoming['step']);
    const command = await guide.next(upcoming);
    if (command === 'quit') return end(`stopped at step ${at + 1} of ${of}`);
    if (command === 'back') at = Math.max(0, at - 1);
    if (command === 'skip') at++;
    if (command !== 'play') continue;
    const result = await player.play(upcoming);
    results[at] = result;
    guide.done(result, isFine(result) ? player.variablesOf(result.step) : {});
    if (isFine(result)) at++;
  }
  const left = results.flatMap((result, index) => (result && isFine(result) ? [] : [index + 1]));
  return end(left.length === 0 ? undefined : `left out: ${left.map((number) => `step ${number}`).join(', ')}`);
}
