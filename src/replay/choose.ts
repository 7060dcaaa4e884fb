import { stat } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { hintAtPath, isWithin, readScenarios } from '../scenario/files.js';
import { type Library, openLibrary } from '../scenario/library.js';
import { didYouMean, ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';

/**
 * Returns the scenarios of names: files, folders of them, and of a library a name, an alias or a folder. A file goes before
 * a scenario of the same name.
 * @throws ScenarioError with what is wrong with all of them
 */
export async function chooseScenarios(names: readonly string[], library = openLibrary()): Promise<Scenario[]> {
  const chosen: Scenario[] = [];
  const error = new ScenarioError([]);
  for (const name of names) {
    try {
      chosen.push(...(await choose(name, library)));
    } catch (refusal) {
      if (!(refusal instanceof ScenarioError)) throw refusal;
      error.problems.push(...refusal.problems);
    }
  }
  if (error.problems.length > 0) throw new ScenarioError(error.problems);
  return chosen;
}

async function choose(name: string, library: Library): Promise<Scenario[]> {
  if (looksLikePath(name) || (await isThere(name))) return readScenarios([name]);
  // In PowerShell it is typed like a path.
  const typed = name.replaceAll('\\', '/');
  const scenario = await library.find(typed);
  if (scenario) return [named(scenario)];
  const folder = `${typed.replace(/\/+$/, '')}/`;
  const all = await library.all();
  const inside = all.filter((scenario) => scenario.name.startsWith(folder));
  if (inside.length > 0) return inside.map(named);
  const nearest = await library.nearest(name);
  const hint = nearest === undefined ? hintAtPath(name) : ` (did you mean "${nearest}"?)`;
  throw new ScenarioError([{ path: name, line: 1, column: 1, message: `no such file, folder or scenario${hint}` }]);
}

const looksLikePath = (name: string): boolean =>
  isAbsolute(name) || /^\.{1,2}(?:[/\\]|$)/.test(name) || /\.(?:ya?ml|json)$/i.test(name);

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return false;
  }
}

/** Returns a scenario with its path relative to the working directory, where the file is inside that. */
export function named(scenario: Scenario): Scenario {
  return isWithin('', scenario.path) ? { ...scenario, path: relative('', scenario.path) } : scenario;
}

/**
 * Returns the scenarios that have one of the tags; without tags all of them.
 */
export function withTags(scenarios: readonly Scenario[], tags: readonly string[]): Scenario[] {
  return scenarios.filter((scenario) => tags.length === 0 || scenario.tags.some((tag) => tags.includes(tag)));
}

/** Returns the nearest tag of the scenarios, as a hint. */
export function hintAtTag(scenarios: readonly Scenario[], [tag = '']: readonly string[]): string {
  return didYouMean(tag, new Set(scenarios.flatMap(({ tags }) => tags)));
}
