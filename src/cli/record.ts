import { join } from 'node:path';
import { isSandbox } from '../client/find-target.js';
import type { Unjudged } from '../exchange/recorded.js';
import { printable } from '../report/text.js';
import { isExposed } from '../server/exposure.js';
import { finishRecording } from '../verify/record/finish.js';
import { BODY_LIMIT, keep, RecordingJournal } from '../verify/record/journal.js';
import { describeExchange } from '../verify/record/live.js';
import { type LeftOver, PART, RecordingPart, readPart, TOLD } from '../verify/record/part.js';
import { type ProxiedExchange, startProxy } from '../verify/record/proxy.js';
import { type Conclusion, type ConclusionOptions, conclude, readConclusion } from './conclude.js';
import { makeFolderFor, writeFileFor } from './files.js';
import type { Io } from './io.js';
import { CannotRun } from './io.js';
import type { GithubEnvironment } from './report-files.js';

/** Arguments of `mock-klarna record`. */
export interface RecordArguments extends ConclusionOptions {
  /** Base URL of Klarna, or of a sandbox; not needed with `finish`. */
  target?: string;
  /** True to finish the recording that a run has left in the folder. */
  finish?: boolean;
  /** Folder for the HAR and the scenario. */
  out: string;
  port: number;
  host: string;
  /** Credentials sent to the target in place of the shop's; not written anywhere. */
  username?: string;
  password?: string;
  /** Lets other machines use the credentials. */
  open?: boolean;
  /** Further names by which it is called. */
  allowHost?: string[];
  quiet?: boolean;
}

/** The environment of `mock-klarna record`. */
export interface RecordWorld extends Io {
  env?: GithubEnvironment;
  /** Longest silence of the target in ms; a minute by default. */
  patience?: number;
}

/**
 * Runs a proxy between a shop and Klarna until a signal ends it, and then writes a HAR, a scenario and a report. With
 * `finish` it does the latter for a recording that was left.
 * @returns the exit code: 0 fine, 1 findings that count, 2 nothing judged
 * @throws {CannotRun} when it cannot listen or a file cannot be written
 */
export async function record(args: RecordArguments, world: RecordWorld): Promise<number> {
  const { out } = args;
  const how = await readConclusion(args);
  if (args.finish) {
    const left = await readPart(out);
    if (!left) throw new CannotRun(`--finish: no recording was left in ${out}`);
    return finish(left, out, how, world);
  }
  if (args.target === undefined) throw new CannotRun("required option '--target <url>' not specified");
  const target = new URL(args.target);
  const credentials = readCredentials(args);
  const exposed = credentials !== undefined && isExposed(args.host);
  if (exposed && !args.open) {
    throw new CannotRun(
      `--host: other machines reach ${args.host}, and the credentials of --username would be added to what they send; give --open to let everybody use them, or leave out --username and --password, so that each sends its own`,
    );
  }
  await makeFolderFor('--out', out);
  const part = await beginPart(out, target);
  const lost: Unjudged[] = [];
  try {
    const proxy = await listen({ target, credentials, part, lost }, args, world);
    if (exposed) {
      const line = `open to everybody who reaches ${args.host}: ${target.origin} with the credentials of --username\n`;
      world.stderr.write(line);
    }
    const own = credentials ? ' with the credentials of --username' : '';
    world.stdout.write(`mock-klarna records ${proxy.url} on its way to ${target.origin}${own}\n`);
    await new Promise<void>((resolve) => {
      world.onSignal(resolve);
    });
    await proxy.close();
  } finally {
    part.close();
  }
  const left = (await readPart(out)) ?? { target, journal: new RecordingJournal(), lost: [] };
  return finish({ ...left, lost: [...left.lost, ...lost] }, out, how, world);
}

/** Begins the recording on the disk. */
async function beginPart(out: string, target: URL): Promise<RecordingPart> {
  const file = join(out, PART);
  if (await readPart(out)) {
    throw new CannotRun(
      `--out: ${file} is of a recording that goes on, or was killed: mock-klarna record --finish --out ${out} finishes it; or delete it`,
    );
  }
  try {
    RecordingPart.remove(out);
    return RecordingPart.begin(out, target);
  } catch (error) {
    throw new CannotRun(`--out: ${file} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Starts the proxy, which keeps every exchange as soon as it is over. */
async function listen(
  { target, credentials, part, lost }: Way,
  { target: url = '', out, host, port, allowHost: hosts, quiet }: RecordArguments,
  { stdout, stderr, patience }: RecordWorld,
): ReturnType<typeof startProxy> {
  const sandbox = await isSandbox(url, patience);
  if (typeof sandbox === 'object') {
    stderr.write(
      `${url} does not answer yet (${sandbox.trouble}); if it is a sandbox, start it first: now times are those of this machine\n`,
    );
  }
  const onExchange = (exchange: ProxiedExchange) => {
    try {
      part.add(keep(exchange));
    } catch (error) {
      const what = `${exchange.method} ${exchange.target}`;
      const why = `could not be kept (${(error as Error).message})`;
      if (lost.length < TOLD) lost.push({ what, why });
      stderr.write(`${printable(`${what} ${why}`)}\n`);
    }
    if (!quiet) for (const line of describeExchange(exchange)) stdout.write(`${line}\n`);
  };
  try {
    const options = { target, host, port, credentials, hosts, sandbox: sandbox === true, patience, keep: BODY_LIMIT };
    const onRefusal = (line: string) => void stderr.write(`${printable(line)}\n`);
    return await startProxy({ ...options, onExchange, onRefusal });
  } catch (error) {
    RecordingPart.remove(out);
    const { code } = error as NodeJS.ErrnoException;
    throw new CannotRun(`cannot listen on ${host}, port ${port} (${code}); choose another with --host and --port`);
  }
}

/** The options of a recording's proxy. */
interface Way {
  target: URL;
  credentials: { username: string; password: string } | undefined;
  part: RecordingPart;
  /** Gets the exchanges that could not be kept. */
  lost: Unjudged[];
}

/** Writes files and report of a recording, and deletes what was kept for them. */
async function finish(left: LeftOver, out: string, how: Conclusion, world: RecordWorld): Promise<number> {
  const { files, notes, report } = finishRecording(left.journal, left.target, left.lost);
  try {
    for (const [name, text] of files) {
      await writeFileFor('--out', join(out, name), text);
      world.stdout.write(`written: ${join(out, name)}\n`);
    }
    for (const note of notes) world.stderr.write(`${note}\n`);
    const code = await conclude(report, how, world);
    RecordingPart.remove(out);
    return code;
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    const again = `the recording stays in ${join(out, PART)}: mock-klarna record --finish --out ${out} tries again`;
    throw new CannotRun(`${error.message}; ${again}`);
  }
}

function readCredentials({ username, password }: RecordArguments) {
  if (username === undefined && password === undefined) return undefined;
  if (username !== undefined && password !== undefined) return { username, password };
  throw new CannotRun('--username and --password go together: give both, or none to send those of the shop');
}
