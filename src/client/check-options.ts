import { operations } from '../contract/operations.js';
import { didYouMean } from '../scenario/problem.js';

/** The values that options take, beside one of a few words: each kind as messages name it, with its test. */
const KINDS = {
  'a text': (value: unknown) => typeof value === 'string',
  'a number': (value: unknown) => typeof value === 'number',
  'the name of an operation': (value: unknown) => operations.has(value as string),
  'true or false': (value: unknown) => typeof value === 'boolean',
  'a list of texts': (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  'a list of merchants': Array.isArray,
  'a number of bytes, or a text such as 256MB': (value: unknown) => ['string', 'number'].includes(typeof value),
  'an instant': (value: unknown) => ['string', 'number'].includes(typeof value) || value instanceof Date,
  'true, false or { cert, key }': (value: unknown) =>
    typeof value === 'boolean' || (isObject(value) && hasOnlyTexts(value as object, ['cert', 'key'])),
  'a name, a file or an object': (value: unknown) => typeof value === 'string' || isObject(value),
};

/** The value that an option takes: of a kind, or one of a few words. */
type Kind = keyof typeof KINDS | readonly string[];

/** Every option of a function with the value that it takes. */
export type OptionTable<Options> = { readonly [Name in keyof Options]-?: Kind };

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Tells whether an object has these fields and no others, each a text. */
const hasOnlyTexts = (value: object, names: readonly string[]): boolean =>
  Object.entries(value).length === names.length &&
  names.every((name) => typeof (value as Record<string, unknown>)[name] === 'string');

/** Returns a value for a message, in a few characters. */
const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value) : Array.isArray(value) ? 'a list' : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

/**
 * Checks the options that a program gives to a function.
 * @param call the function, as messages name it
 * @throws {TypeError} for an option that the table lacks, with the nearest name, and for a value of another kind
 */
export function checkOptions<Options>(call: string, given: unknown, table: OptionTable<Options>): void {
  if (!isObject(given)) throw new TypeError(`${call}: given ${shown(given)}, expected an object of options`);
  const kinds = new Map<string, Kind>(Object.entries(table));
  for (const [name, value] of Object.entries(given as object)) {
    const kind = kinds.get(name);
    if (kind === undefined) {
      const names = [...kinds.keys()];
      throw new TypeError(`${name}: no option of ${call}${didYouMean(name, names)}; there are ${names.join(', ')}`);
    }
    if (value !== undefined) checkValue(name, value, kind);
  }
}

function checkValue(name: string, value: unknown, kind: Kind): void {
  if (typeof kind === 'string') {
    if (KINDS[kind](value)) return;
    const near = kind === 'the name of an operation' ? nearest(value, operations.keys()) : '';
    throw new TypeError(`${name}: given ${shown(value)}, expected ${kind}${near}`);
  } else if (!kind.includes(value as string)) {
    throw new TypeError(`${name}: given ${shown(value)}, expected one of ${kind.join(', ')}${nearest(value, kind)}`);
  }
}

/** Returns the nearest of the words, as a hint. */
const nearest = (value: unknown, words: Iterable<string>): string =>
  typeof value === 'string' ? didYouMean(value, words) : '';
