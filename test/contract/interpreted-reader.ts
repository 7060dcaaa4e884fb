import {
  type Api,
  documentOf,
  flatten,
  type Leniency,
  type OpenApi,
  propertiesOf,
  resolve,
  type Schema,
} from '../../src/contract/operations.js';

/** Reads a value as Klarna's wire does, before it is checked. A value that it cannot read stays unchanged. */
type Reader = (value: unknown) => unknown;

const readers = new WeakMap<Schema, Reader>();

/**
 * Returns the reader of a request body by the JSON pointer of its schema: what the generated readers do, told a second time
 * by walking the schema. It drops what Klarna ignores and converts
 * what Klarna tolerates, as the contract's `x-wire` says (`null` is absent, numbers as text, enums in any case …). The
 * result is a new value with its keys in the order of the contract, so that the same body always gives the same JSON.
 */
export function bodyReader(api: Api, schema: string): Reader {
  const document = documentOf(api);
  const leniencies = new Set(document['x-wire'].map(({ id }) => id));
  return readerOf(resolve<Schema>(document, schema), document, leniencies);
}

/** Returns the reader of a schema in a document, with the given leniencies. */
export function readerOf(schema: Schema, document: OpenApi, lenient: ReadonlySet<Leniency>): Reader {
  const known = readers.get(schema);
  if (known) return known;
  const reader = makeReader(schema, document, lenient);
  readers.set(schema, reader);
  return reader;
}

function makeReader(schema: Schema, document: OpenApi, lenient: ReadonlySet<Leniency>): Reader {
  const properties = propertiesOf(document, schema);
  if (Object.keys(properties).length > 0) return objectReader(schema, properties, document, lenient);
  const flat = flatten(schema, document);
  if (flat.items) {
    const item = readerOf(flat.items, document, lenient);
    // One item more than the limit is enough to refuse the list.
    const most = flat.maxItems === undefined ? undefined : flat.maxItems + 1;
    return (value) => (Array.isArray(value) ? value.slice(0, most).map(item) : value);
  }
  return scalarReader(flat, lenient);
}

function objectReader(
  schema: Schema,
  properties: Record<string, Schema>,
  document: OpenApi,
  lenient: ReadonlySet<Leniency>,
): Reader {
  const skip = (property: Schema) => lenient.has('read-only-ignored') && flatten(property, document).readOnly === true;
  const fields = Object.entries(properties)
    .filter(([, property]) => !skip(property))
    .map(([name, property]) => ({ name, read: readerOf(property, document, lenient) }));
  const names = new Set(Object.keys(properties));
  // A closed schema refuses unknown fields; in an open one they are ignored.
  const keepUnknown = !lenient.has('unknown-ignored') || flatten(schema, document).additionalProperties === false;
  const dropNull = lenient.has('null-is-absent');
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const given = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const { name, read } of fields) {
      const field = given[name];
      if (field === undefined || (dropNull && field === null)) continue;
      result[name] = read(field);
    }
    if (keepUnknown) {
      for (const name of Object.keys(given)) if (!names.has(name)) result[name] = given[name];
    }
    return result;
  };
}

const WHOLE_NUMBER = /^\s*[-+]?\d{1,19}\s*$/;

function scalarReader(schema: Schema, lenient: ReadonlySet<Leniency>): Reader {
  switch (schema.type) {
    case 'integer': {
      const cutsFractions = lenient.has('fractions');
      const readsText = lenient.has('numeric-text');
      return (value) => {
        if (typeof value === 'number') return cutsFractions ? Math.trunc(value) + 0 : value;
        return typeof value === 'string' && readsText && WHOLE_NUMBER.test(value) ? Number(value) : value;
      };
    }
    case 'string': {
      const members = lenient.has('enum-case') ? membersByCase(schema.enum) : undefined;
      const readsNumber = lenient.has('number-as-text');
      return (value) => {
        if (typeof value === 'string') return members?.get(value) ?? members?.get(value.toUpperCase()) ?? value;
        return typeof value === 'number' && readsNumber ? String(value) : value;
      };
    }
    default:
      return (value) => value;
  }
}

function membersByCase(members: unknown[] | undefined): Map<string, string> | undefined {
  if (!members) return undefined;
  const byCase = new Map<string, string>();
  for (const member of members) {
    // The exact spelling too: it is the most frequent, and is found without a conversion.
    if (typeof member === 'string') byCase.set(member.toUpperCase(), member).set(member, member);
  }
  return byCase;
}
