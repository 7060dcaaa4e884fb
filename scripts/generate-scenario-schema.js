/**
 * Writes src/contract/generated/scenario.cjs, the validator by which the reader of scenario files checks them, from
 * contracts/scenario.core.yaml, the operations of the contracts (as scripts/generate.js wrote them just before) and the markets.
 * With `--write` it also writes contracts/scenario.schema.json, the whole of it, which editors complete from;
 * with `--check` it fails when that file is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { parse } from 'yaml';
import { scenarioValidator } from './generate/shapes.js';

const root = new URL('../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** What a TypeScript file exports that imports no package. */
async function load(path) {
  const entryPoints = [fileURLToPath(new URL(path, root))];
  const { outputFiles } = buildSync({ entryPoints, bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

const resolve = (document, node) =>
  node?.$ref
    ? {
        ...node.$ref
          .slice(2)
          .split('/')
          .reduce((inner, key) => inner[key], document),
        ...node,
        $ref: undefined,
      }
    : (node ?? {});

/** Tells whether an answer never ends: no step can wait for one. */
const isStream = ({ responses }) => responses['200']?.content?.['text/event-stream'] !== undefined;

/** Every operation of a contract that a step can call: its name, its parameters and the outline of its request's body. */
function operationsOf(document) {
  return Object.values(document.paths).flatMap((item) =>
    METHODS.filter((method) => item[method] && !isStream(item[method])).map((method) => {
      const { operationId, summary, parameters = [], requestBody } = item[method];
      return {
        name: operationId,
        summary,
        parameters: [...(item.parameters ?? []), ...parameters].map((parameter) => resolve(document, parameter)),
        body: outline(document, requestBody?.content['application/json'].schema).properties,
      };
    }),
  );
}

/** Names and descriptions only: a value may be a matcher, a variable or wrong on purpose. */
function outline(document, node) {
  const { description, properties, items } = resolve(document, node);
  return {
    ...(description && { description: description.trim() }),
    ...(properties && { properties: each(properties, (property) => outline(document, property)) }),
    ...(items && { items: outline(document, items) }),
  };
}

const each = (object, change) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

/** The schema of a step's value under the name of its operation. */
function call({ summary, parameters, body }, core) {
  const named = (place) => {
    const here = parameters.filter((parameter) => parameter.in === place);
    return Object.fromEntries(here.map(({ name, description }) => [name, description ? { description } : {}]));
  };
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
      body: { ...parts.body, ...(body && { properties: body }) },
    },
  };
}

/** What an outcome on an operation may say: the errors that it can answer, and the outline of its body. */
function outcomeOn({ name, body }, errors) {
  const codes = Object.keys(errors).filter((code) => errors[code].operations?.includes(name) ?? true);
  return {
    if: { properties: { on: { const: name } }, required: ['on'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      properties: { error: { enum: codes }, when: body ? { $ref: `#/$defs/${name}/properties/body` } : false },
    },
  };
}

async function scenarioSchema() {
  const { apis } = await load('src/contract/generated/operations.ts');
  const documents = Object.fromEntries(
    apis.map((api) => [api, JSON.parse(read(`src/contract/generated/${api}.json`))]),
  );
  const { markets } = await load('src/klarna/catalogue/markets.ts');
  const { errors } = await load('src/klarna/catalogue/errors.ts');
  const { $defs, ...core } = parse(read('contracts/scenario.core.yaml'));
  const operations = Object.values(documents).flatMap(operationsOf);
  const { step, outcome, delivery } = $defs;
  core.properties.market.enum = Object.keys(markets);
  core.properties.payment_method_categories.items.enum = documents.sandbox.components.schemas.category.enum;
  const { data, ...script } = operations.filter(({ name }) => name === 'authorizeSession')[0].body;
  step.properties.with.properties = { ...script, data };
  core.properties.shopper.properties = script;
  // The control API is the tester's own: nothing is scripted there.
  const klarnas = Object.entries(documents).flatMap(([api, document]) =>
    api === 'sandbox' ? [] : operationsOf(document),
  );
  outcome.properties.on.enum = klarnas.map(({ name }) => name);
  outcome.allOf = klarnas.map((operation) => outcomeOn(operation, errors));
  step.oneOf = [...operations.map(({ name }) => ({ required: [name] })), ...step.oneOf];
  const calls = operations.map(({ name }) => [name, { $ref: `#/$defs/${name}` }]);
  step.properties = { ...Object.fromEntries(calls), ...step.properties };
  const definitions = operations.map((operation) => [operation.name, call(operation, $defs.call)]);
  return { ...core, $defs: { step, outcome, delivery, ...Object.fromEntries(definitions) } };
}

/** What the reader needs: no dialect, no descriptions, no outlines of bodies. */
function forReader({ $schema, ...schema }) {
  const strip = (node, isSchema) => {
    if (Array.isArray(node)) return node.map((inner) => strip(inner, true));
    if (typeof node !== 'object' || node === null) return node;
    const entries = Object.entries(node).filter(([key]) => !(isSchema && key === 'description'));
    // Under `properties` and `$defs` a key is a name.
    const named = (key) => isSchema && (key === 'properties' || key === '$defs');
    return Object.fromEntries(entries.map(([key, inner]) => [key, strip(inner, !named(key))]));
  };
  const stripped = strip(schema, true);
  const { step, outcome, delivery: _, ...calls } = stripped.$defs;
  for (const { properties } of Object.values(calls)) properties.body = {};
  // The reader looks at these itself: a oneOf names every branch that fails, an `if` neither operation nor nearest code.
  delete step.oneOf;
  delete outcome.oneOf;
  delete outcome.allOf;
  for (const schema of [stripped.properties.shopper, step.properties.with]) {
    schema.properties = each(schema.properties, () => ({}));
  }
  return stripped;
}

const schema = await scenarioSchema();
const text = `${JSON.stringify(schema, null, 2)}\n`;
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
