/** Characters that could move the cursor, hide text or turn its direction, and those that no encoding can write. */
export const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Returns a character as its code point: `\u{1b}`. */
export const escapeCharacter = (character: string): string =>
  `\\u{${(character.codePointAt(0) as number).toString(16)}}`;

/** Returns text as one line that is safe on a terminal. */
export const printable = (text: string): string => text.replace(unprintable, escapeCharacter);

/** Returns a value as JSON in one line of at most `length` characters; long texts inside it are cut first. */
export function shorten(value: unknown, length: number): string {
  const text = JSON.stringify(value, (_, inner) =>
    typeof inner === 'string' && inner.length > 80 ? `${inner.slice(0, 40)}…(${inner.length} characters)` : inner,
  );
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Returns a text cut to `length` characters. */
export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;
