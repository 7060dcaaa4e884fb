import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** The cost of a hash: the parameters of scrypt. */
interface Costs {
  /** Logarithm to base 2 of what it takes in time and memory. */
  ln: number;
  /** Size of a block. */
  r: number;
  /** Number of runs. */
  p: number;
}

/** A hash of a password. */
export interface PasswordHash extends Costs {
  salt: Buffer;
  hash: Buffer;
}

/** The costs of new hashes, as OWASP recommends them: 32 MB and some 0.2 s. */
const COSTS: Costs = { ln: 15, r: 8, p: 3 };

/** The most memory in bytes that a hash may take. */
const MEMORY = 256 * 1024 * 1024;

const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** A hash in words, for messages. */
export const HASH_EXAMPLE = '$scrypt$ln=15,r=8,p=3$SALT$HASH, as mock-klarna hash writes it';

/** Tells whether a text is meant to be a hash, and no password. */
export const isPasswordHash = (text: string): boolean => text.startsWith('$scrypt$');

/** Reads a hash in PHC string format; undefined where it is none, or takes more than 256 MB. */
export function readPasswordHash(text: string): PasswordHash | undefined {
  const [, ln, r, p, salt = '', hash = ''] = FORM.exec(text) ?? [];
  const costs = { ln: Number(ln), r: Number(r), p: Number(p) };
  const known = costs.ln >= 1 && costs.r >= 1 && costs.p >= 1 && costs.p <= 16;
  if (!known || 128 * 2 ** costs.ln * costs.r > MEMORY) return undefined;
  return { ...costs, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

/** Hashes a password: in the background, so that nobody else waits. */
const derive = (password: string, { ln, r, p, salt, hash }: PasswordHash): Promise<Buffer> =>
  derived(password, salt, hash.length, { N: 2 ** ln, r, p, maxmem: 2 * MEMORY });

const derived: (password: string, salt: Buffer, length: number, options: ScryptOptions) => Promise<Buffer> =
  promisify(scrypt);

const encode = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** Hashes a password with a salt of its own; returns the hash in PHC string format. */
export async function hashPassword(password: string, { ln, r, p }: Costs = COSTS): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, { ln, r, p, salt, hash: Buffer.alloc(32) });
  return `$scrypt$ln=${ln},r=${r},p=${p}$${encode(salt)}$${encode(hash)}`;
}

/** Tells whether a password is the one of a hash. */
export const isPasswordOf = async (password: string, hash: PasswordHash): Promise<boolean> =>
  timingSafeEqual(await derive(password, hash), hash.hash);
