import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { wallClock } from '../exchange/wall-clock.js';
import type { Pair } from '../server/tls/pair.js';
import { readFileFor } from './files.js';
import { CannotRun } from './io.js';

/** The options that say by what certificate a command answers. */
export interface TlsArguments {
  /** A pair made on the spot: kept in the user's cache by `true`, or in a folder. */
  tls?: boolean | string;
  tlsCert?: string;
  tlsKey?: string;
}

/** The certificate of a command and its key; the file that clients trust is there for one that was made here. */
export interface Certified {
  cert: string;
  key: string;
  caFile?: string;
}

/** The folder of a pair in the folder that keeps it, and the files of the pair. */
const FOLDER = 'tls';
const FILES = { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem' } as const;

/** Returns the folder in which the user's programs keep what they can make again. */
const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_CACHE_HOME || env.LOCALAPPDATA || join(homedir(), '.cache'), 'mock-klarna');

/** Reads the pair that two options name. @throws {CannotRun} when it is none, or the key is that of another certificate */
async function readGiven(certFile: string, keyFile: string): Promise<Certified> {
  const { fits } = await import('../server/tls/pair.js');
  const [cert, key] = [await readFileFor('--tls-cert', certFile), await readFileFor('--tls-key', keyFile)];
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    throw new CannotRun(`--tls-cert: ${certFile} is no certificate in PEM`);
  }
  let fitting: boolean;
  try {
    fitting = fits(certificate, key);
  } catch {
    throw new CannotRun(`--tls-key: ${keyFile} is no private key in PEM, or one with a passphrase`);
  }
  if (!fitting) throw new CannotRun(`--tls-key: ${keyFile} is not the key of ${certFile}`);
  return { cert, key };
}

/** Returns the pair of a folder; undefined where there is none that can be used. */
async function readKept(folder: string, now: number): Promise<Pair | undefined> {
  const { isUsable } = await import('../server/tls/pair.js');
  try {
    const read = (file: string) => readFile(join(folder, file), 'utf8');
    const pair = { ca: await read(FILES.ca), cert: await read(FILES.cert), key: await read(FILES.key) };
    return isUsable(pair, now) ? pair : undefined;
  } catch {
    return undefined;
  }
}

/** Renames a fresh folder of a pair to its place, unless a pair that can be used is there already. */
async function putInPlace(fresh: string, folder: string, now: number): Promise<void> {
  try {
    await rename(fresh, folder);
  } catch {
    // Something is there: what another command has made meanwhile, or one that is over.
    if (!(await readKept(folder, now))) {
      const old = `${fresh}.old`;
      await rename(folder, old);
      await rename(fresh, folder);
      await rm(old, { recursive: true, force: true });
    }
    await rm(fresh, { recursive: true, force: true });
  }
}

/**
 * Returns the pair that a folder keeps, or makes one and keeps it there: as a whole, so that two commands that start at once come
 * to the same one.
 */
async function keepIn(keeper: string, now: number): Promise<Certified> {
  const folder = join(keeper, FOLDER);
  const certified = ({ cert, key }: Pair): Certified => ({ cert, key, caFile: join(folder, FILES.ca) });
  const kept = await readKept(folder, now);
  if (kept) return certified(kept);
  const { makePair } = await import('../server/tls/pair.js');
  const pair = await makePair(now);
  try {
    await mkdir(keeper, { recursive: true, mode: 0o700 });
    // Only its owner can look into it.
    const fresh = await mkdtemp(`${folder}.new-`);
    for (const [part, file] of Object.entries(FILES)) {
      await writeFile(join(fresh, file), pair[part as keyof Pair], { mode: part === 'key' ? 0o600 : 0o644 });
    }
    await putInPlace(fresh, folder, now);
  } catch (error) {
    throw new CannotRun(
      `--tls: the certificate cannot be kept in ${keeper} (${(error as NodeJS.ErrnoException).code}); name another folder, --tls FOLDER`,
    );
  }
  const written = await readKept(folder, now);
  if (written) return certified(written);
  throw new CannotRun(`--tls: the certificate cannot be kept in ${keeper}; name another folder, --tls FOLDER`);
}

/**
 * Finds the certificate that a command answers by; undefined where it answers by HTTP alone.
 * @throws {CannotRun}
 */
export async function certifiedBy(
  { tls, tlsCert, tlsKey }: TlsArguments,
  { env = process.env, now = wallClock.now } = {},
): Promise<Certified | undefined> {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new CannotRun('--tls-cert and --tls-key go together: give both, or --tls for a pair made on the spot');
  }
  if (tlsCert !== undefined && tlsKey !== undefined) return readGiven(tlsCert, tlsKey);
  if (!tls) return undefined;
  return keepIn(tls === true ? cacheFolder(env) : resolve(tls), now());
}
