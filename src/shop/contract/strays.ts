import {
  type Api,
  documentOf,
  flatten,
  type Leniency,
  type Operation,
  operations,
  propertiesOf,
  resolve,
  type Schema,
} from '../../contract/operations.js';
import type { Exchange } from '../../exchange/exchange.js';
import { type Fields, fieldsOf, upsert } from '../../exchange/fields.js';
import { extend } from '../../scenario/paths.js';
import { nearestWord } from '../../scenario/problem.js';
import { pageCalls } from '../purchase.js';

/** Path of an object in a request body: the names of the fields that lead to it; `[]` is an element of a list. */
type Place = readonly string[];

const known = new Map<string, ReadonlyMap<string, Place[]>>();

/** Returns the objects of a request body that have a field, by its name; `schema` is the body's JSON pointer. */
function placesOf(api: Api, schema: string): ReadonlyMap<string, Place[]> {
  return upsert(known, `${api} ${schema}`, () => {
    const places = new Map<string, Place[]>();
    enter(places, api, { $ref: schema }, [], []);
    return places;
  });
}

function enter(places: Map<string, Place[]>, api: Api, schema: Schema, place: Place, above: readonly string[]): void {
  if (schema.$ref !== undefined && above.includes(schema.$ref)) return;
  const document = documentOf(api);
  const around = schema.$ref === undefined ? above : [...above, schema.$ref];
  for (const [name, property] of Object.entries(propertiesOf(document, schema))) {
    if (!writable(api, property)) continue;
    upsert(places, name, () => []).push(place);
    enter(places, api, property, [...place, name], around);
  }
  const items = schema.items ?? (schema.$ref === undefined ? undefined : resolve<Schema>(document, schema.$ref).items);
  if (items) enter(places, api, items, [...place, '[]'], around);
}

const writable = (api: Api, { $ref, readOnly }: Schema): boolean =>
  !(readOnly ?? ($ref !== undefined && resolve<Schema>(documentOf(api), $ref).readOnly));

/**
 * Returns the paths to which a misplaced field belongs: the nearest objects above or below its own that have such a
 * field, or the only object that has one. Objects elsewhere do not count when several have the field, such as `name`.
 * @param at path of the field: `$.body.order_lines[0].locale`
 * @returns no paths when none is known
 */
export function rightPlaces(api: Api, schema: string, at: string, name: string): string[] {
  const here = at
    .replaceAll(/\[\d+\]/g, '.[]')
    .split('.')
    .slice(2, -1);
  const places = placesOf(api, schema).get(name) ?? [];
  const near =
    places.length === 1 ? places : places.filter((place) => startsWith(place, here) || startsWith(here, place));
  const steps = Math.min(...near.map((place) => Math.abs(place.length - here.length)));
  return near
    .filter((place) => Math.abs(place.length - here.length) === steps)
    .map((place) => ['$.body', ...place, name].join('.').replaceAll('.[]', '[]'));
}

const startsWith = (place: Place, start: Place): boolean => start.every((field, index) => place[index] === field);

/** Returns an API's first operation with a field at the top of its body: createSession for `intent` of `payments`. */
export function operationTaking(api: Api, name: string): string | undefined {
  if (api === 'sandbox') return undefined;
  return [...operations.values()].find(
    ({ api: own, request }) => own === api && request && placesOf(api, request.schema).get(name)?.some(isTop),
  )?.name;
}

const isTop = (place: Place): boolean => place.length === 0;

/** A field or value that Klarna accepts, but ignores or reads as something else. */
export interface Stray {
  kind: 'unknown' | 'misplaced' | 'foreign' | 'read-only' | 'deprecated' | 'case' | 'type' | 'fraction';
  /** JSON path: `$.body.order_lines[0].name`. */
  path: string;
  /** Name of the field, or the value. */
  given: unknown;
  /** The nearest known name or word, the paths or the operation that take the field, or the value that Klarna reads. */
  expected?: unknown;
  /** Id of the contract's leniency by which Klarna accepts it. */
  leniency?: Leniency;
}

/** Adds the strays in one value to `found`, with paths that begin at the value. */
type Look = (value: unknown, found: Stray[]) => void;

const looks = new WeakMap<Schema, Look>();
const bodyLooks = new Map<string, Look>();

/** Finds the strays in a request. In a call of the page only the data that Klarna's SDK gets are looked at. */
export function findStrays({ api, name, request }: Operation, { body, cut }: Exchange['request']): Stray[] {
  if (!request || cut) return [];
  if (api !== 'sandbox') return strayIn(api, request.schema, body);
  return pageCalls.has(name) ? strayIn(api, request.schema, { data: fieldsOf(body).data }) : [];
}

