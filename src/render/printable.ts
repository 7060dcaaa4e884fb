/** Whatever could move the cursor, hide text or turn its direction, and what no encoding can write. */
export const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A character by its number, as `\u{1b}`. */
export const escapeCharacter = (character: string): string =>
  `\\u{${(character.codePointAt(0) as number).toString(16)}}`;

/** Text as one line that is safe on a terminal. */
export const printable = (text: string): string => text.replace(unprintable, escapeCharacter);
