/** Randomness that can be repeated: the same seed gives the same numbers, on every machine. */
import { createHash } from 'node:crypto';

/**
 * Returns a function that gives numbers from 0 to below 1 (mulberry32, begun with a hash of the seed).
 * @param {string | number} seed
 */
export function randomOf(seed) {
  let state = createHash('sha256').update(String(seed)).digest().readUInt32LE();
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Returns the items in an order that depends on the seed alone (Fisher and Yates).
 * @template T
 * @param {readonly T[]} items
 * @param {string | number} seed
 */
export function shuffle(items, seed) {
  const random = randomOf(seed);
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const picked = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[picked]] = [shuffled[picked], shuffled[last]];
  }
  return shuffled;
}
