/**
 * tap as the tests of this house use it: every test file imports `t` and `Test` from here.
 *
 * tap's `match` compares a list only as far as the pattern goes: `[1, 2]` matches `[1]`, and anything matches `[]` and
 * `{}`. A test with such a pattern does not see what is there in addition. `matchLists` compares
 * lists to their end.
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

/** Returns what an object or a map of a pattern holds, by key. */
function partsOf(pattern: object): [unknown, unknown][] {
  return pattern instanceof Map ? [...pattern] : Object.entries(pattern);
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

assertions.matchLists = function matchLists(found: unknown, pattern: unknown, message = 'should match pattern') {
  const other = otherLength(found, pattern);
  return other
    ? strictSame.call(this, found, pattern, `${message}: ${other}`)
    : match.call(this, found, pattern, message);
};

export { Test } from 'tap';
export default t;
