import { createHash, randomUUID } from 'node:crypto';
import { customAlphabet, customRandom } from 'nanoid';
import { uuidOf } from '../../exchange/uuids.js';

/** Where identifiers come from. */
export interface IdSource {
  /** A UUID of version 4. */
  uuid(): string;
  /** Eight characters that a person can read out, as in `klarna_reference`. */
  reference(): string;
  /** How many were given; absent where nothing follows from it. */
  readonly count?: number;
}

/** Capital letters and digits without those that are taken for each other: 0 and O, 1 and I. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const REFERENCE_LENGTH = 8;

/** Identifiers that nobody can foresee. */
export const randomIds: IdSource = { uuid: () => randomUUID(), reference: customAlphabet(ALPHABET, REFERENCE_LENGTH) };

/**
 * Identifiers that follow from seed, merchant and a counter: the same three give the same identifiers.
 * @param counter how many were given before
 */
export function seededIds(seed: string, merchant: string, counter = 0): IdSource {
  // A list in JSON, so that no other seed and merchant run together to the same text.
  const origin = JSON.stringify([seed, merchant]);
  let count = counter;
  const digest = (): Buffer => createHash('sha256').update(`${origin}${count++}`).digest();
  return {
    uuid: () => uuidOf(digest()),
    // A digest holds more bytes than a reference takes.
    reference: customRandom(ALPHABET, REFERENCE_LENGTH, (size) => digest().subarray(0, size)),
    get count() {
      return count;
    },
  };
}
