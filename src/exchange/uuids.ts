import { hash, randomUUID } from 'node:crypto';

/** Makes UUIDs: with a seed the same ones in the same order, without one random ones. */
export function uuids(seed?: string): () => string {
  if (seed === undefined) return randomUUID;
  let count = 0;
  return () => uuidOf(hash('sha256', `${seed}/${count++}`, 'buffer'));
}

/** Returns a UUID of version 4, variant 1 (RFC 9562), of the first 16 bytes of a digest, which are changed. */
export function uuidOf(digest: Buffer): string {
  digest[6] = ((digest[6] as number) & 0x0f) | 0x40;
  digest[8] = ((digest[8] as number) & 0x3f) | 0x80;
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Finds the UUIDs within a text, for `replace` and `matchAll`. */
export const UUIDS: RegExp = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

const UUID = /^(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Tells if a value is a UUID of any version, as text or as a URN (RFC 9562). */
export const isUuid = (value: unknown): boolean => typeof value === 'string' && UUID.test(value);

/** The part of a text that differs in each run: an id, an instant, a URL. */
export const VARIABLE_PART = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d|https?:\/\//i;
