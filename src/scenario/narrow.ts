import { fixedTexts } from './fixed-texts.js';
import { isMatcherMap, isWord, patternsOf, unescapeDollar } from './matchers.js';
import { extend, follow } from './paths.js';

/** Returns of many items those whose condition a body may meet: all that it meets, and few others. */
export type Lookup<Item> = (body: unknown) => readonly Item[];

type Path = (string | number)[];

/** A test that a body passes wherever it meets a condition: a part of the condition about one value. */
interface Sign {
  path: Path;
  /** The path as it is written. */
  name: string;
  /** The value is one of these. */
  values?: unknown[];
  /** The value is a text that contains each of these. */
  texts?: string[];
  /** The value is a number between these. */
  bounds?: Bounds;
}

interface Bounds {
  over: number;
  under: number;
}

interface Entry<Item> {
  item: Item;
  signs: Sign[];
}

/** Makes a lookup of those entries that it can tell apart; `next` makes one of the others, and of those that it cannot. */
type Narrowing = <Item>(entries: Entry<Item>[], next: (entries: Entry<Item>[]) => Lookup<Item>) => Lookup<Item>;

/** Number of items that are quicker tested one by one. */
const FEW = 8;

/** Makes a lookup of items by their conditions. */
export function narrow<Item extends { when: unknown }>(items: readonly Item[]): Lookup<Item> {
  const entries = items.map((item) => ({ item, signs: signsOf(item.when, []) }));
  return narrowBy([byValue, byText, byBounds], entries);
}

function narrowBy<Item>([first, ...others]: Narrowing[], entries: Entry<Item>[]): Lookup<Item> {
  if (first && entries.length > FEW) return first(entries, (rest) => narrowBy(others, rest));
  const items = entries.map(({ item }) => item);
  return () => items;
}

/** Returns the signs of a condition; none of its parts that are words, such as `$string`. */
function signsOf(when: unknown, path: Path): Sign[] {
  if (when === undefined || (typeof when === 'string' && isWord(when))) return [];
  const sign = { path, name: path.reduce<string>(extend, '$') };
  if (typeof when !== 'object' || when === null) return [{ ...sign, values: [literalOf(when)] }];
  if (Array.isArray(when)) return when.flatMap((element, index) => signsOf(element, [...path, index]));
  if (isMatcherMap(when)) return [{ ...sign, ...signOfMatchers({ ...when }) }];
  return Object.entries(when).flatMap(([key, value]) => signsOf(value, [...path, unescapeDollar(key)]));
}

const literalOf = (value: unknown): unknown => (typeof value === 'string' ? unescapeDollar(value) : value);

function signOfMatchers({ $oneOf, $match, $over, $under }: Record<string, unknown>): Omit<Sign, 'path' | 'name'> {
  return {
    ...(Array.isArray($oneOf) && $oneOf.every(isLiteral) && { values: $oneOf.map(literalOf) }),
    ...($match !== undefined && { texts: patternsOf($match).flatMap(fixedTexts) }),
    ...(($over !== undefined || $under !== undefined) && { bounds: boundsOf($over, $under) }),
  };
}

/** Returns the bounds that matchers set; those whose argument is no number never hold, and are left to be tested. */
const boundsOf = (over: unknown, under: unknown): Bounds => ({
  over: typeof over === 'number' ? over : Number.NEGATIVE_INFINITY,
  under: typeof under === 'number' ? under : Number.POSITIVE_INFINITY,
});

const isLiteral = (option: unknown): boolean =>
  typeof option === 'string' ? !isWord(option) : typeof option !== 'object' || option === null;

/** Keys at one path of a body, of which its value must have one. */
interface Choice {
  sign: Sign;
  keys: unknown[];
  /** The keys, each with its path in one text. */
  ids: string[];
}

/**
 * Makes a narrowing by keys of which a value must have one.
 * @param keysOf returns the choices of keys that a sign offers; the one that the fewest other items have is taken
 * @param keysIn returns the keys that a value has
 */
