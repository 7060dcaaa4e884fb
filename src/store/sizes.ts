/** Bytes that V8 takes for a text, an object and each of its fields beside what they hold. */
const TEXT = 24;
const OBJECT = 40;
const FIELD = 12;

/**
 * Returns the bytes that a text takes in memory at most: one for each character, or two where a character is outside of
 * Latin-1. Characters of Latin-1 that are not ASCII count as others, since a look at each would cost more.
 */
export function textSize(text: string | undefined): number {
  if (text === undefined) return 0;
  const { length } = text;
  return Buffer.byteLength(text) === length ? length : 2 * length;
}

/** Returns roughly the bytes that plain data takes in memory. It looks at all of it: for what is large, and now and then. */
export function dataSize(data: unknown): number {
  let size = 0;
  const left: unknown[] = [data];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') size += TEXT + textSize(value);
    else if (typeof value === 'object' && value !== null) {
      const values = Object.values(value);
      size += OBJECT + FIELD * values.length;
      for (const each of values) if (typeof each === 'string' || typeof each === 'object') left.push(each);
    }
  }
  return size;
}
