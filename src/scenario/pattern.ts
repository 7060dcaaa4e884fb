import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

const require = createRequire(import.meta.url);

/** A regular expression, compiled. */
interface Pattern {
  /** The most steps that it takes for each sign of a text. */
  size: number;
  test(text: string): boolean;
}

/** The longest regular expression in characters, and the largest in the steps of its program. */
const LONGEST = 1_000;
const LARGEST = 1_000;

/** The steps of matching that are left, where they are counted. */
let left = Number.POSITIVE_INFINITY;

/** The cost of compiling an expression, in steps of matching. */
const COMPILING = 10_000;

/** The most steps of matching for one call. */
const STEPS = 5_000_000;

/** Does work in which expressions are matched and compiled in a limited number of steps; after that nothing matches. */
export function inFewSteps<T>(work: () => T, steps = STEPS): T {
  left = steps;
  try {
    return work();
  } finally {
    left = Number.POSITIVE_INFINITY;
  }
}

/** The most expressions that are kept compiled; the oldest go first. */
const KEPT = 1_000;
const kept = new Map<string, Pattern | string>();

/** Returns an expression compiled, or what is wrong with it. */
function compiled(source: string): Pattern | string {
  const known = kept.get(source) ?? readPlain(source);
  if (known !== undefined) return known;
  left -= COMPILING;
  if (left < 0) return 'takes no more regular expressions: there are too many of them';
  const pattern = compile(source);
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value as string);
  kept.set(source, pattern);
  return pattern;
}

/** A text, from the beginning or to the end where it says so. */
const PLAIN = /^(\^?)([^\\^$.|?*+()[\]{}]*)(\$?)$/;

/** Reads an expression that is a text and no more, as most are; it needs no library. */
function readPlain(source: string): Pattern | undefined {
  const [, start, text = '', end] = PLAIN.exec(source) ?? [];
  if (start === undefined) return undefined;
  if (start) return { size: 1, test: end ? (given) => given === text : (given) => given.startsWith(text) };
  return { size: 1, test: end ? (given) => given.endsWith(text) : (given) => given.includes(text) };
}

function compile(source: string): Pattern | string {
  if (source.length > LONGEST) return `takes a regular expression of at most ${LONGEST} characters`;
  const size = sizeOf(source);
  if (size > LARGEST)
    return `takes a smaller regular expression: this one repeats to ${size} signs, at most ${LARGEST}`;
  // Loaded at first use: few servers meet such an expression.
  const library: { RE2JS: typeof RE2JS } = require('re2js');
  try {
    if (REFERENCE.test(source)) throw new Error('invalid escape sequence: `\\k`');
    const pattern = library.RE2JS.compile(library.RE2JS.translateRegExp(source));
    return { size, test: (text) => pattern.test(text) };
  } catch (error) {
    return `takes a regular expression of RE2 (${(error as Error).message})${insteadOf(source)}`;
  }
}

/** A reference to a group by its name, which the library takes for text. */
const REFERENCE = /^(?:[^\\]|\\[^k])*\\k</s;

/** Returns what to write in the place of what only engines that go back know. */
function insteadOf(source: string): string {
  if (/\(\?<?[=!]/.test(source)) return '; instead of looking ahead or behind give a list, of which all must match';
  if (/\\(?:[1-9]|k<)/.test(source)) return '; nothing refers back to a group: write what may stand there';
  return '';
}

/** The parts of an expression: an escape, a class, a number of repetitions, or any other sign. */
const PART = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|./gs;

/** Returns the number of signs in an expression when all its repetitions are written out. */
function sizeOf(source: string): number {
  // Of each group that is open.
  const sizes = [0];
  let last = 0;
  const add = (size: number) => sizes.push((sizes.pop() ?? 0) + size);
  for (const [part, from, to] of source.matchAll(PART)) {
    if (part === '(') sizes.push(0);
    else if (from !== undefined) add(last * (Math.max(Number(from), Number(to ?? 0)) - 1));
    else {
      last = part === ')' ? (sizes.pop() as number) + 1 : 1;
      add(last);
    }
  }
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Returns what is wrong with a regular expression; undefined for a good one. */
export function faultIn(source: string): string | undefined {
  const pattern = compiled(source);
  return typeof pattern === 'string' ? pattern : undefined;
}

/** Tells if a text has a part that an expression matches. Takes time by the length of both, whatever is in them. */
export function matches(source: string, text: string): boolean {
  if (left < 0) return false;
  const pattern = compiled(source);
  if (typeof pattern === 'string') return false;
  left -= pattern.size * text.length;
  return left >= 0 && pattern.test(text);
}
