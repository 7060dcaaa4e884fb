import { realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nextTurn } from '../exchange/slices.js';
import { type WallClock, wallClock } from '../exchange/wall-clock.js';
import { packageRoot } from '../package-root.js';
import type { Eventually } from '../store/eventually.js';
import { inform, isWithin, listFiles, nameOfFile, readFile, readFileOfFolder } from './files.js';
import { NoScenario, nearestWord, type Problem, renderProblem, ScenarioError } from './problem.js';
import type { FileRead } from './read-ahead.js';
import type { Scenario, Script } from './scenario.js';
import { foldName, nameInFolder, noScenarioIn } from './scenario-file.js';

/** Path of the folder with the scenarios that ship. */
export const shippedScenarios: string = fileURLToPath(new URL('scenarios', packageRoot));

/** A file and the folder of the library that it lies in. */
interface Found {
  path: string;
  folder: string;
}

/** A file as it was last read. */
interface Shelved {
  /** Time of change, size and inode of the file then; GONE when it was not there. */
  stamp: string;
  /** The last version without a mistake; undefined when there was none, or the file is something else. */
  version?: FileRead;
  /** The mistakes of the file as it was then. */
  problems?: Problem[];
}

const GONE = '';

/** Returns the problem of a scenario whose alias an earlier one has as well. */
export function sharedAlias({ path, alias }: Scenario, first: Scenario): Problem {
  return { path, line: 1, column: 1, message: `the alias "${alias}" is that of ${first.path}` };
}

/** The library of each scenario, as long as the scenario is in use. */
const origins = new WeakMap<Script, Library>();

/** Returns the library that a scenario comes from; undefined for one given in line. */
export function originOf(scenario: Script): Library | undefined {
  return origins.get(scenario);
}

/** Shortest time between two looks at the files, in milliseconds. */
const LOOK_EVERY = 1_000;

/** Number of files that are looked at in one turn. */
const FILES_A_TURN = 32;

/** Longest word for which the nearest name is sought, and the most words between two looks: it takes a while. */
const LONGEST_WORD = 200;
const SOUGHT = 30;

/** The scenarios that could be read at the last look. A word leads to its scenario, or to what is wrong with it. */
interface Shelves {
  /** Sorted by name. */
  byName: Map<string, FileRead>;
  /** The mistakes of files that never could be read, by the names of their scenarios. */
  mistaken: Map<string, Problem[]>;
  byAlias: Map<string, FileRead | Problem>;
  /** The scenarios by their names as an e-mail address has them. */
  byFolded: Map<string, FileRead>;
  /** Words that are no name, with the nearest one. */
  nearest: Map<string, string | undefined>;
}

/**
 * The scenarios of folders, by name or alias. Of two with the same one that in the earlier folder counts. The files are looked
 * at when something is asked for, at most once a second, and those that have changed are read.
 */
export class Library {
  readonly #folders: readonly string[];
  /** The only file of the library; undefined for all files of the folders. */
  readonly #only: string | undefined;
  readonly #report: (line: string) => void;
  readonly #wall: Pick<WallClock, 'monotonic'>;
  /** The files by their paths. */
  readonly #files = new Map<string, Shelved>();
  /** Lines about scenarios that go before others, each of which is reported once. */
  readonly #told = new Set<string>();
  #shelves: Shelves | undefined;
  #looked = Number.NEGATIVE_INFINITY;
  #looking: Promise<Shelves> | undefined;

  private constructor(
    folders: readonly string[],
    report: (line: string) => void = () => {},
    wall: Pick<WallClock, 'monotonic'> = wallClock,
    only?: string,
  ) {
    this.#folders = folders;
    this.#report = report;
    this.#wall = wall;
    this.#only = only;
  }

  /**
   * Makes a library of the scenarios in a folder, or in several; nothing is read yet.
   * @param report gets a line when a file was read again, when one cannot be used, and when one goes before another
   */
  static open(
    folders: string | readonly string[],
    report?: (line: string) => void,
    wall?: Pick<WallClock, 'monotonic'>,
  ): Library {
    return new Library([folders].flat(), report, wall);
  }

  /** Makes a library of one scenario file; nothing is read yet. */
  static ofFile(path: string, report?: (line: string) => void, wall?: Pick<WallClock, 'monotonic'>): Library {
    return new Library([dirname(path)], report, wall, path);
  }

  /**
   * Finds the scenario of that name or alias: its file as it was at the last look, or its last good version when the
   * file has a mistake.
   * @returns undefined when there is none
   * @throws ScenarioError when two scenarios have that alias, with the mistakes of a file that never was good, and when there
   * is no such folder
   */
  async find(nameOrAlias: string): Promise<Scenario | undefined> {
    const { byName, mistaken, byAlias, byFolded } = await this.#look();
    const problems = mistaken.get(nameOrAlias);
    if (problems) throw new ScenarioError(problems);
    const found = byName.get(nameOrAlias) ?? byAlias.get(nameOrAlias) ?? byFolded.get(nameOrAlias);
    if (found && 'message' in found) throw new ScenarioError([found]);
    return found && this.#open(found);
  }

