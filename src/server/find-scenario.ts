import { resolve } from 'node:path';
import { Library } from '../scenario/library.js';
import { ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';
import { isScenarioFile } from '../scenario/scenario-file.js';
import type { Merchant } from './world/merchants.js';

/** The error for a scenario with which a server cannot start; the message says what was given and why, in one line. */
export class NoScenario extends Error {
  override name = 'NoScenario';
}

/**
 * Finds the scenario with which a server starts.
 * @param given a file, the name or alias of one that ships, or the content of a file
 * @param shipped the scenarios that ship
 * @param report gets a line whenever the file is read again, or cannot be used any more
 * @throws {NoScenario}
 */
export async function findScenario(
  given: string | object,
  shipped: Library,
  report: (line: string) => void,
): Promise<Scenario> {
  try {
    if (typeof given === 'object') return await readObject(given);
    if (isScenarioFile(given)) return await loadScenario(given, report);
    const scenario = await shipped.find(given);
    if (scenario) return scenario;
  } catch (error) {
    throw error instanceof ScenarioError ? new NoScenario(error.message.replaceAll('\n', '; ')) : error;
  }
  const nearest = await shipped.nearest(given);
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  throw new NoScenario(`given ${given}, which is no scenario that ships${hint}`);
}

/**
 * Finds the scenario with which each merchant's world starts, for those that name one.
 * @throws {NoScenario}
 */
export async function scenariosOf(
  merchants: readonly Merchant[],
  shipped: Library,
  report: (line: string) => void,
): Promise<Map<string, Scenario>> {
  const scenarios = new Map<string, Scenario>();
  for (const { username, scenario } of merchants) {
    if (scenario !== undefined) scenarios.set(username, await findScenario(scenario, shipped, report));
  }
  return scenarios;
}

async function readObject(given: object): Promise<Scenario> {
  // Loaded at first use: most servers never read one.
  const { readInline } = await import('../scenario/inline.js');
  try {
    return readInline(given);
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    throw new NoScenario(`given an object that cannot be written as JSON (${(error as Error).message.split('\n')[0]})`);
  }
}

/** Loads the scenario of a file, which is read again when it changes while the server runs. */
async function loadScenario(given: string, report: (line: string) => void): Promise<Scenario> {
  let mistake = `${given}: no such file`;
  let tell = (line: string): void => {
    mistake = line;
  };
  const library = Library.ofFile(resolve(given), (line) => tell(line));
  const [scenario] = await library.all();
  if (!scenario) throw new NoScenario(mistake);
  // Later reports come while the server runs.
  tell = report;
  return scenario;
}
