/** Whatever could move the cursor, hide text or turn its direction, and what no encoding can write. */
export const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A character by its number, as `\u{1b}`. */
export const escapeCharacter = (character: string): string =>
  `\\u{${(character.codePointAt(0) as number).toString(16)}}`;

/** Text as one line that is safe on a terminal. */
export const printable = (text: string): string => text.replace(unprintable, escapeCharacter);

/** A value as JSON in one line of at most so many characters; long texts inside it are cut before the whole is. */
export function shorten(value: unknown, length: number): string {
  const text = JSON.stringify(value, (_, inner) =>
    typeof inner === 'string' && inner.length > 80 ? `${inner.slice(0, 40)}…(${inner.length} characters)` : inner,
  );
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** A text of at most so many characters. */
export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;
