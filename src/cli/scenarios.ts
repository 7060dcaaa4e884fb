import { warningsIn } from '../replay/warnings.js';
import { counted } from '../report/summary.js';
import { renderWarning } from '../report/terminal.js';
import { describeScenario } from '../scenario/describe.js';
import { readScenarios } from '../scenario/files.js';
import { Library, sharedAlias } from '../scenario/library.js';
import { renderProblem, ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';
import { isScenarioFile, noScenarioIn } from '../scenario/scenario-file.js';
import type { Io } from './io.js';
import { CannotRun } from './io.js';
import { openScenarios } from './own-scenarios.js';

/** Options of `mock-klarna scenarios`. */
export interface ScenariosOptions {
  /** Folder of the only scenarios; absent: those that ship, and those of the user's own. */
  folder?: string;
  /** Folders of scenarios of the user's own. */
  scenarios?: string[];
}

type Output = Pick<Io, 'stdout' | 'stderr'>;

/** Opens the scenarios that a command is about. What is wrong with their files goes to the standard error output. */
const openLibrary = ({ folder, scenarios }: ScenariosOptions, io: Output): Library =>
  folder === undefined
    ? openScenarios(scenarios, io)
    : Library.open(folder, (line) => void io.stderr.write(`mock-klarna: ${line}\n`));

/**
 * Prints all scenarios, each in a line that begins with its full name.
 * @returns the exit code: 0, or 2 when a file has a mistake
 */
export async function listScenarios(options: ScenariosOptions, io: Output): Promise<number> {
  const library = openLibrary(options, io);
  const scenarios = await orTell(io, () => library.all());
  if (!scenarios) return 2;
  const width = Math.max(0, ...scenarios.map(({ name }) => name.length));
  for (const { name, title } of scenarios) io.stdout.write(`${name.padEnd(width)}  ${title}\n`);
  return (await library.problems()).length === 0 ? 0 : 2;
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
  if (scenarios.length === 0) throw new CannotRun(noScenarioIn(paths));
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
export async function showScenario(what: string, options: ScenariosOptions, io: Output): Promise<number> {
  const scenario = isScenarioFile(what)
    ? await readFile(what, io)
    : await findNamed(what, openLibrary(options, io), io);
  if (!scenario) return 2;
  io.stdout.write(`${describeScenario(scenario)}\n`);
  return 0;
}

async function readFile(path: string, io: Output): Promise<Scenario | undefined> {
  const scenarios = await readAll([path], io);
  if (scenarios?.length === 0) throw new CannotRun(noScenarioIn([path]));
  return scenarios?.[0];
}

function findNamed(name: string, library: Library, io: Output): Promise<Scenario | undefined> {
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
