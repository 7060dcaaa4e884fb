import { isSandbox } from '../replay/find-target.js';
import { ANY_HOST } from '../replay/report/report.js';
import type { Target } from '../replay/result.js';
import { CannotRun } from './cannot-run.js';

/** Options that say where to play. */
export interface PlaceOptions {
  /** Base URL of a sandbox or of Klarna; a sandbox of its own unless given. */
  target?: string;
  /** Credentials for the target. On a sandbox the names of merchants begin with the user name. */
  username?: string;
  password?: string;
}

/** Starts a sandbox with the given seed on a free port of loopback. */
export type StartSandbox = (options: { seed: string }) => Promise<{ url: string; close(): Promise<void> }>;

export interface PlaceWorld {
  startSandbox: StartSandbox;
  /** How long a target may take to say what it is, in ms; ten seconds unless given. */
  patience?: number;
}

/** Where to play. */
export interface Place {
  target: Target;
  sandbox: boolean;
  /** Of a sandbox of its own, where everything repeats. */
  seed?: string;
  /** The target in words that are the same on every port. */
  name: string;
  close(): Promise<void>;
}

/**
 * Finds the target, or starts a sandbox when there is none.
 * @param usual the command: user name, password and seed where none is given
 * @throws {CannotRun} when the target does not answer, or is no sandbox and no credentials are given
 */
export async function findPlace(
  options: PlaceOptions,
  world: PlaceWorld,
  usual: NonNullable<Target['harness']>,
): Promise<Place> {
  const { target: url, username = usual, password = usual } = options;
  if (url === undefined) {
    const own = await world.startSandbox({ seed: usual });
    const target = { url: own.url, username, password, host: ANY_HOST, harness: usual };
    return { target, sandbox: true, seed: usual, name: 'a sandbox of its own', close: () => own.close() };
  }
  const sandbox = await isSandbox(url, world.patience);
  if (typeof sandbox === 'object') throw new CannotRun(`--target: ${url} does not answer (${sandbox.trouble})`);
  if (!sandbox && (options.username === undefined || options.password === undefined)) {
    throw new CannotRun(`--target: ${url} is no sandbox; it needs --username and --password`);
  }
  const target = { url, username, password, ...(sandbox && { harness: usual }) };
  return { target, sandbox, name: new URL(url).hostname, close: async () => {} };
}
