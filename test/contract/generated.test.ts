import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { beanWords } from '../../src/contract/bean-words.js';
import { check, tell, validator } from '../../src/contract/compile.js';
import { completeExample } from '../../src/contract/examples.js';
import {
  apis,
  documentOf,
  type Leniency,
  type OpenApi,
  type Operation,
  operations,
  propertiesOf,
  resolve,
  type Schema,
} from '../../src/contract/operations.js';
import { answerShape, bodyReader, shapesOf } from '../../src/contract/shapes.js';
import { readScenarios } from '../../src/scenario/files.js';
import { holds } from '../property.js';
import t from '../tap.js';
import { bodyReader as interpreted, readerOf } from './interpreted-reader.js';
import { compileText } from './text-validator.js';

/** Loads the generator; its types are those of a project of its own (tsconfig.scripts.json). */
const { readersCode } = await import(new URL('../../scripts/generate/readers.js', import.meta.url).href);

const ALL: Leniency[] = [
  'null-is-absent',
  'enum-case',
  'numeric-text',
  'fractions',
  'number-as-text',
  'unknown-ignored',
  'read-only-ignored',
];

/** Reads a value by a schema outside of all contracts, with the generated reader; the interpreted one reads the same. */
function reading(schema: Schema, value: unknown, ...lenient: Leniency[]): unknown {
  const document = {} as OpenApi;
  const readers: Record<string, (value: unknown) => unknown> = {};
  new Function('exports', readersCode(document, new Set(lenient), { it: schema }))(readers);
  const read = readers.it?.(value);
  // A new schema each time: its interpreted reader is kept.
  deepStrictEqual(read, readerOf(structuredClone(schema), document, new Set(lenient))(value));
  return read;
}

t.test('each leniency of the wire reads what it is for, and nothing else does', async (t) => {
  const given = { name: 7, unknown: 'a', kind: 'Card', text: ' -12 ', part: -1.9, gone: null, id: 'b' };
  const effects: Record<Leniency, object> = {
    'null-is-absent': { gone: undefined },
    'enum-case': { kind: 'card' },
    'numeric-text': { text: -12 },
    fractions: { part: -1 },
    'number-as-text': { name: '7' },
    'unknown-ignored': { unknown: undefined },
    'read-only-ignored': { id: undefined },
  };
  const schema: Schema = {
    type: 'object',
    properties: {
      id: { type: 'string', readOnly: true },
      name: { type: 'string' },
      kind: { type: 'string', enum: ['card', 'INVOICE'] },
      text: { type: 'integer' },
      part: { type: 'integer' },
      gone: { type: 'string' },
      list: { type: 'array', items: { type: 'integer' } },
      flag: { type: 'boolean' },
      'odd-name': { type: 'integer' },
    },
  };
  const json = (value: unknown) => JSON.parse(JSON.stringify(value));
  t.strictSame(reading(schema, given), given);
  for (const one of ALL) t.strictSame(json(reading(schema, given, one)), json({ ...given, ...effects[one] }), one);
  t.equal(
    JSON.stringify(reading(schema, given, ...ALL)),
    '{"name":"7","kind":"card","text":-12,"part":-1}',
    'together, in the order of the contract',
  );
  for (const text of ['1.5', '', ' ', '1e3', '0x10', '--1', '1 2', '12345678901234567890']) {
    t.strictSame(reading(schema, { text }, ...ALL), { text }, `${text} is no whole number`);
  }
  t.strictSame(reading(schema, { list: ['1', '+2', 3.7], flag: 'x', 'odd-name': '4' }, ...ALL), {
    list: [1, 2, 3],
    flag: 'x',
    'odd-name': 4,
  });
  t.equal(JSON.stringify(reading(schema, { part: -0.5, kind: 'invoice' }, ...ALL)), '{"kind":"INVOICE","part":0}');
  t.strictSame(reading(schema, { kind: 'cards', list: { 0: '1' } }, ...ALL), { kind: 'cards', list: { 0: '1' } });
  for (const value of [null, [], 'text', 7]) t.strictSame(reading(schema, value, ...ALL), value, 'no mapping');
  t.strictSame(reading({ type: 'string' }, 7), 7);
  const short = { type: 'array', maxItems: 2, items: { type: 'integer' } };
  t.strictSame(reading(short, ['1', '2', '3', '4', '5'], ...ALL), [1, 2, 3], 'one item more than a list may have');
  t.strictSame(
    reading({ ...schema, additionalProperties: false }, { name: 'a', other: 1, id: 'b' }, ...ALL),
    { name: 'a', other: 1 },
    'a closed schema refuses unknown fields, which are kept for that',
  );
  const twins = { properties: { a: { properties: { x: { type: 'integer' } } }, b: { items: { type: 'integer' } } } };
  t.strictSame(reading(twins, { a: { x: '1' }, b: ['2'] }, ...ALL), { a: { x: 1 }, b: [2] });
});

