const SEGMENT = /\.([\w-]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/**
 * Returns the segments of a path such as `$.body.order_lines[0].name` or `order.order_id`, without the `$` or `order`.
 * @returns undefined when the text is no path
 */
export function parsePath(text: string): (string | number)[] | undefined {
  const root = /^(?:\$|[A-Za-z_]\w*)/.exec(text)?.[0];
  if (root === undefined) return undefined;
  const segments: (string | number)[] = [];
  SEGMENT.lastIndex = root.length;
  while (SEGMENT.lastIndex < text.length) {
    const found = SEGMENT.exec(text);
    if (!found) return undefined;
    const [, name, index, quoted] = found;
    segments.push(index === undefined ? (name ?? unquote(quoted as string)) : Number(index));
  }
  return segments;
}

const unquote = (text: string): string => text.replace(/\\(.)/g, '$1');

/** Returns the value at a path; undefined when there is none. Follows own properties only. */
export function follow(value: unknown, segments: readonly (string | number)[]): unknown {
  let at = value;
  for (const segment of segments) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = (at as Record<string | number, unknown>)[segment];
  }
  return at;
}

/** Returns a path with one more segment, written as `parsePath` reads it. */
export function extend(path: string, segment: string | number): string {
  if (typeof segment === 'number') return `${path}[${segment}]`;
  return /^[\w-]+$/.test(segment) ? `${path}.${segment}` : `${path}["${segment.replace(/["\\]/g, '\\$&')}"]`;
}