  /**
   * Returns a scenario of this library as its file was at the last look, or its last good version when the file has a
   * mistake.
   * @returns undefined when the file has gone
   */
  current({ name }: Pick<Scenario, 'name'>): Eventually<Scenario | undefined> {
    const open = ({ byName }: Shelves): Scenario | undefined => {
      const version = byName.get(name);
      return version && this.#open(version);
    };
    const shelves = this.#look();
    return shelves instanceof Promise ? shelves.then(open, withoutFolder) : open(shelves);
  }

  /** Looks at the files, so that what is wrong with them is reported at once. */
  async look(): Promise<void> {
    await this.#look();
  }

  /** Returns the mistakes of the files that cannot be used. */
  async problems(): Promise<Problem[]> {
    return [...(await this.#look()).mistaken.values()].flat();
  }

  /** Returns all scenarios that can be read, sorted by name. */
  async all(): Promise<Scenario[]> {
    return [...(await this.#look()).byName.values()].map((version) => this.#open(version));
  }

  /**
   * Returns the name or alias nearest to a word: the same without its folder, or one with a similar spelling.
   * @returns undefined when there is none, and for one word of too many
   */
  async nearest(word: string): Promise<string | undefined> {
    if (word.length > LONGEST_WORD) return undefined;
    const { byName, nearest } = await this.#look();
    if (!nearest.has(word) && nearest.size < SOUGHT) nearest.set(word, nearestOf(word, byName));
    return nearest.get(word);
  }

  /** Returns the scenarios of the last look, if that is recent; concurrent calls share one look. */
  #look(): Eventually<Shelves> {
    const now = this.#wall.monotonic();
    if (this.#looking) return this.#looking;
    if (this.#shelves && now - this.#looked < LOOK_EVERY) return this.#shelves;
    this.#looking = this.#fill(now).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #fill(now: number): Promise<Shelves> {
    let files = new Map<string, Found[]>();
    try {
      files = this.#list();
    } finally {
      const paths = new Set([...files.values()].flat().map(({ path }) => path));
      for (const path of this.#files.keys()) if (!paths.has(path)) this.#miss(path);
    }
    const byName = new Map<string, FileRead>();
    const mistaken = new Map<string, Problem[]>();
    const byFolder = new Map<string, FileRead[]>(this.#folders.map((folder) => [folder, []]));
    for (const [at, name] of [...files.keys()].sort().entries()) {
      if (at > 0 && at % FILES_A_TURN === 0) await nextTurn();
      const found = await this.#readFirst(name, files.get(name) as Found[]);
      if (found?.version) {
        byName.set(name, found.version);
        byFolder.get(found.folder)?.push(found.version);
      } else if (found?.problems) mistaken.set(name, found.problems);
    }
    for (const [folder, inside] of byFolder) if (inside.length === 0) this.#tellEmpty(folder, mistaken);
    const byFolded = new Map([...byName].map(([name, version]) => [foldName(name), version]));
    this.#looked = now;
    this.#shelves = { byName, mistaken, byAlias: this.#aliasesOf(byFolder), byFolded, nearest: new Map() };
    return this.#shelves;
  }

  /** Returns the files by the scenario's name. Names are never used as paths, so none leads out of a folder. */
  #list(): Map<string, Found[]> {
    const files = new Map<string, Found[]>();
    for (const folder of this.#folders) {
      for (const path of this.#only === undefined ? listFiles(folder) : [this.#only]) {
        const name = this.#only === undefined ? nameInFolder(folder, path) : nameOfFile(path);
        files.set(name, [...(files.get(name) ?? []), { path, folder }]);
      }
    }
    return files;
  }

  /** Returns what the first of several files of one name holds, leaving out those that are no scenarios. */
  async #readFirst(name: string, files: readonly Found[]): Promise<(Shelved & Found) | undefined> {
    for (const [index, found] of files.entries()) {
      const shelved = await this.#read(name, found);
      if (!shelved?.version && !shelved?.problems) continue;
      const other = files.slice(index).find(({ folder }) => folder !== found.folder);
      if (other) this.#tellOnce(`${name} is ${found.path}, and not ${inWords(other.folder)}`);
      return { ...shelved, ...found };
    }
    return undefined;
  }

  /** Returns the scenarios by their aliases, those of an earlier folder before others. */
  #aliasesOf(byFolder: ReadonlyMap<string, readonly FileRead[]>): Shelves['byAlias'] {
    const byAlias: Shelves['byAlias'] = new Map();
    for (const [folder, inside] of byFolder) {
      for (const [alias, found] of aliasesIn(inside)) {
        const first = byAlias.get(alias);
        if (!first) byAlias.set(alias, found);
        else if ('scenario' in first) {
          this.#tellOnce(`the alias ${alias} is that of ${first.scenario.path}, and not of ${inWords(folder)}`);
        }
      }
    }
    return byAlias;
  }

  /** Tells that a folder of several has nothing to choose. */
  #tellEmpty(folder: string, mistaken: Shelves['mistaken']): void {
    if (this.#folders.length === 1 || [...mistaken.values()].some(([first]) => first && isWithin(folder, first.path)))
      return;
    this.#tellOnce(`no scenario so far: ${noScenarioIn([folder])}`);
  }

  #tellOnce(line: string): void {
    if (!this.#told.has(line)) this.#report(line);
    this.#told.add(line);
  }

  /** Returns the scenario of a file, and remembers that it comes from this library. */
  #open({ scenario }: FileRead): Scenario {
    origins.set(scenario, this);
    return scenario;
  }

  /** Notes that a file is not there. Without it the scenario is gone, except where it was chosen before. */
  #miss(path: string): void {
    const shelved = this.#files.get(path);
    if (!shelved || shelved.stamp === GONE) return;
    if (shelved.version) this.#report(`${path} has gone; its last good version stays where it was chosen`);
    this.#files.set(path, { stamp: GONE, version: shelved.version });
  }

  /** Returns what a file holds: that of the last look unless it has changed; undefined when it is not there. */
  async #read(name: string, found: Found): Promise<Shelved | undefined> {
    const { path } = found;
    const shelved = this.#files.get(path);
    let stats: Stats;
    try {
      stats = statSync(path);
    } catch {
      this.#miss(path);
      return undefined;
    }
    const stamp = `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
    if (shelved?.stamp === stamp) return shelved;
    const read = { stamp, ...(await this.#load(name, found, stats, shelved?.version)) };
    this.#files.set(path, read);
    return read;
  }

  async #load(
    name: string,
    { path, folder }: Found,
    stats: Stats,
    before: FileRead | undefined,
  ): Promise<Pick<Shelved, 'version' | 'problems'>> {
    try {
      const read = this.#only === undefined && !before ? readFileOfFolder : readFile;
      const version = await read(path, name, () => refuseOutside(folder, path), stats);
      if (before) this.#report(`${path} has changed: it was read again`);
      return { version };
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      const [first, ...others] = error.problems.map(renderProblem);
      const more = others.length > 0 ? ` (and ${others.length} more)` : '';
      const leftOut = this.#only === undefined ? '; it is left out' : '';
      this.#report(`${first}${more}${before ? '; its last good version stays' : leftOut}`);
      return { version: before, problems: error.problems };
    }
  }
}

/**
 * Opens the scenarios that ship, and those in folders of somebody's own, which go before them.
 * @param own folders; of two scenarios with the same name that in the earlier one counts
 * @param report as that of `Library.open`
 * @throws {NoScenario} when one is no folder
 */
export function openLibrary(own: readonly string[] = [], report?: (line: string) => void): Library {
  for (const folder of own) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats?.isDirectory()) continue;
    const why = stats ? 'which is a file' : 'which is not there';
    throw new NoScenario(`given ${folder}, ${why}; expected a folder of scenarios (scenario takes a single one)`);
  }
  const folders = new Set(own.map((folder) => resolve(folder)));
  return Library.open([...folders, shippedScenarios], report);
}

/** Returns the one of two scenarios that does not count, in words. */
const inWords = (folder: string): string =>
  folder === shippedScenarios ? 'the one that ships' : `the one in ${folder}`;

function refuseOutside(folder: string, path: string): void {
  const [home, file] = inform(path, () => [realpathSync.native(folder), realpathSync.native(path)]);
  if (isWithin(home, file)) return;
  const message = `the file is a link that leads out of ${folder}`;
  throw new ScenarioError([{ path, line: 1, column: 1, message }]);
}

/** Returns the scenarios of one folder by their aliases. */
function aliasesIn(versions: readonly FileRead[]): Map<string, FileRead | Problem> {
  const byAlias = new Map<string, FileRead | Problem>();
  for (const version of versions) {
    const { alias } = version;
    if (alias === undefined) continue;
    const first = byAlias.get(alias);
    if (!first) byAlias.set(alias, version);
    else if (!('message' in first)) byAlias.set(alias, sharedAlias(version.scenario, first.scenario));
  }
  return byAlias;
}

function nearestOf(word: string, byName: ReadonlyMap<string, FileRead>): string | undefined {
  const names = [...byName.values()].flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias]));
  return names.find((name) => name.endsWith(`/${word}`)) ?? nearestWord(word, names);
}

/** Takes a folder that has gone for one without files; passes other errors on. */
function withoutFolder(error: unknown): undefined {
  if (!(error instanceof ScenarioError)) throw error;
}
