import type { Position } from './problem.js';

/** A value of the file with its position. */
export interface Located {
  at: Position;
  /** The plain value, with aliases resolved. Keys such as `__proto__` are ordinary keys. */
  value: unknown;
  /** Entries of a mapping, each with the position of its key. */
  entries?: Map<string, { key: Position; node: Located }>;
  /** Elements of a list. */
  items?: Located[];
  /** Number of values in it, itself included, each alias counted in full. */
  size: number;
}

/** Returns the elements of the list under a key of a mapping; none when there is no list. */
export const itemsOf = (node: Located, name: string): Located[] => entry(node, name)?.items ?? [];

/** Returns the value under a key of a mapping; undefined when the node is no mapping or has no such key. */
export function entry(node: Located | undefined, name: string): Located | undefined {
  return node?.entries?.get(name)?.node;
}
