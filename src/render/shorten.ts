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
