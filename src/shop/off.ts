/** The name that stands for every check. */
export const ALL_CHECKS = '*';

/** A check to be left out, as it was named, for all merchants or for some. */
export interface Off {
  check: string;
  /** A pattern of user names in which `*` stands for any characters. */
  merchants?: string;
}

/** Reads a list of `CHECK` or `CHECK@MERCHANTS`, separated by commas. */
export function readOff(list: string): Off[] {
  if (list === '') return [];
  const words = list.split(',').map((word) => word.trim());
  return words.filter((word) => word !== '').map(readWord);
}

function readWord(word: string): Off {
  const at = word.indexOf('@');
  return at < 0 ? { check: word } : { check: word.slice(0, at), merchants: word.slice(at + 1) };
}

/** Tells whether a text matches a pattern in which `*` stands for any characters. */
export function isLike(text: string, pattern: string): boolean {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  if (end === undefined) return text === pattern;
  const limit = text.length - end.length;
  if (!text.startsWith(start) || !text.endsWith(end) || limit < start.length) return false;
  let at = start.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > limit) return false;
    at = found + part.length;
  }
  return true;
}

/** Tells whether a list of ids leaves a check out, by its id or by `*`. */
export const leavesOut = (off: readonly string[], check: string): boolean =>
  off.includes(check) || off.includes(ALL_CHECKS);
