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
}

/** Returns `path:line:column message`, a form that editors and terminals turn into a link. */
export function renderProblem({ path, line, column, message }: Problem): string {
  return `${path}:${line}:${column} ${message}`;
}

/** The error for a scenario file that cannot be used, with all its mistakes. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';

  constructor(readonly problems: Problem[]) {
    super(problems.map(renderProblem).join('\n'));
  }
}

/** Returns the word with the most similar spelling; undefined when none is similar. */
export function nearestWord(given: string, words: Iterable<string>): string | undefined {
  return closestMatch(given, [...words], { maxDistance: Math.max(2, Math.floor(given.length / 3)) });
}

/** Returns ` (did you mean "x"?)` for the word with the most similar spelling, or an empty text. */
export function didYouMean(given: string, words: Iterable<string>): string {
  const near = nearestWord(given, words);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}
