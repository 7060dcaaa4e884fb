import { warningsIn } from '../replay/warnings.js';
import { counted } from '../report/summary.js';
import { renderWarning } from '../report/terminal.js';
import { describeScenario } from '../scenario/describe.js';
import { readScenarios } from '../scenario/files.js';
import { Library, sharedAlias, shippedScenarios } from '../scenario/library.js';
import { renderProblem, ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Io } from './io.js';
import { CannotRun } from './io.js';

/** Options of `mock-klarna scenarios`. */
export interface ScenariosOptions {
  /** Folder of the scenarios; by default the one with those that ship. */
  folder?: string;
}

type Output = Pick<Io, 'stdout' | 'stderr'>;

/**
 * Prints all scenarios, each in a line that begins with its full name.
 * @returns the exit code: 0, or 2 when a file has a mistake
 */
export async function listScenarios({ folder = shippedScenarios }: ScenariosOptions, io: Output): Promise<number> {
  const scenarios = await readAll([folder], io);
  if (!scenarios) return 2;
  const width = Math.max(0, ...scenarios.map(({ name }) => name.length));
  for (const { name, title } of scenarios) io.stdout.write(`${name.padEnd(width)}  ${title}\n`);
  return 0;
}

/** Options of `mock-klarna scenarios check`. */
export interface CheckOptions {
  /** True to fail when a part of a scenario tests nothing. */
  strict?: boolean;
}

/**
 * Looks for mistakes in scenario files and folders of them, and for parts that test nothing. Prints each in a line with
 * its position.
 * @returns the exit code: 0 no mistake, 1 with `strict` a part that tests nothing, 2 a mistake
 * @throws {CannotRun} when there is no file
 */
export async function checkScenarios(
  paths: string[],
  io: Output,
  { strict = false }: CheckOptions = {},
): Promise<number> {
  const scenarios = await readAll(paths, io);
  if (!scenarios) return 2;
  if (scenarios.length === 0) throw new CannotRun(`no .yaml, .yml or .json file in ${paths.join(', ')}`);
  const first = new Map<string, Scenario>();
  let code = 0;
  for (const scenario of scenarios) {
    const { alias, path } = scenario;
    if (alias === undefined) continue;
    const other = first.get(alias);
    if (!other) first.set(alias, scenario);
    else if (other.path !== path) {
      io.stderr.write(`${renderProblem(sharedAlias(scenario, other))}\n`);
      code = 2;
    }
  }
  const warnings = scenarios.flatMap((scenario) =>
    warningsIn(scenario).map((warning) => renderWarning(scenario.path, warning)),
  );
  for (const warning of warnings) io.stderr.write(`${warning}\n`);
  if (code > 0) return code;
  const warned = warnings.length > 0 ? `, ${counted(warnings.length, 'warning')}` : '';
  io.stdout.write(`${scenarios.length} ${scenarios.length === 1 ? 'scenario' : 'scenarios'}, no mistake${warned}\n`);
  return strict && warnings.length > 0 ? 1 : 0;
}

/**
 * Prints a scenario in words.
 * @param what name, alias or path of the file
 * @returns the exit code: 0, or 2 when its file has a mistake
 * @throws {CannotRun} when there is no such scenario
 */
export async function showScenario(
  what: string,
  { folder = shippedScenarios }: ScenariosOptions,
  io: Output,
): Promise<number> {
  const scenario = /\.(ya?ml|json)$/i.test(what) ? await readFile(what, io) : await findNamed(what, folder, io);
  if (!scenario) return 2;
  io.stdout.write(`${describeScenario(scenario)}\n`);
  return 0;
}

async function readFile(path: string, io: Output): Promise<Scenario | undefined> {
  const scenarios = await readAll([path], io);
  if (scenarios?.length === 0) throw new CannotRun(`no .yaml, .yml or .json file in ${path}`);
  return scenarios?.[0];
}

async function findNamed(name: string, folder: string, io: Output): Promise<Scenario | undefined> {
  const library = Library.open(folder, (line) => io.stderr.write(`${line}\n`));
  return orTell(io, async () => {
    const scenario = await library.find(name);
    if (scenario) return scenario;
    const nearest = await library.nearest(name);
    const hint = nearest === undefined ? '' : ` (did you mean ${JSON.stringify(nearest)}?)`;
    throw new CannotRun(`there is no scenario ${JSON.stringify(name)}${hint}; mock-klarna scenarios lists them`);
  });
}

const readAll = (paths: string[], io: Output) => orTell(io, () => readScenarios(paths));

/** Returns the result of work on files; undefined when they have mistakes, which are then printed. */
async function orTell<T>(io: Output, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    for (const problem of error.problems) io.stderr.write(`${renderProblem(problem)}\n`);
    return undefined;
  }
}
