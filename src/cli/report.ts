import { ControlError, control } from '../client/control.js';
import { isSandbox } from '../client/find-target.js';
import type { HarnessReport } from '../report/finding.js';
import { type ConclusionOptions, type ConclusionWorld, conclude, readConclusion } from './conclude.js';
import { CannotRun } from './io.js';

export interface ReportArguments extends ConclusionOptions {
  /** Base URL of the sandbox. */
  url: string;
  /** User name of the merchant; every merchant of the sandbox unless given. */
  merchant?: string;
  password: string;
  /** Ids of checks to leave out, with `@` and a pattern of user names for some merchants only; those of one text are parted by commas. */
  off?: string[];
  /** A Pact file to write what the merchant's journal saw to. */
  pact?: string;
}

/**
 * Tells how right a shop is: what a sandbox has seen of it.
 * @returns the exit code: 0 fine, 1 findings that count, or nothing seen
 * @throws {CannotRun} when there is no sandbox, it gives no report, or a file cannot be used
 */
export async function report(args: ReportArguments, world: ConclusionWorld): Promise<number> {
  const how = await readConclusion(args, { covers: true });
  const { url, merchant, password, pact } = args;
  if (pact !== undefined && merchant === undefined) {
    throw new CannotRun('--pact: a Pact file is of one merchant; name it with --merchant');
  }
  const told = await fetchReport(args);
  if (pact !== undefined) {
    const { savePact } = await import('./recordings.js');
    const saved = await savePact(pact, { url, username: String(merchant), password });
    if (!saved) world.stderr.write(`--pact: not written, since nothing of it is in the journal of ${merchant}\n`);
  }
  return conclude(told, how, world);
}

/** Whoever asks for the report of all merchants; where any credentials work, any name will do. */
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
