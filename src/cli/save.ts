import { allPages } from '../client/all-pages.js';
import type { Journal } from '../exchange/exchange.js';
import { saveJournal } from '../replay/save/save.js';
import { writeFileFor } from './files.js';
import type { Io } from './io.js';
import { CannotRun } from './io.js';
import { insistOnSandbox, refusedBy } from './sandbox.js';

/** Options of `mock-klarna save`. */
export interface SaveOptions {
  /** Base URL of the sandbox. */
  target: string;
  /** User name of the merchant whose journal is saved; that of the examples by default. */
  username?: string;
  password?: string;
  /** Path of the file to write; an existing one is overwritten. */
  out: string;
}

/**
 * Writes the journal of a merchant as a scenario file; parts that it cannot contain are listed on stderr.
 * @returns the exit code: 0
 * @throws {CannotRun} when the journal cannot be read, has nothing to save, or the file cannot be written
 */
export async function save(options: SaveOptions, { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): Promise<number> {
  const { target: url, out, username = 'shop', password = 'secret' } = options;
  const { text, calls, notes } = saveJournal(await readJournal({ url, username, password }), username);
  for (const note of notes) stderr.write(`not saved: ${note}\n`);
  if (text === undefined) {
    throw new CannotRun(`nothing to save: no call in the journal of ${username} at ${url}; --username names another`);
  }
  await writeFileFor('--out', out, text);
  stdout.write(`${out}  ${calls === 1 ? '1 call' : `${calls} calls`} of ${username}\n`);
  return 0;
}

async function readJournal(target: { url: string; username: string; password: string }): Promise<Journal> {
  await insistOnSandbox(target.url);
  try {
    return (await allPages(target, 'readJournal')) as Journal;
  } catch (error) {
    throw refusedBy(target.url, target.username, error);
  }
}
