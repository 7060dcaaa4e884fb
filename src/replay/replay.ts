import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ask, ControlError } from '../client/control.js';
import { inOrder } from '../client/in-order.js';
import type { Target } from '../client/target.js';
import { type WallClock, wallClock } from '../exchange/wall-clock.js';
import type { ReportedScenario } from '../report/replay.js';
import { counted } from '../report/summary.js';
import { ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';
import { chooseScenarios } from './choose.js';
import {
  Merchants,
  NO_STANDING_CLOCK,
  needsReceiver,
  needsSandbox,
  needsStandingClock,
  reachesLoopback,
} from './merchants.js';
import { paymentMethodOf } from './payment-method.js';
import { type Guide, replayByHand, replayScenario } from './play.js';
import type { PlayerOptions } from './player.js';
import { openReceiver } from './receiver.js';
import { makeReport } from './report.js';
import { hasFailed, type ScenarioResult } from './result.js';
import { warningsOf } from './warnings.js';
import { Watch } from './watch.js';

/** Options of a replay of several scenarios. */
export interface RunOptions extends Pick<PlayerOptions, 'seed' | 'before' | 'onAnswer'> {
  /** The target is a sandbox; true unless given. */
  sandbox?: boolean;
  /** Reset the scenarios' own merchants first: for a sandbox that others use as well. */
  anew?: boolean;
  /** Skip the looks at clock and tokens after each step on a sandbox, and the warnings. */
  blind?: boolean;
  /** A scenario with warnings fails. */
  strict?: boolean;
  /** Nothing is played after the first scenario that fails. */
  bail?: boolean;
  /** Directs the replay step by step. */
  guide?: Guide;
  /** Real time, by which scenarios are timed unless a seed makes the run repeat. */
  clock?: Pick<WallClock, 'monotonic'>;
  /** Called with the result of each scenario, in their order. */
  onResult?: (result: ScenarioResult) => void;
}

/** The number of scenarios that are played at once on a sandbox: so many that others go on while some wait in vain. */
const PARALLEL = 16;

/**
 * Plays scenarios. On a sandbox several at once, each as a merchant of its own whose name begins with the target's user
 * name. On any other target one after the other as the target's user name, those that need a sandbox being skipped.
 * @returns the results in the order of the scenarios; with `bail` up to the first that failed
 */
export function replayScenarios(
  scenarios: readonly Scenario[],
  target: Target,
  options: RunOptions = {},
): Promise<ScenarioResult[]> {
  const { sandbox = true, bail = false, seed, clock = wallClock, onResult } = options;
  const merchants = new Merchants(target.username);
  // Named before the first is played, so that names do not depend on which is played first.
  const items = scenarios.map((scenario) => ({
    scenario,
    merchant: sandbox ? merchants.of(scenario) : target.username,
  }));
  return inOrder(items, {
    parallel: sandbox ? PARALLEL : 1,
    // A merchant is one world: scenarios that name the same one follow each other.
    lane: ({ scenario }) => scenario.merchant,
    work: async ({ scenario, merchant }) => {
      const skipped = whySkip(scenario, target.url, sandbox);
      if (skipped) return { scenario, merchant, passed: false, skipped, steps: [] };
      const own = { ...target, username: merchant };
      const began = clock.monotonic();
      const result = await (sandbox ? replayOnSandbox(scenario, own, options) : replaySteps(scenario, own, options));
      return seed === undefined ? { ...result, seconds: Math.round(clock.monotonic() - began) / 1000 } : result;
    },
    last: (result) => bail && hasFailed(result),
    onResult,
  });
}

function whySkip(scenario: Scenario, url: string, sandbox: boolean): string | undefined {
  if (scenario.steps.length === 0) return 'has no steps';
  if (!sandbox && needsSandbox(scenario)) return 'needs a sandbox';
  return needsReceiver(scenario) && !reachesLoopback(url)
    ? 'needs a target on this machine, which its receiver is on'
    : undefined;
}

/** Milliseconds after which a running clock shows another time. */
const MOMENT = 5;

/** Returns the reason why a scenario that needs a standing clock cannot be played; undefined where it can. */
async function whyClock(scenario: Scenario, target: Target): Promise<string | undefined> {
  if (!needsStandingClock(scenario)) return undefined;
  const before = await ask(target, 'readClock');
  await pause(MOMENT);
  const after = await ask(target, 'readClock');
  const stands = before.status !== 200 || isDeepStrictEqual(before.body, after.body);
  return stands ? undefined : NO_STANDING_CLOCK;
}

/** Plays the steps, with a receiver for their callbacks where they name one. */
async function replaySteps(
  scenario: Scenario,
  target: Target,
  { guide, blind, strict, seed, before, onAnswer }: RunOptions,
  watch?: Watch,
): Promise<ScenarioResult> {
  const receiver = needsReceiver(scenario) ? await openReceiver(scenario) : undefined;
  const look: PlayerOptions['look'] = watch && !blind ? (step, username) => watch.look(step, username) : undefined;
  const paymentMethod: PlayerOptions['paymentMethod'] =
    watch && ((paid, username) => paymentMethodOf({ ...target, username }, paid));
  const options = { seed, before, onAnswer, paymentMethod, look, receiver };
  try {
    const result = guide
      ? await replayByHand(scenario, target, guide, options)
      : await replayScenario(scenario, target, options);
    if (blind) return result;
    const seen = (await watch?.finish(scenario)) ?? {};
    return withWarnings({ ...result, ...(receiver ? receiver.hide(seen) : seen) }, strict);
  } finally {
    await receiver?.close();
  }
}

/** Adds the warnings of a scenario; with `strict` it has not passed where there are any. */
function withWarnings(result: ScenarioResult, strict = false): ScenarioResult {
  const warnings = warningsOf(result);
  if (warnings.length === 0) return result;
  if (!strict || !result.passed) return { ...result, warnings };
  return {
    ...result,
    warnings,
    passed: false,
    trouble: `it went well, but with ${counted(warnings.length, 'warning')}`,
  };
}

async function replayOnSandbox(scenario: Scenario, target: Target, options: RunOptions): Promise<ScenarioResult> {
  const watch = new Watch(target);
  // A merchant that the scenario names may have a scenario of its own, and is not reset.
  const named = scenario.merchant !== undefined;
  try {
    const skipped = await whyClock(scenario, target);
    if (skipped) return { scenario, merchant: target.username, passed: false, skipped, steps: [] };
    await watch.begin(scenario, options.anew === true && !named);
    const result = await replaySteps(scenario, target, options, watch);
    if (named) await watch.end(scenario);
    return result;
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return { scenario, merchant: target.username, passed: false, trouble: error.message, steps: [] };
  }
}

/** Options of playing one scenario on a sandbox. */
export interface PlayOptions {
  seed?: string;
  /** Play as the target's user name and no other, because the sandbox knows its merchants. */
  known: boolean;
  /** Fail where something of it tested nothing. */
  strict?: boolean;
}

/** Plays a scenario on a sandbox. */
export async function playGiven(
  given: Scenario,
  target: Target,
  { seed, known, strict }: PlayOptions,
): Promise<ReportedScenario> {
  const merchant = given.merchant ?? (known ? target.username : undefined);
  const results = await replayScenarios([{ ...given, merchant }], target, { seed, strict, anew: true });
  return makeReport(results, 1).scenarios[0] as ReportedScenario;
}

/**
 * Plays a scenario on a sandbox: that of a name or file, or the content of a file as an object.
 * @throws ScenarioError when there is no such scenario, or more than one, or it has mistakes
 */
export async function playScenario(
  given: string | object,
  target: Target,
  options: PlayOptions,
): Promise<ReportedScenario> {
  return playGiven(typeof given === 'string' ? await chooseOne(given) : await readObject(given), target, options);
}

async function chooseOne(nameOrFile: string): Promise<Scenario> {
  const [scenario, ...others] = await chooseScenarios([nameOrFile]);
  if (scenario && others.length === 0) return scenario;
  const message = scenario ? `${others.length + 1} scenarios, where one can be played` : 'no scenario in there';
  throw new ScenarioError([{ path: nameOrFile, line: 1, column: 1, message }]);
}

async function readObject(content: object): Promise<Scenario> {
  // Loaded at first use: most replays play files, and most of those are known without being parsed.
  const { readInline } = await import('../scenario/inline.js');
  return readInline(content);
}
