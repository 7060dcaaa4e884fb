import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { otherThanFile } from '../exchange/other-than-file.js';
import { type Problem, ScenarioError } from './problem.js';
import { type FileRead, readAhead } from './read-ahead.js';
import type { Scenario } from './scenario.js';
import { isScenarioFile, MAX_BYTES, scenarioName } from './scenario-file.js';

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
      const scenario = await read(async () => (await readFile(path, scenarioName(path, folder))).scenario);
      if (scenario) scenarios.push(scenario);
    }
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return scenarios;
}

function find(path: string): Found[] {
  if (!inform(path, () => statSync(path)).isDirectory()) return [{ path, folder: '' }];
  return listFiles(path).map((file) => ({ path: file, folder: path }));
}

/**
 * Returns the paths of the scenario files in a folder and in those below it, sorted.
 * @throws ScenarioError
 */
export function listFiles(folder: string): string[] {
  return inform(folder, () => pathsIn(folder).filter(isScenarioFile).sort());
}

/** Returns the paths of all that is in a folder and in those below it, also in those that are links. */
function pathsIn(folder: string): string[] {
  const inside = readdirSync(folder, { recursive: true, withFileTypes: true });
  // Without types Node follows links, but asks of each path whether it is a folder: six times as long.
  if (!inside.some((entry) => entry.isSymbolicLink()))
    return inside.map(({ parentPath, name }) => join(parentPath, name));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
}

/**
 * Reads a scenario file. One that is as it was when the program was built is not parsed again.
 * @param check called before another one is parsed
 * @throws ScenarioError with the mistakes of the file
 */
export async function readFile(path: string, name: string, check: () => void = () => {}): Promise<FileRead> {
  const content = loadFile(path);
  const ahead = readAhead(content, path, name);
  if (ahead) return ahead;
  check();
  // Loaded at first use: the parser and what checks a file take longer to load than the rest of the program.
  const { readScenario } = await import('./read.js');
  const scenario = readScenario(content, path, name);
  return { name, alias: scenario.alias, scenario };
}

/**
 * Reads the bytes of a scenario file.
 * @throws ScenarioError
 */
export function loadFile(path: string): Uint8Array {
  const stats = inform(path, () => statSync(path));
  // A pipe or device may never end; a file that is too large is not read.
  const other = otherThanFile(stats);
  if (other !== undefined) throw refuse(path, `is ${other}, not a file`);
  if (stats.size > MAX_BYTES) throw refuse(path, `the file holds more than 1 MB (${stats.size} bytes)`);
  return inform(path, () => readFileSync(path));
}

/** Returns the result of work on the file system; turns its error into a ScenarioError. */
export function inform<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw refuse(path, code === 'ENOENT' ? 'no such file or folder' : `cannot be read (${code})`);
  }
}

const refuse = (path: string, message: string): ScenarioError =>
  new ScenarioError([{ path, line: 1, column: 1, message }]);
