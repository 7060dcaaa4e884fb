import { allPages } from '../client/all-pages.js';
import type { Target } from '../client/target.js';
import { senderOf } from '../exchange/call.js';
import type { Exchange } from '../exchange/exchange.js';
import { findRecordings, type RecordingKind } from '../exchange/files.js';
import { writePact } from '../exchange/pact.js';
import { Unreadable } from '../exchange/recorded.js';
import { redactExchanges } from '../exchange/redact.js';
import { verifyPacts } from '../verify/pact.js';
import { verifyRecordings } from '../verify/recordings/verify.js';
import type { Verified } from '../verify/verified.js';
import { writeFileFor } from './files.js';
import { CannotRun } from './io.js';
import type { Place } from './place.js';
import { Progress, type Screen } from './progress.js';

/**
 * Writes a merchant's journal as a Pact file, without exchanges of the harness.
 * @returns false when there was nothing to write
 * @throws {CannotRun} when the file cannot be written
 */
export async function savePact(file: string, target: Target): Promise<boolean> {
  const { username } = target;
  const { items } = await allPages(target, 'readJournal').catch((error: Error) => {
    throw new CannotRun(`--write-pact: ${error.message}`);
  });
  const own = (items as Exchange[]).reverse().filter((exchange) => senderOf(exchange) === undefined);
  const redacted = redactExchanges([{ username, exchanges: own }]);
  const text = writePact([...redacted.values()], username);
  if (text !== undefined) await writeFileFor('--write-pact', file, text);
  return text !== undefined;
}

/** Options that name files to judge. */
export interface RecordingOptions {
  /** Recordings (HAR) as browsers, proxies and Polly.JS write them; files and folders. */
  har?: string[];
  /** Recordings as VCR, vcrpy and their like write them. */
  cassette?: string[];
  /** Files of Pact interactions, written by a shop's tests. */
  pact?: string[];
}

/** The paths of the files to judge. */
export interface RecordingFiles {
  recordings: string[];
  pacts: string[];
}

/**
 * Finds the files to judge.
 * @returns undefined when no option names any
 * @throws {CannotRun} when one of them does not exist, or no folder contains any
 */
export async function findFiles({ har, cassette, pact }: RecordingOptions): Promise<RecordingFiles | undefined> {
  if (!har && !cassette && !pact) return undefined;
  const recordings = [...(await find('har', har)), ...(await find('cassette', cassette))];
  return { recordings: [...new Set(recordings)], pacts: await find('pact', pact) };
}

async function find(kind: RecordingKind, words: readonly string[] = []): Promise<string[]> {
  let found: string[];
  try {
    found = await findRecordings(words, kind);
  } catch (error) {
    if (error instanceof Unreadable) throw new CannotRun(`--${kind}: ${error.message}`);
    const { path, code } = error as NodeJS.ErrnoException;
    throw new CannotRun(`--${kind}: ${path} cannot be read (${code})`);
  }
  if (words.length > 0 && found.length === 0) throw new CannotRun(`--${kind}: no file in ${words.join(', ')}`);
  return found;
}

/**
 * Judges recordings and Pact files by comparison with a sandbox.
 * @throws {CannotRun} when the target is no sandbox
 */
export async function verifyFiles(
  { recordings, pacts }: RecordingFiles,
  { target, sandbox }: Pick<Place, 'target' | 'sandbox'>,
  stdout: Screen,
): Promise<Verified[]> {
  if (!sandbox) {
    throw new CannotRun(
      '--har, --cassette, --pact: are judged beside a sandbox; leave --target out, or name a sandbox',
    );
  }
  const progress = new Progress(stdout);
  const parts: Verified[] = [];
  if (recordings.length > 0) {
    const onFile = (done: number, findings: number) =>
      progress.show(`${done} of ${recordings.length} recordings, ${findings} findings`);
    parts.push(await verifyRecordings(target, recordings, { onFile }));
  }
  if (pacts.length > 0) parts.push(await verifyPacts(target, pacts));
  progress.show('');
  return parts;
}
