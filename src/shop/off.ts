/** Stands for every check. */
export const ALL_CHECKS = '*';

/** What is left out of a report: a check by the word that was given for it, of every merchant or of some. */
export interface Off {
  check: string;
  /** A pattern of user names in which `*` stands for any characters. */
  merchants?: string;
}

/** Reads `CHECK` or `CHECK@MERCHANTS`, with commas between. */
export function readOff(list: string): Off[] {
  const words = list.split(',').map((word) => word.trim());
  return words.filter((word) => word !== '').map(readWord);
}

function readWord(word: string): Off {
  const at = word.indexOf('@');
  return at < 0 ? { check: word } : { check: word.slice(0, at), merchants: word.slice(at + 1) };
}

/** Tells whether a text is of a pattern in which `*` stands for any characters. */
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

/** Tells whether what is left out holds a check. */
export const leavesOut = (off: readonly string[], check: string): boolean =>
  off.includes(check) || off.includes(ALL_CHECKS);
