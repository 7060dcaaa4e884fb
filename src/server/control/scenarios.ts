import type { components } from '../../contract/generated/sandbox.js';
import { answer, badValue, type Decision, refuse } from '../../klarna/decision.js';
import type { ReportedScenario } from '../../report/replay.js';
import { ScenarioError } from '../../scenario/problem.js';
import type { Scenario } from '../../scenario/scenario.js';
import type { Call, Handlers } from '../call.js';
import type { Scenarios } from '../scenarios.js';
import { readGiven } from './scenario.js';

type Schemas = components['schemas'];

/** Plays a scenario on this sandbox as a merchant, or as one whose name begins so. */
export type Play = (scenario: Scenario, merchant: string) => Promise<ReportedScenario>;

const listed = ({ name, alias, title, tags, evidence, steps }: Scenario): Schemas['listed_scenario'] => ({
  name,
  ...(alias !== undefined && { alias }),
  title,
  tags,
  ...(evidence !== undefined && { evidence }),
  steps: steps.length,
});

/** Returns the mistakes in the text of a scenario file. */
async function check(text: string): Promise<Schemas['checked_scenario']> {
  // Loaded at first use: most servers never read one.
  const { readScenario } = await import('../../scenario/read.js');
  try {
    const { title, steps } = readScenario(text, 'scenario.yaml');
    return { title, steps: steps.length, problems: [] };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return { problems: error.problems.map(({ line, column, message }) => ({ line, column, message })) };
  }
}

/** Returns a played scenario without what its file says anyway. */
function shown({ file: _, evidence: __, source: ___, tags: ____, ...played }: ReportedScenario): object {
  return played;
}

/** Makes a player that plays one scenario at a time: one could call for itself to be played. */
function oneByOne(player: Play): Play {
  let busy = false;
  return async (...given) => {
    if (busy) throw new Busy();
    busy = true;
    try {
      return await player(...given);
    } finally {
      busy = false;
    }
  };
}

class Busy extends Error {}

async function play(call: Call<'playScenario'>, scenarios: Scenarios, player: Play | undefined): Promise<Decision> {
  const { name, file } = call.body;
  if ((name === undefined) === (file === undefined)) {
    const text = `given ${file ? 'name and file' : 'neither name nor file'}, expected one of the two`;
    return badValue([{ rule: 'scenario-known', field: file ? 'file' : 'name', text }]);
  }
  const scenario = file ? await readGiven('file', file) : await scenarios.find(String(name), 'name');
  if ('refusal' in scenario) return scenario;
  const refused = (text: string) => refuse('INVALID_OPERATION', { rule: 'scenario-known', text });
  if (!player) {
    return refused(
      'this sandbox was started without the player of scenarios; mock-klarna serve and startSandbox() have it',
    );
  }
  try {
    return answer(200, shown(await player(scenario, call.merchant)));
  } catch (error) {
    if (!(error instanceof Busy)) throw error;
    return refused('another scenario is being played; one is played at a time, so ask again when it has ended');
  }
}

type ScenariosOperation = 'listScenarios' | 'readScenarioText' | 'checkScenario' | 'playScenario';

/**
 * Handlers of the control API for the scenarios there are.
 * @param player absent: this server cannot play them
 */
export function scenariosApi(scenarios: Scenarios, player: Play | undefined): Handlers<ScenariosOperation> {
  const playOne = player && oneByOne(player);
  return {
    listScenarios: async () => answer(200, { items: (await scenarios.all()).map(listed) }),

    async readScenarioText({ query }) {
      const { name = '' } = query;
      const scenario = await scenarios.find(name, 'name');
      if ('refusal' in scenario) return scenario;
      const { loadFile } = await import('../../scenario/files.js');
      return answer(200, { ...listed(scenario), text: new TextDecoder().decode(await loadFile(scenario.path)) });
    },

    checkScenario: async ({ body }) => answer(200, await check(body.text)),
    playScenario: (call) => play(call, scenarios, playOne),
  };
}
