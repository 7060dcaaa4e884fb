import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, ScenarioError } from './problem.js';
import { MAX_BYTES, readScenario, scenarioName } from './read.js';
import type { Scenario } from './scenario.js';

/** A scenario file and the folder in which it was found. */
interface Found {
  path: string;
  folder: string;
}

/**
 * Reads scenario files and whole folders of them (`.yaml`, `.yml`, `.json`, in order of their paths).
 * @throws ScenarioError with the problems of all files
 */
export async function readScenarios(paths: readonly string[]): Promise<Scenario[]> {
  const problems: Problem[] = [];
  const read = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const scenarios: Scenario[] = [];
  for (const given of paths) {
    for (const { path, folder } of (await read(() => find(given))) ?? []) {
      const scenario = await read(async () => readScenario(await loadFile(path), path, scenarioName(path, folder)));
      if (scenario) scenarios.push(scenario);
    }
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return scenarios;
}

async function find(path: string): Promise<Found[]> {
  const found = await inform(path, () => stat(path));
  if (!found.isDirectory()) return [{ path, folder: '' }];
  return (await listFiles(path)).map((file) => ({ path: file, folder: path }));
}

/**
 * Returns the paths of the scenario files in a folder and in those below it, sorted.
 * @throws ScenarioError
 */
export async function listFiles(folder: string): Promise<string[]> {
  const inside = await inform(folder, () => readdir(folder, { recursive: true }));
  const files = inside.filter((file) => /\.(ya?ml|json)$/i.test(file)).sort();
  return files.map((file) => join(folder, file));
}

/**
 * Reads the bytes of a scenario file.
 * @throws ScenarioError
 */
export async function loadFile(path: string): Promise<Uint8Array> {
  const { size } = await inform(path, () => stat(path));
  // A file that is too large is not read.
  if (size > MAX_BYTES) throw refuse(path, `the file holds more than 1 MB (${size} bytes)`);
  return inform(path, () => readFile(path));
}

/** Turns an error of the file system into a ScenarioError. */
export async function inform<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw refuse(path, code === 'ENOENT' ? 'no such file or folder' : `cannot be read (${code})`);
  }
}

const refuse = (path: string, message: string): ScenarioError =>
  new ScenarioError([{ path, line: 1, column: 1, message }]);
