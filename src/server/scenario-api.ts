import { answer, badValue, type Refused } from '../klarna/decision.js';
import { ScenarioError } from '../scenario/problem.js';
import { ScenarioRun } from '../scenario/run.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Handlers } from './call.js';
import type { Scenarios } from './scenarios.js';
import type { World } from './worlds.js';

/** A scenario given in line has this name. */
const INLINE = 'inline';

function shown({ scenario: run }: World) {
  if (!run) return answer(200, {});
  return answer(200, { name: run.scenario.name, title: run.scenario.title, outcomes: run.progress() });
}

/** Reads a scenario that stands in a request; its mistakes are told by their place in the JSON text. */
async function readInline(inline: object): Promise<Scenario | Refused> {
  // Loaded when first used, as most servers never read one.
  const { readScenario } = await import('../scenario/read.js');
  try {
    return readScenario(JSON.stringify(inline, undefined, 2), INLINE, INLINE);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return badValue([{ rule: 'scenario-known', field: INLINE, text: error.message }]);
  }
}

/** The control API's part that chooses the scenario of a merchant. */
export function scenarioApi(scenarios: Scenarios): Handlers {
  return {
    readScenario: ({ world }) => shown(world),

    async chooseScenario({ world, body }) {
      const { name, inline } = body as { name?: string; inline?: object };
      if (inline && name !== undefined) {
        const text = 'inline: given beside a name, expected one of the two';
        return badValue([{ rule: 'scenario-known', field: INLINE, text }]);
      }
      const scenario = inline ? await readInline(inline) : await scenarios.find(name as string, 'name');
      if ('refusal' in scenario) return scenario;
      world.scenario = new ScenarioRun(scenario);
      return shown(world);
    },

    endScenario({ world }) {
      world.scenario = undefined;
      return answer(204);
    },
  };
}
