import type { Operation } from '../contract/operations.js';
import { nearestWord } from './problem.js';

/** Longest name of which the words are looked at. */
const LONGEST = 100;

/** Words for what the names of operations say otherwise. */
const SYNONYMS: Readonly<Record<string, string>> = {
  get: 'read',
  fetch: 'read',
  retrieve: 'read',
  make: 'create',
  new: 'create',
  delete: 'cancel',
};

/** Returns the words of a name such as `chargeToken` or `charge_token`, in lower case. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z])(?=[A-Z])/g, '$1 ')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 1)
    .map((word) => SYNONYMS[word] ?? word);

/** Tells whether two words are forms of one: `charge` and `charges`. */
const areAlike = (one: string, other: string): boolean =>
  one === other || (Math.min(one.length, other.length) > 3 && (one.startsWith(other) || other.startsWith(one)));

/**
 * Returns the operation that a name stands for: the one spelled most alike, or that whose name and summary have the words
 * of it, such as `createCustomerTokenOrder` ("Charge a customer token") for `chargeToken`.
 * @param among the operations of a place, by name
 */
export function nearestOperation(given: string, among: readonly Operation[]): Operation | undefined {
  const spelled = nearestWord(
    given,
    among.map(({ name }) => name),
  );
  if (spelled !== undefined) return among.find(({ name }) => name === spelled);
  const words = given.length > LONGEST ? [] : wordsOf(given);
  let best: { operation: Operation; score: number } | undefined;
  for (const operation of among) {
    const own = wordsOf(operation.name);
    const all = [...own, ...wordsOf(operation.summary)];
    const found = words.filter((word) => all.some((other) => areAlike(word, other)));
    // Of several that have as many of its words: Klarna's, then one with the very words, then one with few others in its name.
    const klarnas = operation.api === 'sandbox' ? 0 : 0.5;
    const same = found.filter((word) => all.includes(word)).length / 100;
    const others = own.filter((word) => !words.some((other) => areAlike(word, other))).length / 10_000;
    const score = found.length + klarnas + same - others;
    if (found.length * 2 > words.length && (!best || score > best.score)) best = { operation, score };
  }
  return best?.operation;
}
