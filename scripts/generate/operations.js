/** The table of operations: what the server needs of each for its route and for every request. */

/** The keys of a path that are operations. */
export const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch']);

/** @param {string} token */
const toToken = (token) => token.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Returns what a JSON pointer of a document points at.
 * @param {object} document
 * @param {string} pointer
 */
export const at = (document, pointer) =>
  pointer
    .slice(2)
    .split('/')
    .reduce((node, key) => node?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);

/**
 * Returns the properties of an object schema, those of the schema it refers to included.
 * @param {object} document
 * @param {any} schema
 * @returns {Record<string, any>}
 */
export const propertiesOf = (document, schema) => ({
  ...(schema.$ref && propertiesOf(document, at(document, schema.$ref))),
  ...schema.properties,
});

/** The rows of one contract, in its order. */
function rowsOf([api, document]) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => METHODS.has(key))
      .map((method) => rowOf(api, document, path, method)),
  );
}

function rowOf(api, document, path, method) {
  const raw = document.paths[path][method];
  const pointer = `#/paths/${toToken(path)}/${method}`;
  const parameters = (raw.parameters ?? []).map((parameter, index) => ({
    ...parameter,
    pointer: `${pointer}/parameters/${index}/schema`,
  }));
  const named = (place) => parameters.filter((parameter) => parameter.in === place);
  const header = named('header').map(({ name }) => name);
  const schema = raw.requestBody && `${pointer}/requestBody/content/application~1json/schema`;
  return {
    name: raw.operationId,
    api,
    method: method.toUpperCase(),
    path,
    parameters: { path: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name), header },
    query: Object.fromEntries(named('query').map((parameter) => [parameter.name, parameter.pointer])),
    guarded: (raw.security ?? document.security).some((scheme) => 'basicAuth' in scheme),
    ...(raw['x-rate-limit'] && { rateLimit: raw['x-rate-limit'] }),
    journaled: raw['x-journal'] ?? true,
    idempotent: header.includes('Klarna-Idempotency-Key'),
    ...(schema && { request: { schema, fields: Object.keys(propertiesOf(document, at(document, schema))) } }),
  };
}

/**
 * Returns the rows of all contracts, in their order.
 * @param {Record<string, object>} documents
 */
export const allRows = (documents) => Object.entries(documents).flatMap(rowsOf);

/**
 * Returns the text of the module with the table. Its data are JSON, which is read faster than the same as code.
 * @param {Record<string, object>} documents
 */
export function operationsModule(documents) {
  const parsed = (value) => `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
  const notServed = Object.values(documents).flatMap((document) => document['x-not-served'] ?? []);
  return [
    `export const apis = ${JSON.stringify(Object.keys(documents))} as const;`,
    `export const rows: unknown = ${parsed(allRows(documents))};`,
    `export const notServed: unknown = ${parsed(notServed)};`,
    '',
  ].join('\n\n');
}
