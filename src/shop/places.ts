import { type Api, documentOf, operations, propertiesOf, resolve, type Schema } from '../contract/operations.js';
import { upsert } from './fields.js';

/** An object in a request body, as the fields that lead to it; `[]` is an element of a list. */
type Place = readonly string[];

const known = new Map<string, ReadonlyMap<string, Place[]>>();

/** The objects of a request body that take a field, by the field's name; `schema` is the body's JSON pointer. */
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
 * Tells where a field belongs that stands in an object which does not take it: above or below that object, or in the only
 * one that has such a field. A name that many objects use, such as `name`, says nothing across them.
 * @param at the path of the field: `$.body.order_lines[0].locale`
 * @returns the paths it belongs to, none where it is not known to belong anywhere
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

/** The first operation of one of Klarna's APIs that takes a field: of Klarna Payments, createSession takes `intent`. */
export function operationTaking(api: Api, name: string): string | undefined {
  if (api === 'sandbox') return undefined;
  return [...operations.values()].find(
    ({ api: own, request }) => own === api && request && placesOf(api, request.schema).get(name)?.some(isTop),
  )?.name;
}

const isTop = (place: Place): boolean => place.length === 0;
