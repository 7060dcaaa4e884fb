/** A JSON object with fields of unknown types. */
export type Fields = Record<string, unknown>;

/** Tells if a value is a JSON object. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a value as an object; an empty one where it is none. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** Returns the objects of a list; none where it is no list. */
export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number; 0 where it is none. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** A `Map` or a `WeakMap`. */
interface Elements<Key, Element> {
  get(key: Key): Element | undefined;
  set(key: Key, element: Element): unknown;
}

/** The element under a key, made when it is first asked for. */
export function upsert<Key, Element>(elements: Elements<Key, Element>, key: Key, make: () => Element): Element {
  let element = elements.get(key);
  if (element === undefined) {
    element = make();
    elements.set(key, element);
  }
  return element;
}

/** Elements in lists by what they have in common, in the order in which they came. */
export function groupBy<Key, Element>(
  elements: Iterable<Element>,
  keyOf: (element: Element) => Key,
): Map<Key, Element[]> {
  const groups = new Map<Key, Element[]>();
  for (const element of elements) upsert(groups, keyOf(element), () => []).push(element);
  return groups;
}