function byKeys(keysOf: (sign: Sign) => unknown[][], keysIn: (value: unknown) => Iterable<unknown>): Narrowing {
  const choiceOf = (sign: Sign, keys: unknown[]): Choice => ({
    sign,
    keys,
    ids: keys.map((key) => `${sign.name} ${JSON.stringify(key)}`),
  });
  return (entries, next) => {
    const offered = entries.map((entry) => ({
      entry,
      choices: entry.signs.flatMap((sign) => keysOf(sign).map((keys) => choiceOf(sign, keys))),
    }));
    const rarest = rarestBy(offered.flatMap(({ choices }) => choices.flatMap(({ ids }) => ids)));
    const shelves = new Map<string, { path: Path; buckets: Map<unknown, typeof entries> }>();
    const rest: typeof entries = [];
    for (const { entry, choices } of offered) {
      const choice = rarest(choices);
      if (!choice) {
        rest.push(entry);
        continue;
      }
      const { name, path } = choice.sign;
      const shelf = shelves.get(name) ?? { path, buckets: new Map() };
      shelves.set(name, shelf);
      for (const key of new Set(choice.keys)) {
        const bucket = shelf.buckets.get(key) ?? [];
        shelf.buckets.set(key, bucket);
        bucket.push(entry);
      }
    }
    return oneAfterAnother(
      next(rest),
      [...shelves.values()].map(({ path, buckets }) => {
        const lookups = new Map([...buckets].map(([key, inside]) => [key, next(inside)] as const));
        return (body, found) => {
          for (const key of keysIn(follow(body, path))) {
            for (const item of lookups.get(key)?.(body) ?? []) found.push(item);
          }
        };
      }),
    );
  };
}

/** Makes a function that returns of several choices the one whose keys are rarest among all. */
function rarestBy(ids: readonly string[]): (choices: readonly Choice[]) => Choice | undefined {
  const frequency = new Map<string, number>();
  for (const id of ids) frequency.set(id, (frequency.get(id) ?? 0) + 1);
  const costOf = (choice: Choice) => choice.ids.reduce((sum, id) => sum + (frequency.get(id) as number), 0);
  return (choices) => {
    const costs = choices.map(costOf);
    return choices[costs.indexOf(Math.min(...costs))];
  };
}

/** Makes a lookup of what one finds and of what others add to it. */
function oneAfterAnother<Item>(
  first: Lookup<Item>,
  others: readonly ((body: unknown, found: Item[]) => void)[],
): Lookup<Item> {
  return (body) => {
    const found = [...first(body)];
    for (const add of others) add(body, found);
    return found;
  };
}

const byValue = byKeys(
  ({ values }) => (values ? [values] : []),
  (value) => [value],
);

/** Length of the pieces of text by which texts are found; shorter ones say too little. */
const PIECE = 4;

/** Returns the pieces of a text, each once. */
function piecesOf(text: string): Set<string> {
  const pieces = new Set<string>();
  for (let at = 0; at + PIECE <= text.length; at++) pieces.add(text.slice(at, at + PIECE));
  return pieces;
}

const byText = byKeys(
  ({ texts = [] }) => texts.flatMap((text) => [...piecesOf(text)].map((piece) => [piece])),
  (value) => (typeof value === 'string' ? piecesOf(value) : []),
);

const byBounds: Narrowing = (entries, next) => {
  type Between = { entry: (typeof entries)[number]; bounds: Bounds };
  const shelves = new Map<string, { path: Path; between: Between[] }>();
  const rest: typeof entries = [];
  for (const entry of entries) {
    const sign = entry.signs.find(({ bounds }) => bounds);
    if (!sign?.bounds) {
      rest.push(entry);
      continue;
    }
    const shelf = shelves.get(sign.name) ?? { path: sign.path, between: [] };
    shelves.set(sign.name, shelf);
    shelf.between.push({ entry, bounds: sign.bounds });
  }
  return oneAfterAnother(
    next(rest),
    [...shelves.values()].map(({ path, between }) => {
      const add = around(between.map(({ entry: { item }, bounds }) => ({ item, ...bounds })));
      return (body, found) => {
        const value = follow(body, path);
        if (typeof value === 'number') add(value, found);
      };
    }),
  );
};

/** Makes a function that finds the items whose bounds a number lies between, by an interval tree. */
function around<Item>(spans: (Bounds & { item: Item })[]): (value: number, found: Item[]) => void {
  spans.sort((one, other) => one.over - other.over);
  // The middle of a range is the root of its tree; `tops` has the highest `under` of that tree.
  const tops: number[] = [];
  const fill = (from: number, to: number): number => {
    const middle = (from + to) >> 1;
    const span = spans[middle];
    if (from === to || !span) return Number.NEGATIVE_INFINITY;
    const top = Math.max(span.under, fill(from, middle), fill(middle + 1, to));
    tops[middle] = top;
    return top;
  };
  fill(0, spans.length);
  const visit = (from: number, to: number, value: number, found: Item[]): void => {
    const middle = (from + to) >> 1;
    const span = spans[middle];
    if (from === to || !span || value >= (tops[middle] as number)) return;
    visit(from, middle, value, found);
    if (value <= span.over) return;
    if (value < span.under) found.push(span.item);
    visit(middle + 1, to, value, found);
  };
  return (value, found) => visit(0, spans.length, value, found);
}
