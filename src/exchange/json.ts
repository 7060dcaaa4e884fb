/**
 * The most levels that a body nests. Klarna's own nest fewer than ten, and whoever walks, prints or saves a body calls itself for
 * each level.
 */
export const DEPTH = 64;

/** The most levels of a file, or of an answer, that has bodies in it. */
export const DOCUMENT_DEPTH = 2 * DEPTH;

/** The error of JSON that nests deeper than is read. */
export class TooDeep extends SyntaxError {
  override name = 'TooDeep';

  constructor(depth: number) {
    super(tooDeep(depth));
  }
}

/** Returns the words for what nests deeper than is read. */
export const tooDeep = (depth: number): string => `nested deeper than ${depth} levels`;

/**
 * Reads JSON that comes from outside.
 * @throws {SyntaxError} when it is none; {@link TooDeep} when it nests deeper
 */
export function parseJson(text: string, depth = DEPTH): unknown {
  const value: unknown = JSON.parse(text);
  if (opensMany(text, depth) && isDeeper(value, depth)) throw new TooDeep(depth);
  return value;
}

/** Returns a body as a value; text that is no JSON, or nests deeper, as it is; undefined for an empty text. */
export function readBody(text: string, depth = DEPTH): unknown {
  if (text === '') return undefined;
  try {
    return parseJson(text, depth);
  } catch {
    return text;
  }
}

/** Tells if a value of JSON nests deeper than so many levels. */
export function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeper(item, depth - 1));
  for (const name in value) if (isDeeper((value as Record<string, unknown>)[name], depth - 1)) return true;
  return false;
}

/** Tells if a text has enough brackets to nest deeper. A fast check that hardly any text passes. */
function opensMany(text: string, depth: number): boolean {
  // Fewer characters cannot open and close that many levels.
  if (text.length <= 2 * depth) return false;
  let brackets = 0;
  for (const bracket of '{[') {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++brackets > depth) return true;
    }
  }
  return false;
}
