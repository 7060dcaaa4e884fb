import { chooseScenarios, hintAtTag, withTags } from '../replay/choose.js';
import { isSandbox } from '../replay/find-target.js';
import { narrateScenario, narrateStep } from '../replay/narrate.js';
import { type RunOptions, replayScenarios } from '../replay/replay.js';
import { ANY_HOST, makeReport } from '../replay/report/report.js';
import type { ScenarioResult, Target } from '../replay/result.js';
import { count, renderTotals, renderVerdict } from '../replay/verdict.js';
import { renderProblem, ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';
import { CannotRun } from './cannot-run.js';
import type { Io } from './io.js';
import { Progress, type Screen } from './progress.js';
import {
  type GithubEnvironment,
  type ReportFile,
  readReportFiles,
  tellGithub,
  tellGithubOfProblems,
  writeReports,
} from './report-files.js';
import { guideByLines } from './step.js';

/** The seed of a replay's own sandbox: with it the clock stands, and ids and generated values repeat. */
export const REPLAY_SEED = 'replay';

export interface ReplayArguments {
  /** Names of scenarios that ship, files and folders. */
  scenarios: string[];
  /** Base URL of a sandbox or of Klarna; a sandbox of its own unless given. */
  target?: string;
  /** Credentials for the target. On a sandbox the names of merchants begin with the user name. */
  username?: string;
  password?: string;
  /** Only scenarios with one of these. */
  tag?: string[];
  /** Stop after the first that fails. */
  bail?: boolean;
  /** Reports to write, such as `html=report.html,md=report.md`. */
  report?: string[];
  /** Tell each step, its answer and what was tokenized. */
  verbose?: boolean;
  /** Go one step at a time, each when a line of the input says so. */
  step?: boolean;
}

/** What the command needs of the world around it. */
export interface ReplayWorld {
  /** Starts a sandbox with the given seed on a free port of loopback. */
  startSandbox(options: { seed: string }): Promise<{ url: string; close(): Promise<void> }>;
  stdin: Io['stdin'];
  stdout: Screen;
  stderr: Screen;
  env?: GithubEnvironment;
}

/** Where to play, and how. */
interface Place {
  target: Target;
  options: RunOptions;
  close(): Promise<void>;
}

/**
 * Plays scenarios.
 * @returns the exit code: 0 all went well, 1 a scenario failed or none was played, 2 a file cannot be used
 * @throws {CannotRun} when the target does not answer or a report cannot be written
 */
export async function replay(args: ReplayArguments, world: ReplayWorld): Promise<number> {
  const files = readReportFiles(args.report ?? []);
  const scenarios = await choose(args, world);
  if (typeof scenarios === 'number') return scenarios;
  if (args.step && scenarios.length > 1) throw new CannotRun(`--step plays one scenario, not ${scenarios.length}`);
  const place = await findPlace(args, world);
  const { sandbox = true } = place.options;
  const guide = args.step ? guideByLines(world, { sandbox, own: args.target === undefined }) : undefined;
  try {
    return await run(scenarios, { ...place, options: { ...place.options, guide } }, { ...args, files }, world);
  } finally {
    guide?.close();
    await place.close();
  }
}

/** The scenarios to play, or the exit code when there are none. */
async function choose(
  { scenarios: words, tag = [] }: ReplayArguments,
  world: ReplayWorld,
): Promise<Scenario[] | number> {
  const { stdout, stderr, env = {} } = world;
  let all: Scenario[];
  try {
    all = await chooseScenarios(words);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    for (const problem of error.problems) stderr.write(`${renderProblem(problem)}\n`);
    tellGithubOfProblems(env, error.problems, (line) => stdout.write(`${line}\n`));
    return 2;
  }
  const chosen = withTags(all, tag);
  if (chosen.length > 0) return chosen;
  const why =
    all.length === 0
      ? `no .yaml, .yml or .json file in ${words.join(', ')}`
      : `no scenario has the tag ${tag.join(' or ')}${hintAtTag(all, tag)}`;
  stderr.write(`nothing to replay: ${why}\n`);
  return 1;
}

async function findPlace({ target: url, ...given }: ReplayArguments, { startSandbox }: ReplayWorld): Promise<Place> {
  const { username = 'replay', password = 'replay' } = given;
  if (url === undefined) {
    const sandbox = await startSandbox({ seed: REPLAY_SEED });
    const target = { url: sandbox.url, username, password, host: ANY_HOST };
    return { target, options: { seed: REPLAY_SEED }, close: () => sandbox.close() };
  }
  const sandbox = await isSandbox(url);
  if (typeof sandbox === 'object') throw new CannotRun(`--target: ${url} does not answer (${sandbox.trouble})`);
  if (!sandbox && (given.username === undefined || given.password === undefined)) {
    throw new CannotRun(`--target: ${url} is no sandbox; it needs --username and --password`);
  }
  return { target: { url, username, password }, options: { sandbox, anew: true }, close: async () => {} };
}

async function run(
  scenarios: readonly Scenario[],
  { target, options }: Place,
  { bail, files, verbose }: Pick<ReplayArguments, 'bail' | 'verbose'> & { files: ReportFile[] },
  { stdout, stderr, env = {} }: ReplayWorld,
): Promise<number> {
  // Between the lines of a guide there is no room for a line that changes.
  const progress = new Progress(options.guide ? { write: (text) => stdout.write(text) } : stdout);
  const done: ScenarioResult[] = [];
  const showProgress = () =>
    progress.show(`${done.length} of ${scenarios.length}: ${renderTotals(count(done, done.length))}`);
  showProgress();
  const results = await replayScenarios(scenarios, target, {
    ...options,
    bail,
    onResult(result) {
      done.push(result);
      if (verbose) tellSteps(result, progress);
      progress.say(renderVerdict(result));
      showProgress();
    },
  });
  progress.show('');
  const totals = count(results, scenarios.length);
  progress.say(renderTotals(totals));
  const report = makeReport(results, scenarios.length, options.sandbox === false ? undefined : target.url);
  await tellGithub(env, report, (line) => progress.say(line));
  await writeReports(report, files);
  if (totals.passed + totals.failed === 0) stderr.write('nothing was replayed: every scenario was skipped\n');
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1;
}

function tellSteps({ scenario, steps }: ScenarioResult, progress: Progress): void {
  progress.say(narrateScenario(scenario));
  for (const step of steps) progress.say(narrateStep(step));
}
