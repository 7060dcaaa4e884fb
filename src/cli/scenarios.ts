import { describeScenario } from '../scenario/describe.js';
import { readScenarios } from '../scenario/files.js';
import { Library, sharedAlias, shippedScenarios } from '../scenario/library.js';
import { renderProblem, ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';
import { CannotRun } from './cannot-run.js';
import type { Io } from './io.js';

export interface ScenariosOptions {
  /** The folder of the scenarios; those that ship unless given. */
  folder?: string;
}

type Output = Pick<Io, 'stdout' | 'stderr'>;

/**
 * Prints each scenario there is in a line that begins with its full name.
 * @returns the exit code: 0, or 2 when a file has a mistake
 */
export async function listScenarios({ folder = shippedScenarios }: ScenariosOptions, io: Output): Promise<number> {
  const scenarios = await readAll([folder], io);
  if (!scenarios) return 2;
  const width = Math.max(0, ...scenarios.map(({ name }) => name.length));
  for (const { name, title } of scenarios) io.stdout.write(`${name.padEnd(width)}  ${title}\n`);
  return 0;
}

/**
 * Looks for mistakes in scenario files and folders of them.
 * @returns the exit code: 0 none, 2 some, each in a line with its place
 */
export async function checkScenarios(paths: string[], io: Output): Promise<number> {
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
  if (code === 0)
    io.stdout.write(`${scenarios.length} ${scenarios.length === 1 ? 'scenario' : 'scenarios'}, no mistake\n`);
  return code;
}

/**
 * Prints a scenario in words.
 * @param what its name, its alias or its file
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

const readFile = async (path: string, io: Output) => (await readAll([path], io))?.[0];

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

/** What comes of some work on files, or nothing once their mistakes are told. */
async function orTell<T>(io: Output, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    for (const problem of error.problems) io.stderr.write(`${renderProblem(problem)}\n`);
    return undefined;
  }
}
