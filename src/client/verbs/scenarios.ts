import type { components } from '../../contract/generated/sandbox.js';
import { isScenarioFile } from '../../scenario/scenario-file.js';
import { control } from '../control.js';
import type { Target } from '../target.js';

type Schemas = components['schemas'];

/** Time in milliseconds to wait for a scenario to be played: its faults take wall time. */
const PLAYING = 600_000;

/** The scenarios that can be chosen by name. */
export interface Scenarios {
  /** Returns the scenarios, sorted by name. */
  list(): Promise<Schemas['listed_scenario'][]>;
  /** Returns a scenario with the text of its file, by name or alias. */
  text(name: string): Promise<Schemas['scenario_text']>;
  /** Returns the mistakes in the text of a scenario file; none where it can be used. */
  check(text: string): Promise<Schemas['checked_scenario']>;
  /**
   * Plays a scenario, by name or alias or as a file, as a merchant whose name begins with this one's; with a merchants file as
   * this merchant. Returns the report when it has ended.
   */
  play(nameOrFile: string): Promise<Schemas['played_scenario']>;
}

/** Returns the fields of a request that name a scenario: its name or alias, or its file as it is read here. */
export async function nameOrFile(given: string): Promise<{ name: string } | { file: { path: string; text: string } }> {
  if (!isScenarioFile(given)) return { name: given };
  // Loaded at first use: most tests choose by name.
  const [{ loadFile }, { decode }] = await Promise.all([
    import('../../scenario/files.js'),
    import('../../scenario/read.js'),
  ]);
  return { file: { path: given, text: decode(loadFile(given), given) } };
}

/** Returns the methods for the scenarios that the target has. */
export const scenariosOf = (target: Target): Scenarios => ({
  list: async () => (await control(target, 'listScenarios')).items,
  text: (name) => control(target, 'readScenarioText', { query: { name } }),
  check: (text) => control(target, 'checkScenario', { body: { text } }),
  play: async (given) => control(target, 'playScenario', { body: await nameOrFile(given), patience: PLAYING }),
});
