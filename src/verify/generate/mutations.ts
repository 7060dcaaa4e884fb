import { createHash } from 'node:crypto';
import {
  documentOf,
  flatten,
  type Leniency,
  type OpenApi,
  type Operation,
  propertiesOf,
  resolve,
  type Schema,
} from '../../contract/operations.js';
import { type Fields, isFields } from '../../exchange/fields.js';

/** Pseudorandom choices. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** An element of a list that is not empty. */
  pick<Element>(list: readonly Element[]): Element;
  /** True in `often` of a hundred cases. */
  percent(often: number): boolean;
}

/** Returns pseudorandom choices; the same seeds give the same ones. */
export function randomOf(...seeds: readonly unknown[]): Random {
  let state = createHash('sha256').update(JSON.stringify(seeds)).digest().readUInt32LE();
  // Mulberry32: small, quick, and good enough to choose examples.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    between,
    pick: (list) => list[between(0, list.length - 1)] as (typeof list)[number],
    percent: (often) => next() * 100 < often,
  };
}

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

/** Returns the parameters of a path with one that names nothing. */
export function mutatePath(
  path: Record<string, string>,
  random: Random,
): { kind: string; path: Record<string, string> } {
  const kind = random.pick(Object.keys(ids));
  const parameter = random.pick(Object.keys(path));
  return { kind, path: { ...path, [parameter]: (ids[kind] as (typeof ids)[string])(random) } };
}

/** One place of a body, and what is done to it. */
export interface Mutation {
  /** The kind of mistake: `missing`, `type`, `too-long` …; the same in every run. */
  kind: string;
  /** `['order_lines', 0, 'name']` */
  path: (string | number)[];
  /** The value in its place; undefined leaves it out. */
  value: unknown;
}

/** Keywords of a schema that a mutation goes against. */
interface Limits extends Schema {
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
}

/** Returns every mutation that makes a valid body invalid. */
export function mutationsOf({ api, request }: Operation, body: Fields): Mutation[] {
  if (!request) return [];
  const document = documentOf(api);
  const lenient = new Set(document['x-wire'].map(({ id }) => id));
  const schema = resolve<Schema>(document, request.schema);
  const properties = propertiesOf(document, schema);
  return [
    ...insideObject(schema, body, [], { document, lenient }),
    ...againstSums(body, properties),
    ...againstMarket(body, properties),
  ];
}

interface Context {
  document: OpenApi;
  lenient: ReadonlySet<Leniency>;
}

/** A schema with what it refers to in one. */
const whole = (schema: Schema, document: OpenApi): Limits => flatten(schema, document);

function insideObject(schema: Schema, value: Fields, path: Mutation['path'], context: Context): Mutation[] {
  const { required = [] } = whole(schema, context.document);
  return Object.entries(propertiesOf(context.document, schema))
    .filter(([name, property]) => name in value && whole(property, context.document).readOnly !== true)
    .flatMap(([name, property]) => {
      const at = [...path, name];
      const missing = { kind: 'missing', path: at, value: undefined };
      const nothing = { kind: 'null', path: at, value: null };
      const gone = context.lenient.has('null-is-absent') ? [missing, nothing] : [missing];
      return [...(required.includes(name) ? gone : []), ...ofValue(property, value[name], at, context)];
    });
}

function ofValue(schema: Schema, value: unknown, path: Mutation['path'], context: Context): Mutation[] {
  const limits = whole(schema, context.document);
  const own = brokenValues(limits, value).map(([kind, broken]) => ({ kind, path, value: broken }));
  if (isFields(value)) return [...own, ...insideObject(schema, value, path, context)];
  const { items } = limits;
  if (!items) return own;
  return [
    ...own,
    ...(value as unknown[]).flatMap((element, index) => ofValue(items, element, [...path, index], context)),
  ];
}

/** Values that a schema refuses, each for one reason. */
function brokenValues(limits: Limits, value: unknown): [string, unknown][] {
  const broken: [string, unknown][] = [];
  const add = (when: boolean, kind: string, make: () => unknown) => when && broken.push([kind, make()]);
  const { minLength = 0, maxLength, minimum, maximum, minItems = 0, maxItems, pattern } = limits;
  add(true, 'type', () => wrongType(limits.type));
  add(limits.enum !== undefined, 'enum', () => 'NO_SUCH_WORD');
  add(minLength > 0, 'too-short', () => 'x'.repeat(minLength - 1));
  add(maxLength !== undefined, 'too-long', () => 'x'.repeat((maxLength as number) + 1));
  add(minimum !== undefined, 'too-low', () => (minimum as number) - 1);
  add(maximum !== undefined, 'too-high', () => (maximum as number) + 1);
  add(minItems > 0, 'too-few', () => []);
  add(maxItems !== undefined && Array.isArray(value), 'too-many', () =>
    Array((maxItems as number) + 1).fill((value as unknown[])[0]),
  );
  const unfit =
    pattern === undefined ? undefined : ['', '!', 'no such text'].find((text) => !new RegExp(pattern, 'u').test(text));
  add(unfit !== undefined, 'pattern', () => unfit);
  return broken;
}

/** A value of a type that no leniency reads as the right one. */
function wrongType(type: Schema['type']): unknown {
  if (type === 'string' || type === 'integer' || type === 'number') return { wrong: true };
  return 'text';
}

/** Sums that do not come out, where Klarna reckons: in purchases that name their tax. */
function againstSums(body: Fields, properties: Record<string, Schema>): Mutation[] {
  const { order_amount, order_tax_amount, order_lines } = body;
  if (!('order_tax_amount' in properties) || !Array.isArray(order_lines)) return [];
  const lines = order_lines as Fields[];
  return [
    ...(typeof order_amount === 'number' ? [{ kind: 'sum', path: ['order_amount'], value: order_amount + 1 }] : []),
    ...(typeof order_tax_amount === 'number'
      ? [{ kind: 'tax-sum', path: ['order_tax_amount'], value: order_tax_amount + lines.length + 1 }]
      : []),
    ...lines.map(({ total_amount, quantity }, index) => ({
      kind: 'line-sum',
      path: ['order_lines', index, 'total_amount'],
      value: Number(total_amount) + Number(quantity) + 1,
    })),
  ];
}

/** A currency that is no market's, where a purchase begins and its market is judged. */
function againstMarket(body: Fields, properties: Record<string, Schema>): Mutation[] {
  if (!('intent' in properties) || !('purchase_currency' in body)) return [];
  return [{ kind: 'market', path: ['purchase_currency'], value: 'XTS' }];
}

/** Returns a body with one mutation. */
export function mutate(body: Fields, { path, value }: Mutation): Fields {
  const copy = structuredClone(body);
  let holder: Record<string | number, unknown> = copy;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
  const last = path.at(-1) as string | number;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

/** Picks a mutation; each kind is as likely as the others. */
export function pickMutation(all: readonly Mutation[], random: Random): Mutation | undefined {
  if (all.length === 0) return undefined;
  const kind = random.pick([...new Set(all.map((mutation) => mutation.kind))]);
  return random.pick(all.filter((mutation) => mutation.kind === kind));
}
