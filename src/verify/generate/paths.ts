import type { Random } from './random.js';

/** A UUID of version 4 that nobody has handed out. */
function uuid(random: Random): string {
  const digits = (count: number) => Array.from({ length: count }, () => random.between(0, 15).toString(16)).join('');
  return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`;
}

const ids: Readonly<Record<string, (random: Random) => string>> = {
  'unknown-id': uuid,
  'no-id': () => 'no-such-id',
  'long-id': () => 'x'.repeat(300),
  'braces-in-id': () => '{order.id}',
  'slashes-in-id': () => '../..',
};

/** Parameters of a path, one of which names nothing. */
export function mutatePath(
  path: Record<string, string>,
  random: Random,
): { kind: string; path: Record<string, string> } {
  const kind = random.pick(Object.keys(ids));
  const parameter = random.pick(Object.keys(path));
  return { kind, path: { ...path, [parameter]: (ids[kind] as (typeof ids)[string])(random) } };
}
