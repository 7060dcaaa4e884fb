/**
 * Writes src/contract/generated/scenario.cjs, the validator by which the reader of scenario files checks them, from
 * contracts/scenario.core.yaml, the operations of the contracts (as scripts/generate.js wrote them just before), the markets and
 * the errors.
 * With `--write` it also writes contracts/scenario.schema.json, the whole of it, which editors complete from;
 * with `--check` it fails when that file is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { parse } from 'yaml';
import { at, METHODS } from './generate/operations.js';
import { Outlines, offering } from './generate/outlines.js';
import { scenarioValidator } from './generate/shapes.js';

const root = new URL('../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
/** Keywords that are for people. */
const WORDS = new Set(['description', 'enumDescriptions', 'examples']);

/** What a TypeScript file exports that imports no package. */
async function load(path) {
  const entryPoints = [fileURLToPath(new URL(path, root))];
  const { outputFiles } = buildSync({ entryPoints, bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

/** Returns what a reference of a parameter or a header stands for. */
const resolve = (document, node) => (node.$ref ? at(document, node.$ref) : node);

/** Tells whether an answer never ends: no step can wait for one. */
const isStream = ({ responses }) => responses['200']?.content?.['text/event-stream'] !== undefined;

/** Returns every operation of a contract that a step can call. */
function operationsOf([api, document]) {
  return Object.values(document.paths).flatMap((item) =>
    [...METHODS]
      .filter((method) => item[method] && !isStream(item[method]))
      .map((method) => {
        const { operationId, summary, parameters = [], requestBody, responses } = item[method];
        return {
          name: operationId,
          api,
          summary,
          document,
          parameters: [...(item.parameters ?? []), ...parameters].map((parameter) => resolve(document, parameter)),
          request: requestBody?.content['application/json'].schema,
          responses,
        };
      }),
  );
}

const each = (object, change) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

/** Returns the schema of a step's value under the name of its operation. */
function call({ name, document, summary, parameters, request }, core, outlines) {
  const named = (place) =>
    Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === place)
        .map(({ name, description, schema }) => [
          name,
          outlines.of(document, { ...schema, description }, 'sent', name),
        ]),
    );
  const path = named('path');
  const needed = Object.keys(path);
  const parts = core.properties;
  return {
    ...core,
    ...(summary && { description: summary }),
    ...(needed.length > 0 && { type: 'object', required: ['path'] }),
    properties: {
      path: { ...parts.path, properties: path, ...(needed.length > 0 && { required: needed }) },
      query: { ...parts.query, properties: named('query') },
      headers: { ...parts.headers, properties: named('header') },
      body: request ? { ...outlines.of(document, request, 'sent', name), ...parts.body } : parts.body,
    },
  };
}

/** Returns the entries of the catalogue that an operation can answer, as the reader of scenario files takes them. */
const errorsOf = (name, errors) =>
  Object.entries(errors).filter(([, { operations }]) => operations?.includes(name) ?? true);

/** Returns the codes of the errors that an operation answers. */
const codesOf = ({ name, api }, errors) => [
  ...new Set(errorsOf(name, errors).flatMap(([, { code, notIn }]) => (notIn === api ? [] : [code]))),
];

/** Returns a schema that allows these errors and says the answer of each. */
const named = (entries) => ({
  enum: entries.map(([name]) => name),
  enumDescriptions: entries.map(
    ([
      ,
      {
        status,
        code,
        messages: [message],
      },
    ]) => [status, code, message].filter(Boolean).join(' '),
  ),
});

/** Returns what an outcome on an operation may say: the errors that it can answer, and the outline of its body. */
function outcomeOn({ name, document, request }, errors, outlines) {
  return {
    if: { properties: { on: { const: name } }, required: ['on'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      properties: {
        error: named(errorsOf(name, errors)),
        when: request ? outlines.of(document, request, 'when', name) : false,
      },
    },
  };
}

/** Returns what a step may expect of an operation and keep of its answer; `step` tells which steps are meant. */
function answered({ name, document, responses }, step, codes, outlines) {
  const answers = Object.entries(responses).map(([status, { headers = {}, content }]) => ({
    status: Number(status),
    headers,
    schema: content?.['application/json']?.schema,
  }));
  const bodies = answers.flatMap(({ status, schema }) =>
    schema ? [{ good: status < 400, outline: outlines.of(document, schema, 'met', name) }] : [],
  );
  const headers = Object.assign({}, ...answers.map((answer) => answer.headers));
  const fields = Object.keys(
    Object.assign({}, ...bodies.filter(({ good }) => good).map(({ outline }) => outlines.fieldsOf(outline))),
  );
  const paths = fields.map((field) => `$.body.${field}`);
  if ('Location' in headers) paths.push('$.headers.Location');
  const error = codes.length > 0 ? [{ properties: { error_code: offering(codes) } }] : [];
  const unique = new Map(
    bodies.map(({ outline: { description: _, ...outline } }) => [JSON.stringify(outline), outline]),
  );
  const texts = each(headers, (header) => {
    const { description, schema } = resolve(document, header);
    return outlines.of(document, { ...schema, description }, 'met', 'header');
  });
  return {
    if: step,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      properties: {
        expect: {
          properties: {
            status: offering(answers.map(({ status }) => status)),
            headers: outlines.share('headers', { properties: texts }),
            ...(unique.size > 0 && { body: { allOf: [...error, ...unique.values()] } }),
          },
        },
        keep: { additionalProperties: offering([...paths, '$.status']) },
      },
    },
  };
}

/** Returns the operation of the control API that an act of the shopper is. */
const actOf = (act, operations) => operations.find(({ name }) => RegExp(`^${act}(Hosted)?Session$`).test(name));

/** Words of fields that the contracts leave open. */
function usualWords(markets) {
  const countries = Object.keys(markets);
  const all = Object.values(markets);
  return {
    country: countries,
    purchase_country: countries,
    purchase_currency: [...new Set(all.map(({ currency }) => currency))],
    locale: all.flatMap(({ locales }) => locales),
  };
}

/** Variables and matchers that editors offer for values which the market gives, or which are made when the request is sent. */
const GENERATED = {
  purchase_country: ['$absent'],
  purchase_currency: ['$absent'],
  locale: ['$absent'],
  billing_address: ['$' + '{person.billing_address}', '$absent'],
  customer: ['$' + '{person.customer}', '$absent'],
  'Klarna-Idempotency-Key': ['$newUuid'],
};

async function scenarioSchema() {
  const { apis } = await load('src/contract/generated/operations.ts');
  const documents = Object.fromEntries(
    apis.map((api) => [api, JSON.parse(read(`src/contract/generated/${api}.json`))]),
  );
  const { markets } = await load('src/klarna/catalogue/markets.ts');
  const { errors } = await load('src/klarna/catalogue/errors.ts');
  const { $defs, ...core } = parse(read('contracts/scenario.core.yaml'));
  const { step, outcome, delivery, call: parts, ...matchers } = $defs;
  const outlines = new Outlines(usualWords(markets), GENERATED);
  const { sandbox, ...klarnas } = Object.fromEntries(
    Object.entries(documents).map((entry) => [entry[0], operationsOf(entry)]),
  );
  // The control API is the tester's own: nothing is scripted there.
  const scripted = Object.values(klarnas).flat();
  const operations = apis.flatMap((api) => klarnas[api] ?? sandbox);
  core.properties.market.enum = Object.keys(markets);
  core.properties.payment_method_categories.items.enum = documents.sandbox.components.schemas.category.enum;
  const { request } = actOf('authorize', sandbox);
  const { data, ...script } = outlines.fieldsOf(outlines.of(documents.sandbox, request, 'sent', 'authorize'));
  step.properties.with.properties = { ...script, data };
  core.properties.shopper.properties = script;
  outcome.properties.on = { ...outcome.properties.on, enum: scripted.map(({ name }) => name) };
  outcome.properties.on.enumDescriptions = scripted.map(({ summary }) => summary);
  outcome.allOf = scripted.map((operation) => outcomeOn(operation, errors, outlines));
  step.oneOf = [...operations.map(({ name }) => ({ required: [name] })), ...step.oneOf];
  const expected = step.properties.expect.properties;
  const paid = outlines.of(documents.sandbox, { $ref: '#/components/schemas/payment_method' }, 'met', 'payment_method');
  expected.payment_method = { ...paid, ...expected.payment_method };
  step.allOf = [
    ...operations.map((operation) => {
      const codes = scripted.includes(operation) ? codesOf(operation, errors) : [];
      return answered(operation, { required: [operation.name] }, codes, outlines);
    }),
    ...step.properties.shopper.enum.map((act) =>
      answered(actOf(act, sandbox), { properties: { shopper: { const: act } }, required: ['shopper'] }, [], outlines),
    ),
  ];
  const calls = operations.map(({ name }) => [name, { $ref: `#/$defs/${name}` }]);
  step.properties = { ...Object.fromEntries(calls), ...step.properties };
  const definitions = operations.map((operation) => [operation.name, call(operation, parts, outlines)]);
  return {
    ...core,
    $defs: { step, outcome, delivery, ...Object.fromEntries(definitions), ...matchers, ...outlines.definitions },
  };
}

/** Returns what the reader needs: no dialect, no descriptions, and nothing that only offers words. */
function forReader({ $schema, ...schema }) {
  const strip = (node, isSchema) => {
    if (Array.isArray(node)) return node.map((inner) => strip(inner, true));
    if (typeof node !== 'object' || node === null) return node;
    const entries = Object.entries(node).filter(([key]) => !(isSchema && WORDS.has(key)));
    // Under `properties` and `$defs` a key is a name.
    const named = (key) => isSchema && (key === 'properties' || key === '$defs');
    return Object.fromEntries(entries.map(([key, inner]) => [key, strip(inner, !named(key))]));
  };
  const stripped = strip(schema, true);
  const { step, outcome, delivery } = stripped.$defs;
  const names = Object.keys(step.properties).filter((name) => step.properties[name].$ref);
  const calls = Object.fromEntries(names.map((name) => [name, stripped.$defs[name]]));
  const anything = (properties) => each(properties, () => ({}));
  for (const { properties } of Object.values(calls)) {
    for (const part of ['path', 'query', 'headers'])
      properties[part].properties = anything(properties[part].properties);
    properties.body = {};
  }
  const { expect } = step.properties;
  expect.properties = { ...anything(expect.properties), headers: expect.properties.headers };
  // The reader looks at these itself: a oneOf names every branch that fails, an `if` neither operation nor nearest code.
  for (const keyword of ['oneOf', 'allOf']) {
    delete step[keyword];
    delete outcome[keyword];
  }
  for (const schema of [stripped.properties.shopper, step.properties.with]) {
    schema.properties = anything(schema.properties);
  }
  return { ...stripped, $defs: { step, outcome, delivery, ...calls } };
}

const schema = await scenarioSchema();
const text = `${JSON.stringify(schema, null, 1)}\n`;
const committed = new URL('contracts/scenario.schema.json', root);
if (process.argv.includes('--check')) {
  if (readFileSync(committed, 'utf8') !== text) {
    console.error('contracts/scenario.schema.json is stale: run npm run generate');
    process.exitCode = 1;
  }
} else {
  if (process.argv.includes('--write')) writeFileSync(committed, text);
  const code = await scenarioValidator(forReader(schema), fileURLToPath(root));
  writeFileSync(new URL('src/contract/generated/scenario.cjs', root), code);
}
