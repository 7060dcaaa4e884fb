import { ControlError, control } from '../client/control.js';
import { isSandbox } from '../client/find-target.js';
import type { HarnessReport } from '../report/finding.js';
import { type ConclusionOptions, type ConclusionWorld, conclude, readConclusion } from './conclude.js';
import { CannotRun } from './io.js';

/** Arguments of `mock-klarna report`. */
export interface ReportArguments extends ConclusionOptions {
  /** Base URL of the sandbox. */
  url: string;
  /** User name of the merchant; by default all merchants of the sandbox. */
  merchant?: string;
  password: string;
  /** Checks to leave out: lists of ids, separated by commas; `@` and a pattern of user names limit one to merchants. */
  off?: string[];
  /** Path of a Pact file to write from the merchant's journal. */
  pact?: string;
}

/**
 * Reports the findings about a shop from the journal of a sandbox.
 * @returns the exit code: 0 fine, 1 findings that count, 2 nothing judged
 * @throws {CannotRun} when there is no sandbox, it gives no report, or a file cannot be used
 */
export async function report(args: ReportArguments, world: ConclusionWorld): Promise<number> {
  const how = await readConclusion(args, { covers: true });
  const { url, merchant, password, pact } = args;
  if (pact !== undefined && merchant === undefined) {
    throw new CannotRun('--pact: a Pact file is of one merchant; name it with --merchant');
  }
  const fetched = await fetchReport(args);
  if (pact !== undefined) {
    const { savePact } = await import('./recordings.js');
    const saved = await savePact(pact, { url, username: String(merchant), password });
    if (!saved) world.stderr.write(`--pact: not written, since nothing of it is in the journal of ${merchant}\n`);
  }
  return conclude(fetched, how, world);
}

/** User name for the report of all merchants; any name is accepted when the sandbox has no merchants file. */
const ANYBODY = 'report';

async function fetchReport({ url, merchant, password, off = [] }: ReportArguments): Promise<HarnessReport> {
  const sandbox = await isSandbox(url);
  if (typeof sandbox === 'object') throw new CannotRun(`--url: ${url} does not answer (${sandbox.trouble})`);
  if (!sandbox) throw new CannotRun(`--url: ${url} is no sandbox; mock-klarna serve starts one`);
  const target = { url, username: merchant ?? ANYBODY, password };
  const query = {
    ...(merchant === undefined && { merchants: 'all' }),
    ...(off.length > 0 && { off: off.join(',') }),
  };
  try {
    return await control(target, 'readReport', { query });
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    throw new CannotRun(error.status === 401 ? unknown(url, merchant) : `${url}: ${error.message}`);
  }
}

const unknown = (url: string, merchant: string | undefined): string =>
  merchant === undefined
    ? `${url} knows its merchants: name one with --merchant and --password`
    : `${url} does not know --merchant ${merchant} by that --password`;
