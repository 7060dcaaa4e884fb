import { stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { readScenarios } from '../scenario/files.js';
import { Library, shippedScenarios } from '../scenario/library.js';
import { didYouMean, ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';

/**
 * The scenarios that words name: files, folders of them, and of the scenarios that ship a name, an alias or a folder.
 * What is there as a file goes before a name.
 * @throws ScenarioError with what is wrong with all of them
 */
export async function chooseScenarios(words: readonly string[], library = openLibrary()): Promise<Scenario[]> {
  const chosen: Scenario[] = [];
  const error = new ScenarioError([]);
  for (const word of words) {
    try {
      chosen.push(...(await choose(word, library)));
    } catch (refusal) {
      if (!(refusal instanceof ScenarioError)) throw refusal;
      error.problems.push(...refusal.problems);
    }
  }
  if (error.problems.length > 0) throw new ScenarioError(error.problems);
  return chosen;
}

const openLibrary = (): Library => Library.open(shippedScenarios);

async function choose(word: string, library: Library): Promise<Scenario[]> {
  if (looksLikePath(word) || (await isThere(word))) return readScenarios([word]);
  const one = await library.find(word);
  if (one) return [named(one)];
  const folder = `${word.replace(/\/+$/, '')}/`;
  const all = await library.all();
  const inside = all.filter(({ name }) => name.startsWith(folder));
  if (inside.length > 0) return inside.map(named);
  const nearest = await library.nearest(word);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  throw new ScenarioError([{ path: word, line: 1, column: 1, message: `no such file, folder or scenario${hint}` }]);
}

const looksLikePath = (word: string): boolean =>
  isAbsolute(word) || /^\.{1,2}(?:[/\\]|$)/.test(word) || /\.(?:ya?ml|json)$/i.test(word);

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return false;
  }
}

/** A scenario that ships, its file as seen from here where it stands below. */
export function named(scenario: Scenario): Scenario {
  const path = relative('', scenario.path);
  return path.startsWith(`..${sep}`) || isAbsolute(path) ? scenario : { ...scenario, path };
}

/**
 * Those scenarios that have one of the tags.
 * @returns of no tags all
 */
export function withTags(scenarios: readonly Scenario[], tags: readonly string[]): Scenario[] {
  return scenarios.filter((scenario) => tags.length === 0 || scenario.tags.some((tag) => tags.includes(tag)));
}

/** The nearest tag that some scenario has, as a hint. */
export function hintAtTag(scenarios: readonly Scenario[], [tag = '']: readonly string[]): string {
  return didYouMean(tag, new Set(scenarios.flatMap(({ tags }) => tags)));
}
