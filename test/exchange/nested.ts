/** Returns JSON that nests so deep, by lists and mappings in turn. */
export function nested(depth: number): string {
  const pairs = Math.floor(depth / 2);
  return `${'[{"a":'.repeat(pairs)}${depth % 2 === 1 ? '[]' : '1'}${'}]'.repeat(pairs)}`;
}

/** Depths that overflowed who walked, printed or saved what nests so deep. */
export const depths = [2_500, 5_000, 100_000];
