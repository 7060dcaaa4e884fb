import { isIPv6 } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { isSandbox } from '../client/find-target.js';
import type { Target } from '../client/target.js';
import { ANY_HOST } from '../replay/report/report.js';
import { CannotRun } from './io.js';

function readHost(text: string): string {
  const address = `http://${isIPv6(text) ? `[${text}]` : text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // Nothing but a host: no port, no path, no pattern.
  if (url && url.href === `http://${url.hostname}/` && /^([\w.-]+|\[.+\])$/.test(url.hostname)) return url.hostname;
  throw new InvalidArgumentError(`Given ${JSON.stringify(text)}, expected a host name or address such as shop.test.`);
}

/**
 * Reads hosts, with commas between them, as URLs spell them; an option given again adds to those before.
 * @throws {InvalidArgumentError} for what is no host
 */
export function readHosts(text: string, before: readonly string[] = []): string[] {
  const hosts = text.split(',').map((part) => part.trim());
  return [...before, ...hosts.filter((host) => host !== '').map(readHost)];
}

/**
 * Reads a port.
 * @throws {InvalidArgumentError} for what is none
 */
export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a whole number from 0 to 65535.');
}

/** The port that is listened on unless another is given. */
export const USUAL_PORT = 5527;

/**
 * Reads the base URL of a target: scheme, host and port, and maybe a path; without a slash at the end.
 * @param options that take the credentials
 * @throws {InvalidArgumentError} for what is none
 */
export function readTarget(text: string, options = '--username and --password'): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Expected a base URL such as http://127.0.0.1:5527.');
  }
  if (url.username || url.password) throw new InvalidArgumentError(`Credentials go into ${options}.`);
  if (url.search || url.hash) throw new InvalidArgumentError('Expected a base URL without query and fragment.');
  return url.href.replace(/\/+$/, '');
}

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
