import type { Scenario } from '../../scenario/scenario.js';
import type { ScenarioResult, Warning } from '../result.js';
import { vainBodies } from './bodies.js';
import { vainAfterPlay, vainScript } from './outcomes.js';

/** What of a scenario would test nothing, as far as its file tells, in the order of its lines. */
export const vainIn = (scenario: Scenario): Warning[] => inOrder([...vainBodies(scenario), ...vainScript(scenario)]);

/** What of a scenario tested nothing, now that it was played. What a failure kept from happening does not count. */
export const vainOf = (result: ScenarioResult): Warning[] =>
  inOrder([...vainBodies(result.scenario), ...(result.passed ? vainAfterPlay(result) : [])]);

const inOrder = (warnings: readonly Warning[]): Warning[] => [...warnings].sort((one, other) => one.line - other.line);
