import { stat } from 'node:fs/promises';
import { isSandbox } from '../client/find-target.js';
import { readRecording } from '../exchange/files.js';
import { chooseCases } from '../verify/cases.js';
import type { Side } from '../verify/drift/differences.js';
import { compareSides } from '../verify/drift/drift.js';
import { makePace, type PaceClock } from '../verify/pace.js';
import { makeReport } from '../verify/verified.js';
import { chooseOrReport } from './choose.js';
import { type ConclusionOptions, type ConclusionWorld, conclude, readConclusion } from './conclude.js';
import { CannotRun } from './io.js';
import { readTarget } from './place.js';

/** User name and password for a sandbox whose URL has none. */
const DRIFT = 'drift';

/** Arguments of `mock-klarna drift`. */
export interface DriftArguments extends ConclusionOptions {
  /** Each a base URL, with credentials if needed, or the path of a recording. */
  sides: readonly [string, string];
  /** Names of contract cases that ship, files and folders; all that ship if empty. */
  cases: string[];
  /** Credentials for targets whose URLs have none. */
  username?: string;
  password?: string;
}

/** The environment of `mock-klarna drift`. */
export interface DriftWorld extends ConclusionWorld {
  /** Clock of real time, to keep within a target's rate limits. */
  clock?: PaceClock;
  /** Longest wait in ms for a target to tell whether it is a sandbox; ten seconds by default. */
  patience?: number;
}

/**
 * Compares two targets or recordings and reports the differences.
 * @returns the exit code: 0 none, 1 differences, 2 nothing that could be compared, or a file of cases cannot be used
 * @throws {CannotRun} when a target does not answer, or a file is no recording
 */
export async function drift({ sides, cases: words, ...options }: DriftArguments, world: DriftWorld): Promise<number> {
  const { username, password } = options;
  const how = await readConclusion(options);
  const cases = await chooseOrReport(() => chooseCases(words), world);
  if (!cases) return 2;
  const read = (side: string) => readSide(side, { username, password }, world);
  const both = [await read(sides[0]), await read(sides[1])] as const;
  const verified = await compareSides(both, cases);
  const target = `${both[0].name} and ${both[1].name}`;
  return conclude(makeReport('drift', { title: 'Drift', target }, [verified]), how, world);
}

/** Credentials that options give. */
type Credentials = Pick<DriftArguments, 'username' | 'password'>;

async function readSide(word: string, credentials: Credentials, world: DriftWorld): Promise<Side> {
  if (/^https?:\/\//i.test(word)) return findTarget(word, credentials, world);
  const file = await stat(word).catch(() => undefined);
  if (!file?.isFile()) throw new CannotRun(`${word} is neither a base URL nor a file`);
  const { exchanges, unjudged } = await readRecording(word);
  const [first] = unjudged;
  if (exchanges.length === 0) throw new CannotRun(`${word} ${first?.why ?? 'has no exchange'}`);
  return { kind: 'recording', name: word, exchanges, unjudged };
}

async function findTarget(word: string, credentials: Credentials, { clock, patience }: DriftWorld): Promise<Side> {
  if (!URL.canParse(word)) throw new CannotRun(`${word} is no base URL`);
  const given = new URL(word);
  const { hostname: name } = given;
  const own = given.username !== '' || given.password !== '';
  const { username, password } = own
    ? { username: decodeURIComponent(given.username), password: decodeURIComponent(given.password) }
    : credentials;
  given.username = '';
  given.password = '';
  const url = readTarget(given.href);
  const sandbox = await isSandbox(url, patience);
  if (typeof sandbox === 'object') throw new CannotRun(`${url} does not answer (${sandbox.trouble})`);
  if (!sandbox && !username) {
    throw new CannotRun(
      `${url} is no sandbox; it needs credentials: https://USER:PASSWORD@${given.host}, or --username and --password`,
    );
  }
  const target = {
    url,
    username: username || DRIFT,
    password: password || DRIFT,
    ...(sandbox && { harness: 'drift' as const }),
  };
  return { kind: 'target', name, target, sandbox, ...(!sandbox && { before: makePace(clock) }) };
}
