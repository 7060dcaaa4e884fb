import { chooseScenarios, hintAtTag, withTags } from '../replay/choose.js';
import { narrateScenario, narrateStep } from '../replay/narrate.js';
import { type RunOptions, replayScenarios } from '../replay/replay.js';
import { count, makeReport, renderVerdict } from '../replay/report.js';
import type { ScenarioResult } from '../replay/result.js';
import { renderTotals } from '../report/replay.js';
import type { Scenario } from '../scenario/scenario.js';
import { noScenarioIn } from '../scenario/scenario-file.js';
import { chooseOrReport } from './choose.js';
import type { Io } from './io.js';
import { CannotRun } from './io.js';
import { openScenarios } from './own-scenarios.js';
import { findPlace, type Place, type PlaceOptions, type PlaceWorld } from './place.js';
import { Progress, type Screen } from './progress.js';
import { type GithubEnvironment, isGithub, type ReportFile, readReportFiles, writeReports } from './report-files.js';
import { guideByLines } from './step.js';

/** The seed of a replay's own sandbox. With it the clock stands still, and ids and generated values repeat. */
export const REPLAY_SEED = 'replay';

/** Arguments of `mock-klarna replay`. */
export interface ReplayArguments extends PlaceOptions {
  /** Names of scenarios, files and folders. */
  scenarios: string[];
  /** Folders of scenarios of the user's own, found by name beside those that ship. */
  own?: string[];
  /** Tags: only scenarios with one of them are played. */
  tag?: string[];
  /** True to stop after the first scenario that fails. */
  bail?: boolean;
  /** True to fail when a part of a scenario tested nothing. */
  strict?: boolean;
  /** Reports to write, such as `html=report.html,md=report.md`. */
  report?: string[];
  /** True to print each step, its answer and the payment methods tokenized. */
  verbose?: boolean;
  /** True to play one step at a time, by commands from the input. */
  step?: boolean;
}

/** The environment of `mock-klarna replay`. */
export interface ReplayWorld extends PlaceWorld {
  stdin: Io['stdin'];
  stdout: Screen;
  stderr: Screen;
  env?: GithubEnvironment;
}

/**
 * Plays scenarios.
 * @returns the exit code: 0 all went well, 1 a scenario failed, 2 none was played or a file cannot be used
 * @throws {CannotRun} when the target does not answer or a report cannot be written
 */
export async function replay(args: ReplayArguments, world: ReplayWorld): Promise<number> {
  const files = readReportFiles(args.report ?? []);
  const scenarios = await choose(args, world);
  if (typeof scenarios === 'number') return scenarios;
  if (args.step && scenarios.length > 1) throw new CannotRun(`--step plays one scenario, not ${scenarios.length}`);
  const place = await findPlace(args, world, REPLAY_SEED);
  const own = args.target === undefined;
  const guide = args.step ? guideByLines(world, { sandbox: place.sandbox, own }) : undefined;
  try {
    return await run(scenarios, place, { ...args, files, guide }, world);
  } finally {
    guide?.close();
    await place.close();
  }
}

/** Returns the scenarios to play, or the exit code when there are none. */
async function choose(
  { scenarios: words, own, tag = [] }: ReplayArguments,
  world: ReplayWorld,
): Promise<Scenario[] | number> {
  const all = await chooseOrReport(() => chooseScenarios(words, openScenarios(own, world)), world);
  if (!all) return 2;
  const chosen = withTags(all, tag);
  if (chosen.length > 0) return chosen;
  const why =
    all.length === 0 ? noScenarioIn(words) : `no scenario has the tag ${tag.join(' or ')}${hintAtTag(all, tag)}`;
  world.stderr.write(`nothing to replay: ${why}\n`);
  return 2;
}

async function run(
  scenarios: readonly Scenario[],
  { target, sandbox, seed, name }: Place,
  {
    bail,
    files,
    guide,
    strict,
    verbose,
  }: Pick<ReplayArguments, 'bail' | 'strict' | 'verbose'> & { files: ReportFile[]; guide?: RunOptions['guide'] },
  { stdout, stderr, env = {} }: ReplayWorld,
): Promise<number> {
  // A guide's lines leave no room for a line of progress.
  const progress = new Progress(guide ? { write: (text) => stdout.write(text) } : stdout);
  const done: ScenarioResult[] = [];
  const showProgress = () =>
    progress.show(`${done.length} of ${scenarios.length}: ${renderTotals(count(done, done.length))}`);
  showProgress();
  const results = await replayScenarios(scenarios, target, {
    seed,
    sandbox,
    anew: seed === undefined,
    bail,
    strict,
    guide,
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
  if (files.length > 0 || isGithub(env)) {
    const report = makeReport(results, scenarios.length, sandbox ? target.url : undefined, name);
    await writeReports(report, { files, env, say: (line) => progress.say(line) });
  }
  if (totals.failed > 0) return 1;
  if (totals.passed > 0) return 0;
  stderr.write('nothing was replayed: every scenario was skipped\n');
  return 2;
}

function tellSteps({ scenario, steps }: ScenarioResult, progress: Progress): void {
  progress.say(narrateScenario(scenario));
  for (const step of steps) progress.say(narrateStep(step));
}
