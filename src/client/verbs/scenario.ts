import type { components } from '../../contract/generated/sandbox.js';
import type { ScenarioContent } from '../../scenario/define-scenario.js';
import { control } from '../control.js';
import type { Target } from '../target.js';
import { nameOrFile } from './scenarios.js';

/** The scenario that a merchant has chosen, with the counts of its outcomes; empty when there is none. */
export type ChosenScenario = components['schemas']['chosen_scenario'];

/** The choice of a merchant's scenario. */
export interface ScenarioChoice {
  /**
   * Chooses the scenario of this merchant from now on; its counts begin at zero.
   * @param scenario a name or alias, a file, or the content of a scenario file
   */
  choose(scenario: string | ScenarioContent | Record<string, unknown>): Promise<ChosenScenario>;
  /** Returns to the ordinary outcomes. */
  end(): Promise<void>;
  /** Returns the counts of each outcome. Scenarios chosen by an e-mail address or a header have counts of their own. */
  progress(): Promise<ChosenScenario>;
}

/** Returns the methods for the scenario of the target's merchant. */
export const scenarioOf = (target: Target): ScenarioChoice => ({
  choose: async (scenario) =>
    control(target, 'chooseScenario', {
      body: typeof scenario === 'string' ? await nameOrFile(scenario) : { inline: scenario },
    }),
  end: () => control(target, 'endScenario'),
  progress: () => control(target, 'readScenario'),
});
