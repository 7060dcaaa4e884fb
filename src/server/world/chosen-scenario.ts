import type { components } from '../../contract/generated/sandbox.js';
import type { World } from './worlds.js';

/** Returns the scenario of a merchant in the form of the control API: empty when there is none. */
export function chosenScenario({ scenario: run }: World): components['schemas']['chosen_scenario'] {
  if (!run) return {};
  return { name: run.scenario.name, title: run.scenario.title, outcomes: run.progress() };
}

/**
 * Changes the scenario of a merchant, and tells it to those who follow.
 * @param size bytes of a scenario that is kept for this merchant alone
 */
export function setScenario(world: World, scenario: World['scenario'], size?: number): void {
  world.scenario = scenario;
  world.scenarioSize = size;
  world.tell(() => ({ event: 'scenario', data: chosenScenario(world) }));
}
