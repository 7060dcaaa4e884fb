import type { Scenario } from '../scenario/scenario.js';
import { chooseCases, verifyCases } from '../verify/cases.js';
import { makePace, type PaceClock } from '../verify/pace.js';
import { makeReport, type Verified } from '../verify/verified.js';
import { chooseOrReport } from './choose.js';
import { type ConclusionOptions, type ConclusionWorld, conclude, readConclusion } from './conclude.js';
import { findPlace, type Place, type PlaceOptions, type PlaceWorld } from './place.js';
import { Progress, type Screen } from './progress.js';
import { findFiles, type RecordingOptions, verifyFiles } from './recordings.js';

/** Number of generated requests between two changes of the line of progress. */
const PROGRESS_STEP = 100;

/** User name, password and seed for a verification's own sandbox. */
const VERIFY = 'verify';

/** Arguments of `mock-klarna verify`. */
export interface VerifyArguments extends PlaceOptions, ConclusionOptions, RecordingOptions {
  /** Names of contract cases that ship, files and folders; if empty, all that ship, or none beside other files. */
  cases: string[];
  /** Number of valid, and of nearly valid, requests to generate for every operation. */
  generate?: number;
  /** Seed for the generated requests. */
  seed?: string;
}

/** The environment of `mock-klarna verify`. */
export interface VerifyWorld extends ConclusionWorld, PlaceWorld {
  stdout: Screen;
  /** Clock of real time, to keep within a target's rate limits. */
  clock?: PaceClock;
}

/**
 * Judges whether a target answers as the contract cases and the contracts demand.
 * @returns the exit code: 0 fine, 1 findings that count, 2 nothing judged or a file cannot be used
 * @throws {CannotRun} when the target does not answer or a file cannot be written
 */
export async function verify(args: VerifyArguments, world: VerifyWorld): Promise<number> {
  const how = await readConclusion(args);
  const files = await findFiles(args);
  const cases = files && args.cases.length === 0 ? [] : await chooseOrReport(() => chooseCases(args.cases), world);
  if (!cases) return 2;
  const place = await findPlace(args, world, VERIFY);
  try {
    const parts = cases.length > 0 ? [await playCases(cases, place, world)] : [];
    if (args.generate !== undefined) parts.push(await sendGenerated(args.generate, args.seed, place, world));
    if (files) parts.push(...(await verifyFiles(files, place, world.stdout)));
    return await conclude(makeReport('verify', { title: 'Contract', target: place.name }, parts), how, world);
  } finally {
    await place.close();
  }
}

async function sendGenerated(
  count: number,
  seed: string | undefined,
  { target, sandbox }: Place,
  { stdout }: VerifyWorld,
): Promise<Verified> {
  const { verifyGenerated } = await import('../verify/generate/generated.js');
  const progress = new Progress(stdout);
  let sent = 0;
  const verified = await verifyGenerated(target, {
    count,
    seed: seed ?? VERIFY,
    sandbox,
    onRequests(more) {
      sent += more;
      if (sent % PROGRESS_STEP === 0) progress.show(`${sent} generated requests`);
    },
  });
  progress.show('');
  return verified;
}

async function playCases(cases: readonly Scenario[], place: Place, { stdout, clock }: VerifyWorld): Promise<Verified> {
  const progress = new Progress(stdout);
  const tell = (done: number, findings: number) =>
    progress.show(`${done} of ${cases.length} cases, ${findings} findings`);
  tell(0, 0);
  const { target, sandbox, seed } = place;
  const verified = await verifyCases(target, cases, {
    sandbox,
    seed,
    ...(!sandbox && { before: makePace(clock) }),
    onCase: tell,
  });
  progress.show('');
  return verified;
}