/** Returns all strays in a request body; `schema` is the JSON pointer of its schema. */
export function strayIn(api: Api, schema: string, body: unknown): Stray[] {
  const found: Stray[] = [];
  const look = upsert(bodyLooks, `${api} ${schema}`, () => lookOf(resolve<Schema>(documentOf(api), schema), api));
  look(body, found);
  for (const stray of found) stray.path = `$.body${stray.path}`;
  return found.map((stray) => (stray.kind === 'unknown' ? placed(stray, api, schema) : stray));
}

/** Returns an unknown field as misplaced (known elsewhere in the body), foreign (of another operation) or unknown. */
function placed(stray: Stray, api: Api, schema: string): Stray {
  const name = String(stray.given);
  const places = rightPlaces(api, schema, stray.path, name);
  if (places.length > 0) return { ...stray, kind: 'misplaced', expected: places };
  const operation = stray.expected === undefined ? operationTaking(api, name) : undefined;
  return operation === undefined ? stray : { ...stray, kind: 'foreign', expected: operation };
}

/** Returns the function that finds strays in values of a schema; made once for each schema. */
function lookOf(schema: Schema, api: Api): Look {
  let look = looks.get(schema);
  if (!look) {
    look = makeLook(schema, api);
    looks.set(schema, look);
  }
  return look;
}

/**
 * Adds the strays in a value that stands at a segment of its parent. Most values have none, so that a path is only put together
 * for those that have.
 */
function lookInside(look: Look, value: unknown, segment: string | number, found: Stray[]): void {
  const before = found.length;
  look(value, found);
  for (let at = before; at < found.length; at++) {
    const stray = found[at] as Stray;
    stray.path = extend('', segment) + stray.path;
  }
}

function makeLook(schema: Schema, api: Api): Look {
  const document = documentOf(api);
  const properties = propertiesOf(document, schema);
  if (Object.keys(properties).length > 0) return lookAtFields(properties, api);
  const flat = flatten(schema, documentOf(api));
  if (flat.items) {
    const item = lookOf(flat.items, api);
    return (value, found) => {
      if (Array.isArray(value)) for (const [index, each] of value.entries()) lookInside(item, each, index, found);
    };
  }
  return lookAtScalar(flat);
}

/** The most strays that are looked for in a body. */
const MOST = 1_000;

function lookAtFields(properties: Record<string, Schema>, api: Api): Look {
  const known = new Map(
    Object.entries(properties).map(([name, schema]) => {
      const { readOnly, deprecated } = flatten(schema, documentOf(api));
      return [name, { readOnly, deprecated, look: lookOf(schema, api) }];
    }),
  );
  const writable = [...known].filter(([, { readOnly }]) => !readOnly).map(([name]) => name);
  return (value, found) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const name in value) {
      if (found.length >= MOST) return;
      const inner = (value as Fields)[name];
      // A null field counts as absent.
      if (inner === null) continue;
      const field = known.get(name);
      if (!field) {
        const near = nearestWord(name, writable);
        const path = extend('', name);
        found.push({ kind: 'unknown', path, given: name, expected: near, leniency: 'unknown-ignored' });
      } else if (field.readOnly) {
        found.push({ kind: 'read-only', path: extend('', name), given: name, leniency: 'read-only-ignored' });
      } else {
        if (field.deprecated) found.push({ kind: 'deprecated', path: extend('', name), given: name });
        lookInside(field.look, inner, name, found);
      }
    }
  };
}

function lookAtScalar({ type, enum: values }: Schema): Look {
  if (type === 'integer') {
    return (given, found) => {
      if (typeof given === 'string' && given.trim() !== '' && Number.isFinite(Number(given))) {
        found.push({ kind: 'type', path: '', given, expected: Number(given), leniency: 'numeric-text' });
      } else if (typeof given === 'number' && !Number.isInteger(given)) {
        found.push({ kind: 'fraction', path: '', given, expected: Math.trunc(given), leniency: 'fractions' });
      }
    };
  }
  if (type !== 'string') return () => {};
  const exact = new Set(values);
  const byCase = values && new Map(values.map((value) => [String(value).toUpperCase(), value]));
  return (given, found) => {
    if (typeof given === 'number') {
      found.push({ kind: 'type', path: '', given, expected: String(given), leniency: 'number-as-text' });
    } else if (typeof given === 'string' && !exact.has(given)) {
      const expected = byCase?.get(given.toUpperCase());
      if (expected !== undefined) found.push({ kind: 'case', path: '', given, expected, leniency: 'enum-case' });
    }
  };
}
