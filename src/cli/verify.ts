import type { Scenario } from '../scenario/scenario.js';
import { chooseCases, verifyCases } from '../verify/cases.js';
import { makePace, type PaceClock } from '../verify/pace.js';
import { makeReport, type Verified } from '../verify/verified.js';
import { chooseOrTell } from './choose.js';
import { type ConclusionOptions, type ConclusionWorld, conclude, readConclusion } from './conclude.js';
import { findPlace, type Place, type PlaceOptions, type PlaceWorld } from './place.js';
import { Progress, type Screen } from './progress.js';
import { findFiles, type RecordingOptions, verifyFiles } from './recordings.js';

/** The line of progress changes every so many generated requests. */
const PROGRESS_STEP = 100;

/** User name, password and seed of a verification's own sandbox. */
const VERIFY = 'verify';

export interface VerifyArguments extends PlaceOptions, ConclusionOptions, RecordingOptions {
  /** Names of contract cases that ship, files and folders; none: all that ship, unless there are other files to judge. */
  cases: string[];
  /** So many valid and so many nearly valid requests are made of every operation. */
  generate?: number;
  /** Which of them are made. */
  seed?: string;
}

export interface VerifyWorld extends ConclusionWorld, PlaceWorld {
  stdout: Screen;
  /** Real time, for a target that limits calls. */
  clock?: PaceClock;
}

/**
 * Judges a target: whether it answers as the contract cases say, and by the contracts.
 * @returns the exit code: 0 fine, 1 findings that count or nothing judged, 2 a file cannot be used
 * @throws {CannotRun} when the target does not answer or a file cannot be written
 */
export async function verify(args: VerifyArguments, world: VerifyWorld): Promise<number> {
  const how = await readConclusion(args);
  const files = await findFiles(args);
  const cases = files && args.cases.length === 0 ? [] : await chooseOrTell(() => chooseCases(args.cases), world);
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
