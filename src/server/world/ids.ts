import { hash } from 'node:crypto';
import { customAlphabet, customRandom } from 'nanoid';
import { randomUuid, uuidOf } from '../../exchange/uuids.js';

/** A source of identifiers. */
export interface IdSource {
  /** Returns a UUID of version 4. */
  uuid(): string;
  /** Returns eight characters that a person can read out, as in `klarna_reference`. */
  reference(): string;
  /** Number of identifiers given so far; absent for a source that does not count. */
  readonly count?: number;
}

/** Capital letters and digits without those that look alike: 0 and O, 1 and I. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const REFERENCE_LENGTH = 8;

/** Random identifiers. */
export const randomIds: IdSource = { uuid: randomUuid, reference: customAlphabet(ALPHABET, REFERENCE_LENGTH) };

/**
 * Makes identifiers from seed, merchant and a counter: the same three give the same identifiers.
 * @param counter number of identifiers given before
 */
export function seededIds(seed: string, merchant: string, counter = 0): IdSource {
  // A JSON list, so that no other seed and merchant give the same text.
  const origin = JSON.stringify([seed, merchant]);
  let count = counter;
  const digest = (): Buffer => hash('sha256', `${origin}${count++}`, 'buffer');
  return {
    uuid: () => uuidOf(digest()),
    // A digest has more bytes than a reference needs.
    reference: customRandom(ALPHABET, REFERENCE_LENGTH, (size) => digest().subarray(0, size)),
    get count() {
      return count;
    },
  };
}