t.test('the table of operations says what the contracts say', async (t) => {
  const found = apis.flatMap((api) => {
    const { paths } = documentOf(api);
    const inPaths = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, raw]) => ({ path, method, raw: raw as { operationId?: string } })),
    );
    return inPaths.flatMap(({ path, method, raw }) =>
      raw.operationId === undefined ? [] : [`${raw.operationId} ${api} ${method.toUpperCase()} ${path}`],
    );
  });
  t.strictSame(
    [...operations.values()].map(({ name, api, method, path }) => `${name} ${api} ${method} ${path}`),
    found,
  );
  for (const { name, api, request, query, path, parameters } of operations.values()) {
    const document = documentOf(api);
    for (const pointer of Object.values(query)) t.match(resolve(document, pointer), { type: String }, name);
    t.equal(parameters.path.length, path.split('{').length - 1, name);
    if (!request) continue;
    const schema = resolve<Schema>(document, request.schema);
    t.strictSame(request.fields, Object.keys(propertiesOf(document, schema)), name);
  }
});

/** The parts of a value, each with what holds it, itself included. */
function* partsOf(holder: Record<string, unknown>): Generator<[Record<string, unknown>, string]> {
  for (const [key, value] of Object.entries(holder)) {
    yield [holder, key];
    if (typeof value === 'object' && value !== null) yield* partsOf(value as Record<string, unknown>);
  }
}

/** Changes of one part of a body, given what is there. */
const change: fc.Arbitrary<(value: unknown) => unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }).map((value) => () => structuredClone(value)),
  fc
    .constantFrom<unknown>(undefined, null, -0.5, 7.9, 1e16, -1, '12', ' -7 ', '1.5', '', 'x'.repeat(300), true, [], {})
    .map((value) => () => structuredClone(value)),
  fc.constantFrom<(value: unknown) => unknown>(
    (value) => String(value).toLowerCase(),
    (value) => String(value).toUpperCase(),
    (value) => Number(value),
    (value) => [value],
    (value) => [value, value],
    (value) => ({ value }),
  ),
);

/** Fields that one or another schema has, and one that none has. */
const fieldNames = [
  'stray',
  ...new Set(
    apis.flatMap((api) =>
      Object.values(documentOf(api).components?.schemas as Record<string, Schema>).flatMap(({ properties = {} }) =>
        Object.keys(properties),
      ),
    ),
  ),
];

/** Values like one of the given ones, with a few parts changed, left out or added. */
const like = (values: readonly unknown[]): fc.Arbitrary<unknown> => {
  const alteration = fc.record({
    part: fc.nat(),
    change,
    named: fc.option(fc.constantFrom(...fieldNames), { nil: undefined, freq: 2 }),
  });
  return fc.tuple(fc.constantFrom(...values), fc.array(alteration, { maxLength: 4 })).map(([value, alterations]) => {
    const root: Record<string, unknown> = { it: structuredClone(value) };
    for (const { part, change, named } of alterations) {
      const parts = [...partsOf(root)];
      const [holder, key] = parts[part % parts.length] as (typeof parts)[number];
      const inside = holder[key];
      if (named !== undefined && typeof inside === 'object' && inside !== null)
        Object.assign(inside, { [named]: change(1) });
      else if (change(inside) === undefined && holder !== root && !Array.isArray(holder)) delete holder[key];
      else holder[key] = change(inside) ?? null;
    }
    return root.it;
  });
};

/** The faults that a validator finds, with all that anybody reads of them. */
const faultsBy = (validate: Parameters<typeof check>[0] | undefined, value: unknown) =>
  check(validate as Parameters<typeof check>[0])(value).map((fault) => {
    const { instancePath, keyword, params, message, data } = fault.error;
    // A list that the contract does not limit has a limit of ours.
    const bean = beanWords(fault.error).replace(/ and (undefined|10000)$/, '');
    return { text: tell(fault), bean, instancePath, keyword, params, message, data };
  });

/** The bodies that the contract cases send, by the names of their operations. */
const sent = new Map<string, unknown[]>();
for (const { steps } of await readScenarios(['contracts/cases'])) {
  for (const { operation, request } of steps) {
    if (request.body !== undefined) sent.set(operation.name, [...(sent.get(operation.name) ?? []), request.body]);
  }
}

const examplesOf = async (operation: Operation): Promise<unknown[]> => [
  {},
  operation.request?.example ?? {},
  await completeExample(operation),
  ...(sent.get(operation.name) ?? []),
];

t.test('generated code reads and judges bodies as the contract does when it is interpreted', async (t) => {
  for (const operation of operations.values()) {
    const { name, api, request } = operation;
    if (!request) {
      t.equal(bodyReader(operation)({ a: 1 }), undefined, name);
      continue;
    }
    const read = interpreted(api, request.schema);
    const validate = validator(api, request.schema);
    const { bodies } = shapesOf(api);
    holds(
      t,
      fc.property(like(await examplesOf(operation)), (given) => {
        const body = read(given);
        const ours = bodyReader(operation)(given);
        deepStrictEqual(ours, body);
        deepStrictEqual(JSON.stringify(ours), JSON.stringify(body));
        deepStrictEqual(faultsBy(bodies[name], ours), faultsBy(validate, body));
      }),
    );
  }
});

