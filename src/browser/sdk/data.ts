import type { Fields } from './arguments.js';

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Returns a copy of what a page gave as data of the purchase, as JSON carries it; undefined when there is none.
 * Throws when JSON cannot carry it: an object within itself, a BigInt.
 */
export function copyData(data: unknown): Fields | undefined {
  if (!isObject(data)) return undefined;
  const copy: unknown = JSON.parse(JSON.stringify(data));
  return isObject(copy) && Object.keys(copy).length > 0 ? copy : undefined;
}

/** Returns both, the second over the first: objects are merged at every level, lists and all else replaced. */
export function mergeData(below: Fields | undefined, above: Fields | undefined): Fields | undefined {
  if (!below || !above) return above ?? below;
  const merged = new Map(Object.entries(below));
  for (const [name, value] of Object.entries(above)) {
    const old = merged.get(name);
    merged.set(name, isObject(old) && isObject(value) ? mergeData(old, value) : value);
  }
  return Object.fromEntries(merged);
}
