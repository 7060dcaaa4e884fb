import { hash, randomFillSync } from 'node:crypto';

/** Makes UUIDs: with a seed the same ones in the same order, without one random ones. */
export function uuids(seed?: string): () => string {
  if (seed === undefined) return randomUuid;
  let count = 0;
  return () => uuidOf(hash('sha256', `${seed}/${count++}`, 'buffer'));
}

/** Bytes of a UUID. */
const BYTES = 16;

/** Random bytes for the next UUIDs, and the number of those that are used up. */
const pool = Buffer.alloc(256 * BYTES);
let used = pool.length;

/**
 * Returns a random UUID. Node's randomUUID gives a text in twenty pieces, which V8 puts together when it is first a key or a
 * header: that takes longer than all else that an id needs.
 */
export function randomUuid(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += BYTES;
  return uuidOf(pool, used - BYTES);
}

/** The first and the second hexadecimal digit of each byte, as ASCII. */
const HIGH = Buffer.from(Array.from({ length: 256 }, (_, byte) => (byte >> 4).toString(16)).join(''));
const LOW = Buffer.from(Array.from({ length: 256 }, (_, byte) => (byte & 0xf).toString(16)).join(''));

/** The UUID that is being written, as ASCII, and the places of its bytes in it. */
const digits = Buffer.from('00000000-0000-0000-0000-000000000000');
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Returns a UUID of version 4, variant 1 (RFC 9562), of 16 bytes, of which two are changed. */
export function uuidOf(bytes: Buffer, from = 0): string {
  bytes[from + 6] = ((bytes[from + 6] as number) & 0x0f) | 0x40;
  bytes[from + 8] = ((bytes[from + 8] as number) & 0x3f) | 0x80;
  for (let at = 0; at < BYTES; at++) {
    const byte = bytes[from + at] as number;
    const place = PLACES[at] as number;
    digits[place] = HIGH[byte] as number;
    digits[place + 1] = LOW[byte] as number;
  }
  return digits.toString('latin1');
}

/** Finds the UUIDs within a text, for `replace` and `matchAll`. */
export const UUIDS: RegExp = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

const UUID = /^(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Tells if a value is a UUID of any version, as text or as a URN (RFC 9562). */
export const isUuid = (value: unknown): boolean => typeof value === 'string' && UUID.test(value);

/** The part of a text that differs in each run: an id, an instant, a URL. */
export const VARIABLE_PART = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d|https?:\/\//i;
