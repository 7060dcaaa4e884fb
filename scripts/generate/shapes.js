/**
 * The code that reads and judges requests, so that a server compiles no schema: `NAME.cjs` for each contract, with the readers
 * of its request bodies and with what finds every fault of a body, a query or another value.
 */
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { build } from 'esbuild';
import { allRows, at } from './operations.js';
import { MOST_ITEMS, readersCode } from './readers.js';

/** Schemas of values that are no requests, and are judged as well. */
const OTHERS = { payments: ['address', 'customer'], sandbox: ['authorize_request', 'merchants_file'] };

/** Keywords of a schema that are for people and not for validators. */
const WORDS = new Set(['deprecated', 'description', 'example', 'examples', 'externalDocs', 'readOnly', 'title']);
/** Keywords whose values have names as keys, and those whose values are data. */
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas']);
const DATA = new Set(['const', 'default', 'enum', 'required']);

/** Returns a schema without its words: what validators carry with them gets shorter. */
export function bare(schema) {
  if (Array.isArray(schema)) return schema.map(bare);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key]) => !WORDS.has(key) && !key.startsWith('x-'));
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (DATA.has(key)) return [key, value];
      return [key, NAMED.has(key) ? mapValues(value, bare) : bare(value)];
    }),
  );
}

/** Returns a schema in which every list has a limit: a request of 1 MB has room for hundreds of thousands of items. */
function limited(schema) {
  if (Array.isArray(schema)) return schema.map(limited);
  if (typeof schema !== 'object' || schema === null) return schema;
  return { ...mapValues(schema, limited), ...(schema.type === 'array' && { maxItems: schema.maxItems ?? MOST_ITEMS }) };
}

/**
 * Returns the code of validators that add the errors of a part to those before in place. Ajv copies all of them for each part,
 * which takes time by the square of their number.
 */
const inPlace = (code) =>
  code.replaceAll(
    /vErrors = vErrors === null \? ([\w.]+)\.errors : vErrors\.concat\(\1\.errors\);/g,
    'if (vErrors === null) vErrors = $1.errors; else for (const error of $1.errors) vErrors.push(error);',
  );

export const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

/** Options that tell every fault with its value. Not strict: contracts have keywords of OpenAPI too. */
export const OPTIONS = {
  strict: false,
  validateSchema: false,
  inlineRefs: false,
  allErrors: true,
  verbose: true,
  code: { source: true },
};

/**
 * Returns the code of validators, an export by the name of each schema given. A schema that only refers to another shares its
 * validator.
 * @param {string} api
 * @param {any} document
 * @param {Record<string, object>} schemas
 * @param {import('ajv').Options} options
 */
export function validatorsCode(api, document, schemas, options) {
  const ajv = new Ajv2020(options);
  addFormats.default(ajv);
  ajv.addSchema({ components: { schemas: mapValues(document.components.schemas, bare) } }, api);
  const ids = mapValues(schemas, ({ $ref, ...beside }) => $ref && Object.keys(beside).length === 0 && `${api}${$ref}`);
  for (const [name, schema] of Object.entries(schemas)) {
    if (ids[name]) continue;
    ids[name] = name;
    ajv.addSchema(within(api, bare(schema)), name);
  }
  return inPlace(standalone.default(ajv, ids));
}

/** Returns a schema of a document as one that stands outside of it. */
const within = (api, schema) => JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${api}#/`));

/** Bundles modules of CommonJS, given by their names, into one that exports each by its name. */
export async function bundled(modules, resolveDir) {
  const { outputFiles } = await build({
    stdin: {
      contents: Object.keys(modules)
        .map((name) => `exports.${name} = require('module:${name}');`)
        .join('\n'),
    },
    plugins: [
      {
        name: 'modules',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^module:/ }, ({ path }) => ({ path, namespace: 'module' }));
          onLoad({ filter: /.*/, namespace: 'module' }, ({ path }) => ({
            contents: modules[path.slice('module:'.length)],
            resolveDir,
          }));
        },
      },
    ],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

/**
 * Returns the code for one contract.
 * @param {string} api
 * @param {any} document
 * @param {string} resolveDir where libraries are found
 */
export function shapesOf(api, document, resolveDir) {
  const rows = allRows({ [api]: document });
  const bodies = Object.fromEntries(
    rows.flatMap(({ name, request }) => (request ? [[name, at(document, request.schema)]] : [])),
  );
  const queries = Object.fromEntries(
    rows
      .filter(({ query }) => Object.keys(query).length > 0)
      .map(({ name, query }) => [
        name,
        { type: 'object', properties: mapValues(query, (pointer) => at(document, pointer)) },
      ]),
  );
  const others = Object.fromEntries(
    (OTHERS[api] ?? []).map((name) => [name, { $ref: `#/components/schemas/${name}` }]),
  );
  const lenient = new Set(document['x-wire'].map(({ id }) => id));
  return bundled(
    {
      readers: readersCode(document, lenient, bodies),
      bodies: validatorsCode(api, limited(document), limited(bodies), OPTIONS),
      queries: validatorsCode(api, document, queries, { ...OPTIONS, coerceTypes: true, useDefaults: true }),
      others: validatorsCode(api, document, others, OPTIONS),
    },
    resolveDir,
  );
}

/**
 * Returns the code of the validator of scenario files by its schema, which has a keyword of its own for what is said of a
 * wrong value.
 * @param {object} schema
 * @param {string} resolveDir where libraries are found
 */
export async function scenarioValidator(schema, resolveDir) {
  const ajv = new Ajv({ ...OPTIONS, allowUnionTypes: true });
  addFormats.default(ajv);
  ajv.addKeyword('errorMessage');
  return bundled({ validate: inPlace(standalone.default(ajv, ajv.compile(schema))) }, resolveDir);
}
