import { operations } from '../contract/operations.js';
import { isWholeDuration } from '../exchange/durations.js';

/** The letters of ISO 8601 for units of time, and whether they stand behind the T. */
const UNITS: readonly [words: RegExp, letter: string, time: boolean][] = [
  [/^y(?:ears?)?$/, 'Y', false],
  [/^mon(?:ths?)?$/, 'M', false],
  [/^w(?:eeks?)?$/, 'W', false],
  [/^d(?:ays?)?$/, 'D', false],
  [/^h(?:(?:ou)?rs?)?$/, 'H', true],
  [/^m(?:in(?:ute)?s?)?$/, 'M', true],
  [/^s(?:ec(?:ond)?s?)?$/, 'S', true],
];

/** Returns the ISO 8601 duration that a text stands for: `P1M` for `1 month`, `PT90S` for `90s` or `P90S`. */
export function durationMeant(text: string): string | undefined {
  const capital = text.trim().toUpperCase();
  const written = [capital, capital.replace(/^P(\d+D)?T?/, 'P$1T')].find(isWholeDuration);
  if (written !== undefined) return written;
  const [, number, word = ''] = /^\s*(\d{1,6})\s*([a-z]{1,7})\s*$/i.exec(text) ?? [];
  const unit = UNITS.find(([words]) => words.test(word.toLowerCase()));
  if (number === undefined || !unit) return undefined;
  const [, letter, time] = unit;
  return `P${time ? 'T' : ''}${number}${letter}`;
}

/** Returns the instant that a text stands for: `2026-03-01T00:00:00Z` for `2026-03-01`. */
export function instantMeant(text: string): string | undefined {
  const [, date, time = '00:00', seconds = ':00', zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?\s*(Z|[+-]\d\d:\d\d)?)?$/i.exec(text.trim()) ?? [];
  return date === undefined ? undefined : `${date}T${time}${seconds}${zone ?? 'Z'}`;
}

/** The kinds of values in a file, by the types of the schema. */
const KINDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
};

/** Examples of mappings, by the keys that they stand under. */
const EXAMPLES: Readonly<Record<string, string>> = {
  expect: '{ status: 200 }',
  keep: '{ session: $.body.session_id }',
  shopper: '{ result: denied }',
  with: '{ result: denied }',
  fault: '{ timeout: true }',
  fraud: '{ status: PENDING }',
  when: '{ order_amount: { $over: 5000 } }',
  delivery: '{ twice: true }',
};

/** Examples of texts, by the keys that they stand under. */
const TEXTS: Readonly<Record<string, string>> = { error: 'REJECTED', advance: 'P1M', after: 'PT5M', delay: 'PT2S' };

/** Returns an example of an operation with parameters in its path. */
function exampleOf(name: string): string | undefined {
  const names = operations.get(name)?.parameters.path ?? [];
  if (names.length === 0) return undefined;
  return `{ path: { ${names.map((parameter) => `${parameter}: "\${${parameter}}"`).join(', ')} } }`;
}

/** Returns a value in words. */
function inWords(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `the text ${JSON.stringify(value)}` : String(value);
}

/**
 * Returns the words for a value of another kind than the schema has: what it must be and is, and how to write it.
 * @param key the key it stands under, if it is no item of a list
 */
export function wrongKind(types: readonly string[], value: unknown, key: string | undefined): string {
  const must = types.map((type) => KINDS[type]).join(' or ');
  return `must be ${must}, not ${inWords(value)}${howToWrite(types, value, key)}`;
}

function howToWrite(types: readonly string[], value: unknown, key = ''): string {
  if (types.includes('string') && ['number', 'boolean'].includes(typeof value)) {
    return TEXTS[key] === undefined ? `; write "${value}"` : `; such as ${key}: ${TEXTS[key]}`;
  }
  if (types.includes('integer') && /^\d+$/.test(String(value))) return '; leave the quotes out';
  if (types.includes('boolean') && isYes(value)) return `; write ${isYes(value)}`;
  if (types.includes('array')) {
    return typeof value === 'string' ? `; write [${value}]` : '; begin each of its items with a dash and a space';
  }
  if (!types.includes('object')) return '';
  const example = EXAMPLES[key] ?? exampleOf(key);
  if (example !== undefined) return `; such as ${key}: ${example}`;
  if (operations.has(String(value))) return `; write ${value}:`;
  return Array.isArray(value) ? '; leave the dash out' : '';
}

/** Returns the truth value that a text stands for, as YAML has it: yes and no are texts there. */
export function isYes(value: unknown): 'true' | 'false' | undefined {
  if (/^(?:true|yes|y|on)$/i.test(String(value))) return 'true';
  return /^(?:false|no|n|off)$/i.test(String(value)) ? 'false' : undefined;
}
