import { narrateScenario, narrateStep } from '../replay/narrate.js';
import { replayScenarios } from '../replay/replay.js';
import { renderVerdict } from '../replay/verdict.js';
import { readScenarios } from '../scenario/files.js';
import { renderProblem, ScenarioError } from '../scenario/problem.js';

/** The seed of a replay's own sandbox: with it the clock stands, and ids and generated values repeat. */
export const REPLAY_SEED = 'replay';

export interface ReplayArguments {
  /** Scenario files and folders of them. */
  paths: string[];
  /** Tell each step, its answer and what was tokenized. */
  verbose?: boolean;
}

/** What the command needs of the world around it. */
export interface ReplayWorld {
  /** Starts a sandbox with the given seed on a free port of loopback. */
  startSandbox(options: { seed: string }): Promise<{ url: string; close(): Promise<void> }>;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/**
 * Plays scenario files against a sandbox of its own.
 * @returns the exit code: 0 all went well, 1 a scenario failed or there was none, 2 a file cannot be used
 */
export async function replay(args: ReplayArguments, { startSandbox, stdout, stderr }: ReplayWorld): Promise<number> {
  const scenarios = await readScenarios(args.paths).catch((error: unknown) => {
    if (!(error instanceof ScenarioError)) throw error;
    for (const problem of error.problems) stderr.write(`${renderProblem(problem)}\n`);
    return undefined;
  });
  if (!scenarios) return 2;
  if (scenarios.length === 0) {
    stderr.write(`nothing to replay: no .yaml, .yml or .json file in ${args.paths.join(', ')}\n`);
    return 1;
  }
  const sandbox = await startSandbox({ seed: REPLAY_SEED });
  try {
    const tell = (text: string) => stdout.write(`${text}\n`);
    const target = { url: sandbox.url, username: 'replay', password: 'replay' };
    const results = await replayScenarios(scenarios, target, {
      seed: REPLAY_SEED,
      ...(args.verbose && {
        onScenario: (scenario) => tell(narrateScenario(scenario)),
        onStep: (step) => tell(narrateStep(step)),
      }),
      onResult: (result) => tell(renderVerdict(result)),
    });
    return results.every(({ passed }) => passed) ? 0 : 1;
  } finally {
    await sandbox.close();
  }
}
