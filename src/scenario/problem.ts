import { closestMatch } from 'leven';

/** Where something stands in a file; both count from 1. */
export interface Position {
  line: number;
  column: number;
}

/** One mistake in a scenario file. */
export interface Problem extends Position {
  path: string;
  message: string;
}

/** `path:line:column message`, as editors and terminals make a link of it. */
export function renderProblem({ path, line, column, message }: Problem): string {
  return `${path}:${line}:${column} ${message}`;
}

/** A scenario file that cannot be used, with everything that is wrong with it. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';

  constructor(readonly problems: Problem[]) {
    super(problems.map(renderProblem).join('\n'));
  }
}

/** The nearest of the words, unless none is near. */
export function nearestWord(given: string, words: Iterable<string>): string | undefined {
  return closestMatch(given, [...words], { maxDistance: Math.max(2, Math.floor(given.length / 3)) });
}

/** ` (did you mean "x"?)` for the nearest of the words, or nothing when none is near. */
export function didYouMean(given: string, words: Iterable<string>): string {
  const near = nearestWord(given, words);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}
