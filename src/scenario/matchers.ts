// The formats alone: every server loads this file, and few need Ajv.
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { isUuid } from '../exchange/uuids.js';
import { faultIn } from './pattern.js';

/** Tests of texts by the formats of JSON Schema. */
const { uri, 'date-time': dateTime } = fullFormats as unknown as {
  uri(text: string): boolean;
  'date-time': { validate(text: string): boolean };
};

/** The matchers that are one word, each with its test of a value; an absent value is undefined. */
export const wordMatchers: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['$any', (value: unknown) => value !== undefined],
  ['$absent', (value: unknown) => value === undefined],
  ['$string', (value: unknown) => typeof value === 'string'],
  ['$integer', (value: unknown) => Number.isInteger(value)],
  // Any version of UUID: Klarna's ids are not all of version 4.
  ['$uuid', isUuid],
  ['$url', (value: unknown) => typeof value === 'string' && /^https?:\/\//.test(value) && uri(value)],
  ['$instant', (value: unknown) => typeof value === 'string' && dateTime.validate(value)],
]);

/** The matchers that take an argument, each with a function that returns what is wrong with a given argument. */
export const keyMatchers: ReadonlyMap<string, (argument: unknown) => string | undefined> = new Map([
  ['$oneOf', list],
  ['$set', set],
  ['$match', patterns],
  ['$over', number],
  ['$under', number],
]);

function list(argument: unknown): string | undefined {
  return Array.isArray(argument) ? undefined : 'takes a list';
}

/** The longest list of which the order does not matter: each of its elements may be compared with all of a value's. */
const MOST_IN_SET = 100;

function set(argument: unknown): string | undefined {
  return Array.isArray(argument) && argument.length > MOST_IN_SET
    ? `takes a list of at most ${MOST_IN_SET}`
    : list(argument);
}

function number(argument: unknown): string | undefined {
  return typeof argument === 'number' ? undefined : 'takes a number';
}

function patterns(argument: unknown): string | undefined {
  const given = patternsOf(argument);
  if (given.length === 0) return 'takes a regular expression, or a list of them';
  return given.map(faultIn).find((fault) => fault !== undefined);
}

/** Returns the patterns that `$match` is given: one, or a list of which all must match; none where it is something else. */
export function patternsOf(argument: unknown): string[] {
  const given: unknown[] = [argument].flat();
  return given.every((pattern) => typeof pattern === 'string') ? given : [];
}

/** Tells whether a text is nothing but the name of a matcher or of a generated value. */
export const isWord = (text: string): boolean => /^\$[A-Za-z]\w*$/.test(text);

/** Tells whether an object is a mapping of matchers: every key begins with a single `$`. */
export function isMatcherMap(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => /^\$(?!\$)/.test(key));
}

/** Returns a text with `$$` read as `$`. */
export const unescapeDollar = (text: string): string => text.replaceAll('$$', () => '$');

/** Returns a text with `$` written as `$$`, so that nothing in it is a matcher or a variable. */
export const escapeDollar = (text: string): string => text.replaceAll('$', () => '$$');