t.test('generated code reads and judges queries as the contract does when it is interpreted', async (t) => {
  for (const { name, api, query } of operations.values()) {
    const validate = shapesOf(api).queries[name];
    const entries = Object.entries(query).map(([name, pointer]) => [name, resolve(documentOf(api), pointer)]);
    t.equal(validate !== undefined, entries.length > 0, name);
    if (!validate) continue;
    const compiled = compileText({ type: 'object', properties: Object.fromEntries(entries) }, api);
    const text = fc.oneof(fc.integer().map(String), fc.constantFrom('', '0', '20', 'true', 'createOrder', 'x'));
    const value = fc.oneof(text, fc.array(text, { maxLength: 2 }));
    holds(
      t,
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(query), 'other'), value), (given) => {
        const [ours, theirs] = [structuredClone(given), structuredClone(given)];
        deepStrictEqual(faultsBy(validate, ours), faultsBy(compiled, theirs));
        deepStrictEqual(ours, theirs);
      }),
    );
  }
});

t.test('generated code judges the bodies of answers as the contract does when it is interpreted', async (t) => {
  // Many answers have the same schema: what judges it is compared once.
  const compared = new Map<unknown, unknown>();
  for (const operation of operations.values()) {
    for (const { status, schema, example = {} } of operation.answers.values()) {
      const { body } = answerShape(operation, status);
      t.equal(body !== undefined, schema !== undefined, `${operation.name} ${status}`);
      if (!body || schema === undefined) continue;
      const validate = validator(operation.api, schema);
      if (compared.get(body) === validate) continue;
      compared.set(body, validate);
      holds(
        t,
        fc.property(like([{}, example]), (given) => deepStrictEqual(faultsBy(body, given), faultsBy(validate, given))),
      );
    }
  }
});

t.test('generated code judges the headers of answers as the contract does when it is interpreted', async (t) => {
  const text = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.constantFrom('9c5e0f3a-41b7-4d26-8f19-a6b3d7c2e850', '200, 200;w=1', 'http://127.0.0.1/a', 'no-store'),
  );
  const value = fc.oneof(text, fc.array(text, { maxLength: 2 }));
  const compared = new Map<unknown, string>();
  for (const operation of operations.values()) {
    const document = documentOf(operation.api);
    for (const { status, at, headers } of operation.answers.values()) {
      const properties = headers.map((name): [string, object] => {
        const header = resolve<{ $ref?: string; schema: object }>(document, `${at}/headers/${name}`);
        const { schema } = header.$ref === undefined ? header : resolve<typeof header>(document, header.$ref);
        return [name.toLowerCase(), schema];
      });
      const schema = { type: 'object', properties: Object.fromEntries(properties) };
      const { headers: generated } = answerShape(operation, status);
      if (compared.get(generated) === JSON.stringify(schema)) continue;
      compared.set(generated, JSON.stringify(schema));
      const compiled = compileText(schema, operation.api);
      const names = [...properties.map(([name]) => name), 'other'];
      holds(
        t,
        fc.property(fc.dictionary(fc.constantFrom(...names), value), (given) => {
          const [ours, theirs] = [structuredClone(given), structuredClone(given)];
          deepStrictEqual(faultsBy(generated, ours), faultsBy(compiled, theirs));
          deepStrictEqual(ours, theirs);
        }),
      );
    }
  }
});

t.test('generated code judges values outside requests as the contract does when it is interpreted', async (t) => {
  const address = { given_name: 'Anna', email: 'a@b.se', country: 'SE' };
  const values = {
    payments: { address, customer: { date_of_birth: '1970-01-01', type: 'person' } },
    sandbox: {
      authorize_request: { payment_option: 'pay_later', result: 'approved', data: { billing_address: address } },
      merchants_file: {
        merchants: [
          { username: 'boots', password: 'secret', currencies: ['SEK'], client_ids: ['a', 'b'] },
          { api_key: 'klarna_test_api_x', active: false, scenario: 'x', payment_method_categories: ['klarna'] },
        ],
      },
    },
  };
  for (const [api, byName] of Object.entries(values) as ['payments' | 'sandbox', Record<string, object>][]) {
    const { others } = shapesOf(api);
    t.strictSame(Object.keys(others), Object.keys(byName));
    for (const [name, value] of Object.entries(byName)) {
      const compiled = validator(api, `#/components/schemas/${name}`);
      holds(
        t,
        fc.property(like([value]), (given) =>
          deepStrictEqual(faultsBy(others[name], given), faultsBy(compiled, given)),
        ),
      );
    }
  }
});
