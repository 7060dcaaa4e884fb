import { realpathSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nextTurn } from '../exchange/slices.js';
import { type WallClock, wallClock } from '../exchange/wall-clock.js';
import { packageRoot } from '../package-root.js';
import type { Eventually } from '../store/eventually.js';
import { inform, listFiles, readFile } from './files.js';
import { nearestWord, type Problem, renderProblem, ScenarioError } from './problem.js';
import type { FileRead } from './read-ahead.js';
import type { Scenario, Script } from './scenario.js';
import { scenarioName } from './scenario-file.js';

/** Path of the folder with the scenarios that ship. */
export const shippedScenarios: string = fileURLToPath(new URL('scenarios', packageRoot));

/** A scenario file as it was last read. */
interface Shelved {
  path: string;
  /** Path, time of change, size and inode of the file then; GONE when it was not there. */
  stamp: string;
  /** The last version without a mistake. */
  version: FileRead | undefined;
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

/** The scenarios that could be read at the last look. */
interface Shelves {
  /** Sorted by name. */
  byName: Map<string, FileRead>;
  /** An alias of two scenarios leads to the problem. */
  byAlias: Map<string, FileRead | Problem>;
  /** Words that are no name, with the nearest one. */
  nearest: Map<string, string | undefined>;
}

/**
 * The scenarios of a folder, by name or alias. The files are looked at when something is asked for, at most once a
 * second, and those that have changed are read.
 */
export class Library {
  readonly #folder: string;
  /** The only file of the library; undefined for all files of the folder. */
  readonly #only: string | undefined;
  readonly #report: (line: string) => void;
  readonly #wall: Pick<WallClock, 'monotonic'>;
  readonly #files = new Map<string, Shelved>();
  #shelves: Shelves | undefined;
  #looked = Number.NEGATIVE_INFINITY;
  #looking: Promise<Shelves> | undefined;

  private constructor(
    folder: string,
    report: (line: string) => void = () => {},
    wall: Pick<WallClock, 'monotonic'> = wallClock,
    only?: string,
  ) {
    this.#folder = folder;
    this.#report = report;
    this.#wall = wall;
    this.#only = only;
  }

  /**
   * Makes a library of the scenarios under a folder; nothing is read yet.
   * @param report gets a line when a file was read again, and when one cannot be used
   */
  static open(folder: string, report?: (line: string) => void, wall?: Pick<WallClock, 'monotonic'>): Library {
    return new Library(folder, report, wall);
  }

  /** Makes a library of one scenario file; nothing is read yet. */
  static ofFile(path: string, report?: (line: string) => void, wall?: Pick<WallClock, 'monotonic'>): Library {
    return new Library(dirname(path), report, wall, path);
  }

  /**
   * Returns the names of all scenario files as they are now, sorted, whether they can be read or not.
   * @throws ScenarioError when there is no such folder
   */
  names(): string[] {
    return [...this.#list().keys()].sort();
  }

  /**
   * Finds the scenario of that name or alias: its file as it was at the last look, or its last good version when the
   * file has a mistake.
   * @returns undefined when there is none, or none that could be read
   * @throws ScenarioError when two scenarios have that alias
   */
  async find(nameOrAlias: string): Promise<Scenario | undefined> {
    const { byName, byAlias } = await this.#look();
    const found = byName.get(nameOrAlias) ?? byAlias.get(nameOrAlias);
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
    let files = new Map<string, string>();
    try {
      files = this.#list();
    } finally {
      for (const name of this.#files.keys()) if (!files.has(name)) this.#miss(name);
    }
    const byName = new Map<string, FileRead>();
    for (const [at, name] of [...files.keys()].sort().entries()) {
      if (at > 0 && at % FILES_A_TURN === 0) await nextTurn();
      const version = await this.#read(name, files.get(name) as string);
      if (version) byName.set(name, version);
    }
    this.#looked = now;
    this.#shelves = { byName, byAlias: aliasesOf(byName), nearest: new Map() };
    return this.#shelves;
  }

  /** Returns the paths of the files by the scenario's name. Names are never used as paths, so none leads out of the folder. */
  #list(): Map<string, string> {
    if (this.#only !== undefined) return new Map([[scenarioName(this.#only), this.#only]]);
    const files = listFiles(this.#folder);
    // Of two files with one name, such as a.json and a.yaml, the first counts.
    return new Map(files.reverse().map((path) => [scenarioName(path, this.#folder), path]));
  }

  /** Returns the scenario of a file, and remembers that it comes from this library. */
  #open({ scenario }: FileRead): Scenario {
    origins.set(scenario, this);
    return scenario;
  }

  /** Notes that a file is not there. Without it the scenario is gone, except where it was chosen before. */
  #miss(name: string): void {
    const shelved = this.#files.get(name);
    if (!shelved || shelved.stamp === GONE) return;
    if (shelved.version) this.#report(`${shelved.path} has gone; its last good version stays where it was chosen`);
    this.#files.set(name, { ...shelved, stamp: GONE });
  }

  /** Returns the scenario of a file: that of the last look unless the file has changed. */
  async #read(name: string, path: string): Promise<FileRead | undefined> {
    const shelved = this.#files.get(name);
    let stamp: string;
    try {
      const { mtimeMs, size, ino } = statSync(path);
      stamp = `${path} ${mtimeMs} ${size} ${ino}`;
    } catch {
      this.#miss(name);
      return undefined;
    }
    if (shelved?.stamp === stamp) return shelved.version;
    const version = await this.#load(name, path, shelved?.version);
    this.#files.set(name, { path, stamp, version });
    return version;
  }

  async #load(name: string, path: string, before: FileRead | undefined): Promise<FileRead | undefined> {
    try {
      const version = await readFile(path, name, () => this.#refuseOutside(path));
      if (before) this.#report(`${path} has changed: it was read again`);
      return version;
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      const [first, ...others] = error.problems.map(renderProblem);
      const more = others.length > 0 ? ` (and ${others.length} more)` : '';
      const leftOut = this.#only === undefined ? '; it is left out' : '';
      this.#report(`${first}${more}${before ? '; its last good version stays' : leftOut}`);
      return before;
    }
  }

  #refuseOutside(path: string): void {
    const [home, file] = inform(path, () => [realpathSync.native(this.#folder), realpathSync.native(path)]);
    if (file.startsWith(home + sep)) return;
    const message = `the file is a link that leads out of ${this.#folder}`;
    throw new ScenarioError([{ path, line: 1, column: 1, message }]);
  }
}

/** Returns the scenarios by their aliases. */
function aliasesOf(byName: ReadonlyMap<string, FileRead>): Shelves['byAlias'] {
  const byAlias = new Map<string, FileRead | Problem>();
  for (const version of byName.values()) {
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
