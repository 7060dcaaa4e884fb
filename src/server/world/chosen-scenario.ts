import type { components } from '../../contract/generated/sandbox.js';
import type { World } from './worlds.js';

/** Returns the scenario of a merchant in the form of the control API: empty when there is none. */
export function chosenScenario({ scenario: run }: World): components['schemas']['chosen_scenario'] {
  if (!run) return {};
  return { name: run.scenario.name, title: run.scenario.title, outcomes: run.progress() };
}

/** Changes the scenario of a merchant, and tells it to those who follow. */
export function setScenario(world: World, scenario: World['scenario']): void {
  world.scenario = scenario;
  world.tell(() => ({ event: 'scenario', data: chosenScenario(world) }));
}
