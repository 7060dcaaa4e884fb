import { closestMatch } from 'leven';

/** A position in a file; line and column count from 1. */
export interface Position {
  line: number;
  column: number;
}

/** A mistake in a scenario file. */
export interface Problem extends Position {
  path: string;
  message: string;
  /** The place in words, for a scenario that is no file; empty for all of it. */
  place?: string;
}

/**
 * Returns `path:line:column message`, a form that editors and terminals turn into a link; for a scenario that is no file, the
 * place in words and the message.
 */
export function renderProblem({ path, line, column, message, place }: Problem): string {
  if (place !== undefined) return place === '' ? message : `${place}: ${message}`;
  return `${path}:${line}:${column} ${message}`;
}

/** The most mistakes that are looked for in a file. */
export const MOST_PROBLEMS = 1_000;

/** The error for a scenario file that cannot be used, with all its mistakes. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';

  constructor(readonly problems: Problem[]) {
    super(problems.map(renderProblem).join('\n'));
  }
}

/** The most words, and the longest, that a word is compared with: they may come from a file as well. */
const MOST_WORDS = 1_000;
const LONGEST_WORD = 200;

/** Returns the word with the most similar spelling; undefined when none is similar. */
export function nearestWord(given: string, words: Iterable<string>): string | undefined {
  if (given.length > LONGEST_WORD) return undefined;
  const few = [...words].slice(0, MOST_WORDS).filter((word) => word.length <= LONGEST_WORD);
  return closestMatch(given, few, { maxDistance: Math.max(2, Math.floor(given.length / 3)) });
}

/** Returns ` (did you mean "x"?)` for the word with the most similar spelling, or an empty text. */
export function didYouMean(given: string, words: Iterable<string>): string {
  const near = nearestWord(given, words);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}
