import {
  escapeDollar,
  isMatcherMap,
  isWord,
  keyMatchers,
  patternsOf,
  unescapeDollar,
  wordMatchers,
} from './matchers.js';
import { extend } from './paths.js';
import { matches } from './pattern.js';

/** A place where a value differs from what was expected. */
export interface Mismatch {
  /** Path into the value: `$.body.order_lines[0].name`. */
  path: string;
  /** The expected value, matchers as they are written. */
  expected: unknown;
  /** The actual value; undefined when there was none. */
  got: unknown;
}

/**
 * Compares a value with an expectation and returns every difference. An expected mapping is a subset of the actual one,
 * lists have the same length and order, a text may be a matcher (`$uuid`), and in a mapping of matchers
 * (`{ $over: 5 }`) all must hold. Never throws; an unknown matcher matches nothing.
 */
export function match(expected: unknown, actual: unknown, path = '$'): Mismatch[] {
  const differs: Mismatch[] = [{ path, expected, got: actual }];
  if (typeof expected === 'string') {
    if (isWord(expected)) return wordMatchers.get(expected)?.(actual) ? [] : differs;
    return unescapeDollar(expected) === actual ? [] : differs;
  }
  if (typeof expected !== 'object' || expected === null) return expected === actual ? [] : differs;
  if (Array.isArray(expected)) return Array.isArray(actual) ? matchList(expected, actual, path) : differs;
  if (isMatcherMap(expected)) {
    return Object.entries(expected).flatMap(([name, argument]) => matchKey(name, argument, actual, path));
  }
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return differs;
  return Object.entries(expected).flatMap(([key, value]) => {
    const name = unescapeDollar(key);
    const got = Object.hasOwn(actual, name) ? (actual as Record<string, unknown>)[name] : undefined;
    return match(value, got, extend(path, name));
  });
}

/** Returns a value as an expectation of just that value: texts that look like matchers are escaped. */
export function literal(value: unknown): unknown {
  if (typeof value === 'string') return escapeDollar(value);
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [escapeDollar(key), literal(inner)]));
}

function matchList(expected: unknown[], actual: unknown[], path: string): Mismatch[] {
  if (expected.length !== actual.length) {
    return [{ path: `${path}.length`, expected: expected.length, got: actual.length }];
  }
  return expected.flatMap((element, index) => match(element, actual[index], extend(path, index)));
}

function matchKey(name: string, argument: unknown, actual: unknown, path: string): Mismatch[] {
  const known = keyMatchers.get(name);
  const isMet = known !== undefined && known(argument) === undefined && holds(name, argument, actual);
  return isMet ? [] : [{ path, expected: { [name]: argument }, got: actual }];
}

/** Tells whether a matcher with a valid argument holds for a value. */
function holds(name: string, argument: unknown, actual: unknown): boolean {
  switch (name) {
    case '$oneOf':
      return (argument as unknown[]).some((option) => match(option, actual).length === 0);
    case '$set':
      return Array.isArray(actual) && pairsUp(argument as unknown[], actual);
    case '$match':
      return typeof actual === 'string' && patternsOf(argument).every((pattern) => matches(pattern, actual));
    case '$over':
      return typeof actual === 'number' && actual > (argument as number);
    default:
      return typeof actual === 'number' && actual < (argument as number);
  }
}

/** Tells whether lists match in some order of their elements (by augmenting paths, for `$any` beside `$uuid`). */
function pairsUp(expected: unknown[], actual: unknown[]): boolean {
  if (expected.length !== actual.length) return false;
  const owner = new Map<number, number>();
  const place = (element: number, tried: Set<number>): boolean =>
    actual.some((value, index) => {
      if (tried.has(index) || match(expected[element], value).length > 0) return false;
      tried.add(index);
      const current = owner.get(index);
      if (current !== undefined && !place(current, tried)) return false;
      owner.set(index, element);
      return true;
    });
  return expected.every((_, element) => place(element, new Set()));
}

/** Tells whether a value is as expected. */
export type Condition = (value: unknown) => boolean;

/** Makes a condition that holds where `match` finds no difference. Compiled once, since it is tested on many calls. */
export function compileCondition(expected: unknown): Condition {
  if (typeof expected === 'string' && isWord(expected)) return wordMatchers.get(expected) ?? (() => false);
  if (typeof expected !== 'object' || expected === null) {
    const literal = typeof expected === 'string' ? unescapeDollar(expected) : expected;
    return (value) => value === literal;
  }
  if (Array.isArray(expected)) {
    const parts = expected.map(compileCondition);
    return (value) =>
      Array.isArray(value) && value.length === parts.length && parts.every((part, index) => part(value[index]));
  }
  if (isMatcherMap(expected)) {
    const parts = Object.entries(expected).map(compileMatcher);
    return (value) => parts.every((part) => part(value));
  }
  const fields = Object.entries(expected).map(
    ([key, inner]) => [unescapeDollar(key), compileCondition(inner)] as const,
  );
  return (value) =>
    isFields(value) &&
    fields.every(([name, condition]) => condition(Object.hasOwn(value, name) ? value[name] : undefined));
}

function compileMatcher([name, argument]: [string, unknown]): Condition {
  const wrong = keyMatchers.get(name);
  // A pattern is compiled when it is first asked for.
  if (!wrong || (name !== '$match' && wrong(argument) !== undefined)) return () => false;
  switch (name) {
    case '$over':
      return (value) => typeof value === 'number' && value > (argument as number);
    case '$under':
      return (value) => typeof value === 'number' && value < (argument as number);
    case '$match': {
      const patterns = patternsOf(argument);
      if (patterns.length === 0) return () => false;
      return (value) => typeof value === 'string' && patterns.every((pattern) => matches(pattern, value));
    }
    case '$oneOf': {
      const options = (argument as unknown[]).map(compileCondition);
      return (value) => options.some((meets) => meets(value));
    }
    default:
      return (value) => match({ [name]: argument }, value).length === 0;
  }
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
