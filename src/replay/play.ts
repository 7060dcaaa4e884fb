import type { Target } from '../client/target.js';
import type { Scenario } from '../scenario/scenario.js';
import { isFine, Player, type PlayerOptions } from './player.js';
import type { ScenarioResult, StepResult } from './result.js';

export interface ReplayOptions extends PlayerOptions {
  /** Hears of each step when it is done. */
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
