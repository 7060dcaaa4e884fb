import { realpathSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../package-root.js';
import { inform, listFiles, readFile } from './files.js';
import { nearestWord, type Problem, renderProblem, ScenarioError } from './problem.js';
import type { FileRead } from './read-ahead.js';
import type { Scenario, Script } from './scenario.js';
import { scenarioName } from './scenario-file.js';

/** Path of the folder with the scenarios that ship. */
export const shippedScenarios: string = fileURLToPath(new URL('scenarios', packageRoot));

/** A scenario file as it was last read. */
interface Shelved {
  /** Time of change, size and inode of the file then; GONE when it was not there. */
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

/** The scenarios of a folder, by name or alias. Each is read on demand, and again when its file has changed. */
export class Library {
  readonly #folder: string;
  /** The only file of the library; undefined for all files of the folder. */
  readonly #only: string | undefined;
  readonly #report: (line: string) => void;
  /** Files by the scenario's name. Names are never used as paths, so none leads out of the folder. */
  #files = new Map<string, string>();
  readonly #shelf = new Map<string, Shelved>();
  readonly #reading = new Map<string, Promise<FileRead | undefined>>();

  private constructor(folder: string, report: (line: string) => void, only?: string) {
    this.#folder = folder;
    this.#only = only;
    this.#report = report;
  }

  /**
   * Makes a library of the scenarios under a folder; nothing is read yet.
   * @param report gets a line when a file was read again, and when one cannot be used
   */
  static open(folder: string, report: (line: string) => void = () => {}): Library {
    return new Library(folder, report);
  }

  /** Makes a library of one scenario file; nothing is read yet. */
  static ofFile(path: string, report: (line: string) => void = () => {}): Library {
    return new Library(dirname(path), report, path);
  }

  /**
   * Returns the names of all scenarios, sorted.
   * @throws ScenarioError when there is no such folder
   */
  names(): string[] {
    if (this.#only !== undefined) {
      const name = scenarioName(this.#only);
      this.#files = new Map([[name, this.#only]]);
      return [name];
    }
    const files = listFiles(this.#folder);
    // Of two files with one name, such as a.json and a.yaml, the first counts.
    this.#files = new Map(files.reverse().map((path) => [scenarioName(path, this.#folder), path]));
    return [...this.#files.keys()].sort();
  }

  /**
   * Finds the scenario of that name or alias, as its file is now, or its last good version when the file has a mistake.
   * @returns undefined when there is none, or none that could be read
   * @throws ScenarioError when two scenarios have that alias
   */
  async find(nameOrAlias: string): Promise<Scenario | undefined> {
    if (!this.#files.has(nameOrAlias)) this.names();
    if (this.#files.has(nameOrAlias)) return this.#version(nameOrAlias);
    const all = await this.#readAll();
    const [first, second] = all.filter(({ alias }) => alias === nameOrAlias);
    if (first && second) throw new ScenarioError([sharedAlias(second.scenario, first.scenario)]);
    return first && this.#open(first);
  }

  /**
   * Returns a scenario of this library as its file is now, or its last good version when the file has a mistake.
   * @returns undefined when the file has gone
   */
  async current({ name }: Pick<Scenario, 'name'>): Promise<Scenario | undefined> {
    if (!this.#files.has(name)) this.names();
    return this.#files.has(name) ? this.#version(name) : undefined;
  }

  /** Returns all scenarios that can be read, sorted by name. */
  async all(): Promise<Scenario[]> {
    return (await this.#readAll()).map((version) => this.#open(version));
  }

  /** Returns the name or alias nearest to a word: the same without its folder, or one with a similar spelling. */
  async nearest(word: string): Promise<string | undefined> {
    const all = await this.#readAll();
    const names = all.flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias]));
    return names.find((name) => name.endsWith(`/${word}`)) ?? nearestWord(word, names);
  }

  /** Returns all scenarios that can be read, sorted by name. */
  async #readAll(): Promise<FileRead[]> {
    const versions: FileRead[] = [];
    for (const name of this.names()) {
      const version = await this.#read(name);
      if (version) versions.push(version);
    }
    return versions;
  }

  async #version(name: string): Promise<Scenario | undefined> {
    const version = await this.#read(name);
    return version && this.#open(version);
  }

  /** Returns the scenario of a file, and remembers that it comes from this library. */
  #open({ scenario }: FileRead): Scenario {
    origins.set(scenario, this);
    return scenario;
  }

  /** Returns a scenario from the shelf, or from its file when that has changed; concurrent calls share one read. */
  #read(name: string): Promise<FileRead | undefined> {
    const begun = this.#reading.get(name);
    if (begun) return begun;
    const reading = this.#refresh(name, this.#files.get(name) as string).finally(() => this.#reading.delete(name));
    this.#reading.set(name, reading);
    return reading;
  }

  async #refresh(name: string, path: string): Promise<FileRead | undefined> {
    const shelved = this.#shelf.get(name);
    let stamp: string;
    try {
      const { mtimeMs, size, ino } = statSync(path);
      stamp = `${mtimeMs} ${size} ${ino}`;
    } catch {
      // Without its file the scenario is gone, except where it was chosen before.
      this.#files.delete(name);
      if (shelved?.version && shelved.stamp !== GONE) {
        this.#report(`${path} has gone; its last good version stays where it was chosen`);
      }
      if (shelved) this.#shelf.set(name, { ...shelved, stamp: GONE });
      return undefined;
    }
    if (shelved?.stamp === stamp) return shelved.version;
    const version = await this.#load(name, path, shelved?.version);
    this.#shelf.set(name, { stamp, version });
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
