import { renderProblem, ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Io } from './io.js';
import { type GithubEnvironment, tellGithubOfProblems } from './report-files.js';

/** Returns the scenarios that `choose` finds; undefined when their files have mistakes, which are then reported. */
export async function chooseOrReport(
  choose: () => Promise<Scenario[]>,
  { stdout, stderr, env = {} }: Pick<Io, 'stdout' | 'stderr'> & { env?: GithubEnvironment },
): Promise<Scenario[] | undefined> {
  try {
    return await choose();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    for (const problem of error.problems) stderr.write(`${renderProblem(problem)}\n`);
    tellGithubOfProblems(env, error.problems, (line) => stdout.write(`${line}\n`));
    return undefined;
  }
}
