import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { isSandbox } from '../client/find-target.js';
import type { Target } from '../client/target.js';
import { ANY_HOST } from '../report/any-host.js';
import { readPublicUrl } from '../server/public-url.js';
import { readTrustedProxies } from '../server/trusted-proxies.js';
import { readCallbackHosts, readHost } from '../server/world/callback-hosts.js';
import { MEMORY_SIZES, readMemory } from '../store/budget.js';
import { isJournalLength, JOURNAL_LENGTHS } from '../store/journal-ring.js';
import { CannotRun } from './io.js';

/** Does what throws a TypeError for a mistake in the text of an option; throws an InvalidArgumentError in its place. */
function orInvalid<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message.replace(/^g/, 'G').concat('.'));
  }
}

function readHostName(text: string): string {
  const host = readHost(text);
  if (host !== undefined) return host;
  throw new InvalidArgumentError(`Given ${JSON.stringify(text)}, expected a host name or address such as shop.test.`);
}

/**
 * Reads hosts, separated by commas, as URLs spell them; an option given again adds to those before.
 * @throws {InvalidArgumentError} when one is no host
 */
export function readHosts(text: string, before: readonly string[] = []): string[] {
  return [...before, ...listed(text).map(readHostName)];
}

/**
 * Reads hosts that callbacks may be sent to, separated by commas; an option given again adds to those before.
 * @throws {InvalidArgumentError} when one is none
 */
export const readCallbacksTo = (text: string, before: readonly string[] = []): string[] =>
  readSeveral(text, before, readCallbackHosts);

/**
 * Reads proxies that are trusted, separated by commas; an option given again adds to those before.
 * @throws {InvalidArgumentError} when one is none
 */
export const readProxies = (text: string, before: readonly string[] = []): string[] =>
  readSeveral(text, before, readTrustedProxies);

/** Reads a list that is separated by commas, and has it checked together with what an option before it said. */
function readSeveral(text: string, before: readonly string[], check: (all: readonly string[]) => unknown): string[] {
  const all = [...before, ...listed(text)];
  orInvalid(() => check(all));
  return all;
}

/**
 * Reads folders, separated by commas or as in PATH; an option given again adds to those before. A folder that is there may
 * have such signs in its name.
 */
export const readFolders = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...(existsSync(text) ? [text] : text.split(delimiter).flatMap(listed)),
];

/** Returns the parts of a list that is separated by commas. */
const listed = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/**
 * Reads a port.
 * @throws {InvalidArgumentError} when the text is no port
 */
export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a whole number from 0 to 65535.');
}

/**
 * Reads the public URL of a sandbox: scheme, host and port.
 * @throws {InvalidArgumentError} when the text is none
 */
export const readPublic = (text: string): string => orInvalid(() => readPublicUrl(text));

/**
 * Reads the length of a journal.
 * @throws {InvalidArgumentError} when the text is none
 */
export function readJournalLength(text: string): number {
  if (/^\d+$/.test(text) && isJournalLength(Number(text))) return Number(text);
  throw new InvalidArgumentError(`Expected ${JOURNAL_LENGTHS}.`);
}

/**
 * Reads a yes or no, as environment variables have it.
 * @throws {InvalidArgumentError} when the text is neither
 */
export function readYes(text: string): boolean {
  if (/^(?:true|yes|1)$/i.test(text)) return true;
  if (/^(?:false|no|0|)$/i.test(text)) return false;
  throw new InvalidArgumentError('Expected true or false.');
}

/** Reads a yes or no, or else the name of a folder. */
export function readYesOrFolder(text: string): boolean | string {
  try {
    return readYes(text);
  } catch {
    return text;
  }
}

/**
 * Reads a size of memory, in bytes.
 * @throws {InvalidArgumentError} when the text is none
 */
export function readMemorySize(text: string): number {
  const bytes = readMemory(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError(`Expected ${MEMORY_SIZES}.`);
}

/**
 * Reads how many of something there are to be.
 * @throws {InvalidArgumentError} when the text is no such number
 */
export function readCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1 to 999999.');
}

/**
 * Reads the number of an exchange, as the journal has it or as lines show it: `12`, `#12`.
 * @throws {InvalidArgumentError} when the text is none
 */
export function readExchangeNumber(text: string): number {
  const [, number] = /^#?([1-9]\d{0,14})$/.exec(text) ?? [];
  if (number !== undefined) return Number(number);
  throw new InvalidArgumentError('Expected the number of an exchange, such as 12.');
}

/**
 * Reads the status of an answer.
 * @throws {InvalidArgumentError} when the text is none
 */
export function readStatus(text: string): number {
  if (/^[1-5]\d\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a status such as 400.');
}

/** The default port of a sandbox, and its base URL. */
export const USUAL_PORT = 5527;
export const USUAL_TARGET = `http://127.0.0.1:${USUAL_PORT}`;

/**
 * Reads the base URL of a target: scheme, host and port, and optionally a path, without a slash at the end.
 * @throws {InvalidArgumentError} when the text is no base URL
 */
export function readTarget(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Expected a base URL such as http://127.0.0.1:5527.');
  }
  if (url.username || url.password) throw new InvalidArgumentError('Credentials go into --username and --password.');
  if (url.search || url.hash) throw new InvalidArgumentError('Expected a base URL without query and fragment.');
  return url.href.replace(/\/+$/, '');
}

/** Options for the place where a command plays. */
export interface PlaceOptions {
  /** Base URL of a sandbox or of Klarna; by default the command starts a sandbox of its own. */
  target?: string;
  /** Credentials for the target. On a sandbox the user name is the beginning of the merchants' names. */
  username?: string;
  password?: string;
}

/** Starts a sandbox with the given seed on a free port of loopback. */
export type StartSandbox = (options: { seed: string }) => Promise<{ url: string; close(): Promise<void> }>;

/** The environment in which a place is found. */
export interface PlaceWorld {
  startSandbox: StartSandbox;
  /** Longest wait in ms for a target to tell whether it is a sandbox; ten seconds by default. */
  patience?: number;
}

/** The place where a command plays. */
export interface Place {
  target: Target;
  sandbox: boolean;
  /** Seed of the command's own sandbox, by which everything repeats. */
  seed?: string;
  /** The target in words, without the port. */
  name: string;
  close(): Promise<void>;
}

/**
 * Finds the target, or starts a sandbox when none is given.
 * @param usual name of the command: the default for user name, password and seed
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
