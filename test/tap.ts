/**
 * tap as the tests of this house use it: every test file imports `t` and `Test` from here.
 *
 * tap's `match` compares a list only as far as the pattern goes: `[1, 2]` matches `[1]`, and anything matches `[]` and
 * `{}`. A test with such a pattern does not see what is there in addition. Here `match` and its kin refuse such patterns,
 * and `matchLists` compares lists to their end.
 */
import t from 'tap';

declare module '@tapjs/asserts' {
  interface Assertions {
    /**
     * Verifies that the value matches the pattern as `match` would, and that every list in it is as long as the
     * pattern's: item by item, each as `match` compares it.
     */
    matchLists(found: unknown, pattern: unknown, message?: string): boolean;
  }
}

/** Any method of tap's assertions, by name. */
type Assertion = (this: Assertions, ...args: any[]) => any;
interface Assertions extends Record<string, Assertion> {}

/** The assertions that compare a list only as far as the pattern goes, and those that hand their pattern to them. */
const PREFIX_MATCHERS = [
  'has',
  'notHas',
  'hasStrict',
  'notHasStrict',
  'match',
  'notMatch',
  'matchStrict',
  'notMatchStrict',
  'throws',
  'rejects',
  'resolveMatch',
];

const isList = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  Symbol.iterator in value &&
  !(value instanceof Map) &&
  !Buffer.isBuffer(value);

/** Returns what an object or a map of a pattern holds, by key. */
function partsOf(pattern: object): [unknown, unknown][] {
  return pattern instanceof Map ? [...pattern] : Object.entries(pattern);
}

const isPlain = (value: object) => [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** Returns the first part of a pattern that asserts less than it says, by its path; `lists` if lists are judged. */
function looseIn(pattern: unknown, lists: boolean, path = 'the pattern', above: unknown[] = []): string | undefined {
  if (typeof pattern !== 'object' || pattern === null || above.includes(pattern)) return undefined;
  if (isList(pattern) && !lists) return `${path} is a list`;
  const parts = isList(pattern) ? [...pattern].map((item, i) => [i, item] as const) : partsOf(pattern);
  if (parts.length === 0 && !isList(pattern) && isPlain(pattern)) return `${path} is an object without fields`;
  for (const [key, part] of parts) {
    const loose = looseIn(part, lists, `${path}.${String(key)}`, [...above, pattern]);
    if (loose) return loose;
  }
  return undefined;
}

/** Throws, at the line of the test, if a pattern asserts less than it says. */
function refuseLoose(assertion: string, pattern: unknown, lists: boolean, method: Assertion): void {
  const loose = looseIn(pattern, lists);
  if (!loose) return;
  const advice = loose.endsWith('list')
    ? 'is compared only as far as the pattern goes; use t.strictSame for the exact value, or t.matchLists, which compares lists to their end'
    : 'matches any object and any list; use t.strictSame for an empty one, Object for any object';
  const error = new TypeError(`t.${assertion}: ${loose}, which ${advice}`);
  Error.captureStackTrace(error, method);
  throw error;
}

/** Returns the first list of a pattern that is not met by a list of its length, by its path. */
function otherLength(found: unknown, pattern: unknown, path = 'the value'): string | undefined {
  if (typeof pattern !== 'object' || pattern === null) return undefined;
  if (Array.isArray(pattern)) {
    if (!Array.isArray(found)) return `${path} is no list`;
    if (found.length !== pattern.length) {
      return `${path} has ${found.length} item${found.length === 1 ? '' : 's'} instead of ${pattern.length}`;
    }
  }
  // What is no object fails by itself when it is matched.
  if (typeof found !== 'object' || found === null) return undefined;
  for (const [key, part] of partsOf(pattern)) {
    const own = found instanceof Map ? found.get(key) : (found as Record<string, unknown>)[String(key)];
    const other = otherLength(own, part, `${path}.${String(key)}`);
    if (other) return other;
  }
  return undefined;
}

/** tap's class of assertions: one object of it stands behind each `t`, be it the root's or a subtest's. */
const assertions: Assertions = t.plugins
  .map((plugin) => Object.getPrototypeOf(plugin(t, {})))
  .find((prototype) => 'matchStrict' in prototype);

const { match, strictSame } = assertions as { match: Assertion; strictSame: Assertion };

/** tap's own `same` takes 12 for '12' and `undefined` for null: it is refused. */
assertions.same = function same() {
  const error = new TypeError("t.same: it takes 12 for '12'; use t.strictSame");
  Error.captureStackTrace(error, same);
  throw error;
};

for (const name of PREFIX_MATCHERS) {
  const assertion = assertions[name] as Assertion;
  assertions[name] = function checked(...args) {
    refuseLoose(name, args[1], false, checked);
    return assertion.apply(this, args);
  };
}

assertions.matchLists = function matchLists(found: unknown, pattern: unknown, message = 'should match pattern') {
  refuseLoose('matchLists', pattern, true, matchLists);
  const other = otherLength(found, pattern);
  return other
    ? strictSame.call(this, found, pattern, `${message}: ${other}`)
    : match.call(this, found, pattern, message);
};

export { Test } from 'tap';
export default t;
