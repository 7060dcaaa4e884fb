import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSandbox } from '../client/find-target.js';
import { printable } from '../report/text.js';
import { isExposed } from '../server/exposure.js';
import { finishRecording } from '../verify/record/finish.js';
import { BODY_LIMIT, RecordingJournal } from '../verify/record/journal.js';
import { describeExchange } from '../verify/record/live.js';
import { startProxy } from '../verify/record/proxy.js';
import { type ConclusionOptions, conclude, readConclusion } from './conclude.js';
import type { Io } from './io.js';
import { CannotRun, writeFileFor } from './io.js';
import type { GithubEnvironment } from './report-files.js';

/** Arguments of `mock-klarna record`. */
export interface RecordArguments extends ConclusionOptions {
  /** Base URL of Klarna, or of a sandbox. */
  target: string;
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
 * Runs a proxy between a shop and Klarna until a signal ends it, and then writes a HAR, a scenario and a report.
 * @returns the exit code: 0 fine, 1 findings that count, or no exchange
 * @throws {CannotRun} when it cannot listen or a file cannot be written
 */
export async function record(args: RecordArguments, world: RecordWorld): Promise<number> {
  const { out, host, port, quiet } = args;
  const { stdout, stderr } = world;
  const how = await readConclusion(args);
  const credentials = readCredentials(args);
  const exposed = credentials !== undefined && isExposed(host);
  if (exposed && !args.open) {
    throw new CannotRun(
      `--host: other machines reach ${host}, and the credentials of --username would be added to what they send; give --open to let everybody use them, or leave out --username and --password, so that each sends its own`,
    );
  }
  const target = new URL(args.target);
  await makeFolder(out);
  const sandbox = await isSandbox(args.target, world.patience);
  if (typeof sandbox === 'object') {
    stderr.write(
      `${args.target} does not answer yet (${sandbox.trouble}); if it is a sandbox, start it first: now times are those of this machine\n`,
    );
  }
  const journal = new RecordingJournal();
  const proxy = await startProxy({
    target,
    host,
    port,
    credentials,
    hosts: args.allowHost,
    sandbox: sandbox === true,
    patience: world.patience,
    keep: BODY_LIMIT,
    onExchange(exchange) {
      journal.add(exchange);
      if (!quiet) for (const line of describeExchange(exchange)) stdout.write(`${line}\n`);
    },
    onRefusal: (line) => void stderr.write(`${printable(line)}\n`),
  }).catch((error: NodeJS.ErrnoException) => {
    throw new CannotRun(
      `cannot listen on ${host}, port ${port} (${error.code}); choose another with --host and --port`,
    );
  });
  if (exposed) {
    stderr.write(`open to everybody who reaches ${host}: ${target.origin} with the credentials of --username\n`);
  }
  stdout.write(`mock-klarna records ${proxy.url} on its way to ${target.origin}\n`);
  await new Promise<void>((resolve) => {
    world.onSignal(resolve);
  });
  await proxy.close();
  const { files, notes, report } = finishRecording(journal, target);
  for (const [name, text] of files) {
    await writeFileFor('--out', join(out, name), text);
    stdout.write(`written: ${join(out, name)}\n`);
  }
  for (const note of notes) stderr.write(`${note}\n`);
  return conclude(report, how, world);
}

function readCredentials({ username, password }: RecordArguments) {
  if (username === undefined && password === undefined) return undefined;
  if (username !== undefined && password !== undefined) return { username, password };
  throw new CannotRun('--username and --password go together: give both, or none to send those of the shop');
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new CannotRun(`--out: ${folder} cannot be made (${(error as NodeJS.ErrnoException).code})`);
  }
}
