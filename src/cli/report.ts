import { control } from '../client/control.js';
import type { HarnessReport } from '../report/finding.js';
import { type ConclusionOptions, type ConclusionWorld, conclude, readConclusion } from './conclude.js';
import { CannotRun } from './io.js';
import { ANYBODY, insistOnSandbox, refusedBy } from './sandbox.js';

/** Arguments of `mock-klarna report`. */
export interface ReportArguments extends ConclusionOptions {
  /** Base URL of the sandbox. */
  target: string;
  /** User name of the merchant; by default all merchants of the sandbox. */
  username?: string;
  password?: string;
  /** Checks to leave out: lists of ids, separated by commas; `@` and a pattern of user names limit one to merchants. */
  off?: string[];
  /** Path of a Pact file to write from the merchant's journal. */
  writePact?: string;
}

/**
 * Reports the findings about a shop from the journal of a sandbox.
 * @returns the exit code: 0 fine, 1 findings that count, 2 nothing judged
 * @throws {CannotRun} when there is no sandbox, it gives no report, or a file cannot be used
 */
export async function report(args: ReportArguments, world: ConclusionWorld): Promise<number> {
  const how = await readConclusion(args, { covers: true });
  const { target, username, password = 'secret', writePact: pact } = args;
  if (pact !== undefined && username === undefined) {
    throw new CannotRun('--write-pact: a Pact file is of one merchant; name it with --username');
  }
  const fetched = await fetchReport({ ...args, password });
  if (pact !== undefined) {
    const { savePact } = await import('./recordings.js');
    const saved = await savePact(pact, { url: target, username: String(username), password });
    if (!saved) world.stderr.write(`--write-pact: not written, since nothing of it is in the journal of ${username}\n`);
  }
  return conclude(fetched, how, world);
}

async function fetchReport({
  target: url,
  username,
  password,
  off = [],
}: ReportArguments & { password: string }): Promise<HarnessReport> {
  await insistOnSandbox(url);
  const target = { url, username: username ?? ANYBODY, password };
  const query = {
    ...(username === undefined && { merchants: 'all' }),
    ...(off.length > 0 && { off: off.join(',') }),
  };
  try {
    return await control(target, 'readReport', { query });
  } catch (error) {
    throw refusedBy(url, username, error);
  }
}
