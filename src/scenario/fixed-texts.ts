/** One sign of a regular expression, or a class of them, and how often it may stand there. */
const PART = /(\\.|\[(?:\\.|[^\]\\])*\]|.)([*+?]\??|\{[^}]*\}\??)?/gsu;

/** Choices, groups, classes by name or of a bracket, escapes of letters: what a text must contain is then not plain to see. */
const UNCLEAR = /[|(]|\[(?:\^?\]|[^\]]*\[)|\\[^\WdDsSwWbB]/;

/** Returns texts that stand in whatever a regular expression of RE2 matches; none where it is too involved. */
export function fixedTexts(pattern: string): string[] {
  if (UNCLEAR.test(pattern)) return [];
  const texts = [''];
  for (const [, part = '', often = ''] of pattern.matchAll(PART)) {
    const [, plain, escaped] = /^(?:([^\\[.^$])|\\(\W))$/u.exec(part) ?? [];
    const sign = plain ?? escaped;
    const isThere = sign !== undefined && (often === '' || often.startsWith('+'));
    if (isThere) texts.push(`${texts.pop()}${sign}`);
    if (!isThere || often !== '') texts.push('');
  }
  return texts.filter((text) => text !== '');
}
