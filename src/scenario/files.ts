import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { otherThanFile } from '../exchange/other-than-file.js';
import { nearestWord, type Problem, ScenarioError } from './problem.js';
import { type FileRead, readAhead } from './read-ahead.js';
import type { Scenario } from './scenario.js';
import { isScenarioFile, MAX_BYTES, mayBeScenario, scenarioName } from './scenario-file.js';

/** A file and the folder in which it was found; an empty one for a file that was named by itself. */
interface Found {
  path: string;
  folder: string;
}

/**
 * Reads scenario files, and those in whole folders (`.yaml`, `.yml`, `.json`, in order of their paths). Of a folder the
 * files that are no scenarios are left out.
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
      const name = nameOfFile(path, folder);
      const file = await read(() => (folder === '' ? readFile(path, name) : readFileOfFolder(path, name)));
      if (file) scenarios.push(file.scenario);
    }
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return scenarios;
}

/** Returns the name of a scenario by its path, as `scenarioName` does, wherever the working directory lies. */
export const nameOfFile = (path: string, folder = ''): string =>
  scenarioName(fromHere(path), folder === '' ? '' : fromHere(folder));

function fromHere(path: string): string {
  const way = relative('', path);
  return leadsOut(way) ? path : `./${way}`;
}

function find(path: string): Found[] {
  if (!statsOf(path).isDirectory()) return [{ path, folder: '' }];
  return listFiles(path).map((file) => ({ path: file, folder: path }));
}

/**
 * Returns the paths of the files in a folder and in those below it that have the ending of a scenario file, sorted. Links
 * are followed; `node_modules` and hidden folders below it are left out.
 * @throws ScenarioError
 */
export function listFiles(folder: string): string[] {
  return filesIn(folder, []).filter(isScenarioFile).sort();
}

/**
 * Returns the paths of all files below a folder.
 * @param above the real paths of the links that lead there, and of what is behind them
 */
function filesIn(folder: string, above: readonly string[]): string[] {
  const inside = inform(folder, () => readdirSync(folder, { withFileTypes: true }));
  return inside.flatMap((entry) => {
    const path = join(folder, entry.name);
    const isLink = entry.isSymbolicLink();
    if (!entry.isDirectory() && !(isLink && leadsToFolder(path))) return [path];
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    if (!isLink) return filesIn(path, above);
    const real = realpathSync.native(path);
    // A link to a folder around it would have no end.
    const around = [...above, realpathSync.native(folder)];
    return around.some((inner) => isWithin(real, inner)) ? [] : filesIn(path, [...around, real]);
  });
}

function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch {
    return false;
  }
}

/** Tells whether a path is that of a folder or of something in it. */
export function isWithin(folder: string, path: string): boolean {
  return !leadsOut(relative(folder, path));
}

const leadsOut = (way: string): boolean => way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);

/**
 * Reads a scenario file. One that is as it was when the program was built is not parsed again.
 * @param check called before another one is parsed
 * @throws ScenarioError with the mistakes of the file
 */
export async function readFile(
  path: string,
  name: string,
  check?: () => void,
  stats = statsOf(path),
): Promise<FileRead> {
  const content = loadFile(path, stats);
  return readAhead(content, path, name) ?? parse(content, path, name, check);
}

/** Reads a file of a folder as `readFile` does; returns undefined for a file of something else than a scenario. */
export async function readFileOfFolder(
  path: string,
  name: string,
  check?: () => void,
  stats = statsOf(path),
): Promise<FileRead | undefined> {
  // One that is too large is not read as a whole to see that it is something else.
  if (isTooLarge(stats) && !mayBeScenario(textOf(beginningOf(path)))) return undefined;
  const content = loadFile(path, stats);
  const ahead = readAhead(content, path, name);
  return ahead ?? (mayBeScenario(textOf(content)) ? parse(content, path, name, check) : undefined);
}

async function parse(content: Uint8Array, path: string, name: string, check = () => {}): Promise<FileRead> {
  check();
  // Loaded at first use: the parser and what checks a file take longer to load than the rest of the program.
  const { readScenario } = await import('./read.js');
  const scenario = readScenario(content, path, name);
  return { name, alias: scenario.alias, scenario };
}

const statsOf = (path: string): Stats => inform(path, () => statSync(path));

const isTooLarge = (stats: Stats): boolean => stats.isFile() && stats.size > MAX_BYTES;

function beginningOf(path: string): Uint8Array {
  return inform(path, () => {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(MAX_BYTES);
      return bytes.subarray(0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  });
}

/** Returns the text of a file that may be encoded in any way: of UTF-16 that which is ASCII. */
const textOf = (content: Uint8Array): string =>
  new TextDecoder()
    .decode(content)
    .replaceAll('\0', '')
    .replace(/^\ufffd+/, '');

/**
 * Reads the bytes of a scenario file.
 * @param stats of the file, where they are known
 * @throws ScenarioError
 */
export function loadFile(path: string, stats = statsOf(path)): Uint8Array {
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
    throw refuse(path, code === 'ENOENT' ? `no such file or folder${hintAtPath(path)}` : `cannot be read (${code})`);
  }
}

/**
 * Returns a hint at the path that is spelled most like one that is not there.
 * @param rest what stood behind it
 */
export function hintAtPath(path: string, rest = ''): string {
  const above = dirname(path);
  const name = basename(path);
  if (above === path) return '';
  if (!existsSync(above)) return hintAtPath(above, join(name, rest));
  const near = nearestWord(name, namesIn(above));
  if (near === undefined) return '';
  const whole = join(above, near, rest);
  return ` (did you mean ${existsSync(whole) ? whole : join(above, near)}?)`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const refuse = (path: string, message: string): ScenarioError =>
  new ScenarioError([{ path, line: 1, column: 1, message }]);
