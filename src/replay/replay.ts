import type { Scenario } from '../scenario/scenario.js';
import { Merchants } from './merchants.js';
import { replayScenario } from './play.js';
import type { ScenarioResult, StepResult, Target } from './result.js';

export interface RunOptions {
  /** Makes generated values repeat. */
  seed?: string;
  /** Hears of each scenario before its first step, of each step and of what came of the scenario. */
  onScenario?: (scenario: Scenario) => void;
  onStep?: (result: StepResult) => void;
  onResult?: (result: ScenarioResult) => void;
}

/** Plays scenarios one after the other, each as a merchant of its own whose name begins with the target's user name. */
export async function replayScenarios(
  scenarios: readonly Scenario[],
  target: Target,
  options: RunOptions = {},
): Promise<ScenarioResult[]> {
  const merchants = new Merchants(target.username);
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    options.onScenario?.(scenario);
    const result = await replayScenario(scenario, { ...target, username: merchants.of(scenario) }, options);
    options.onResult?.(result);
    results.push(result);
  }
  return results;
}
