import type { Problem } from './problem.js';

/** Spaces that are none to YAML, and signs without width. */
const ODD_SPACE = '[\\u00a0\\u1680\\u2000-\\u200d\\u202f\\u205f\\u2060\\u3000\\ufeff]';

/** An odd space where YAML needs a space: in the indentation, behind a dash, or behind the colon of a key. */
const INSTEAD_OF_SPACE = new RegExp(`^(?:[ \\t-]*|[^"'#:]*:[ \\t]*)(${ODD_SPACE})`);

/** A typographic quote at the beginning of a key or value. */
const ODD_QUOTE = /(?:^|[\s:[{,])([“”„‟‘’‚«»])/;

/**
 * Adds to the mistakes of a file the signs in it that look like others, and that may be the reason.
 * @returns where a line has an odd space, that in the place of its other mistakes
 */
export function withOddSigns(problems: readonly Problem[], text: string, path: string): Problem[] {
  const lines = text.split('\n');
  const spaces = lines.flatMap((content, index) => {
    const [all = '', sign] = INSTEAD_OF_SPACE.exec(content) ?? [];
    if (!sign) return [];
    const code = sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const message = `U+${code} stands here, which looks like a space and is none to YAML; write a plain one`;
    return [{ path, line: index + 1, column: all.length, message }];
  });
  const odd = new Set(spaces.map(({ line }) => line));
  const others = problems.filter(({ line }) => !odd.has(line));
  return [...spaces, ...others.map((problem) => withQuotes(problem, lines[problem.line - 1] as string))];
}

function withQuotes(problem: Problem, line: string): Problem {
  const [, quote] = ODD_QUOTE.exec(line) ?? [];
  return quote ? { ...problem, message: `${problem.message}; ${quote} is no quote to YAML, write "` } : problem;
}
