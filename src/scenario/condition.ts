import { match } from './match.js';
import { isMatcherMap, isWord, keyMatchers, unescapeDollar, wordMatchers } from './matchers.js';

/** Whether a value is as expected. */
export type Condition = (value: unknown) => boolean;

/** What `match` would say of many values, in one bit: made once, since every call is held against every condition. */
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
  if (!wrong || wrong(argument) !== undefined) return () => false;
  switch (name) {
    case '$over':
      return (value) => typeof value === 'number' && value > (argument as number);
    case '$under':
      return (value) => typeof value === 'number' && value < (argument as number);
    case '$match': {
      const pattern = new RegExp(argument as string, 'u');
      return (value) => typeof value === 'string' && pattern.test(value);
    }
    default:
      return (value) => match({ [name]: argument }, value).length === 0;
  }
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
