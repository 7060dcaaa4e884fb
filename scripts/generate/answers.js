/**
 * The code that judges answers, so that whoever judges them compiles no schema: `NAME.answers.cjs` for each contract, with what
 * finds every fault of a body, and of the headers by their names in lower case.
 */
import { METHODS } from './operations.js';
import { bundled, OPTIONS, validatorsCode } from './shapes.js';

/** Returns all answers of a document by operation and status, `readSession/200`. */
function answersIn(document) {
  return Object.values(document.paths).flatMap((item) =>
    [...METHODS]
      .flatMap((method) => item[method] ?? [])
      .flatMap(({ operationId, responses }) =>
        Object.entries(responses).map(([status, answer]) => [`${operationId}/${status}`, answer]),
      ),
  );
}

/** Gives each different schema a name. */
class Named {
  schemas = {};
  #names = new Map();

  /** Returns the name of a schema. Answers that have the same share its validator. */
  nameOf(schema) {
    const text = JSON.stringify(schema);
    const name = this.#names.get(text) ?? `shape${this.#names.size}`;
    this.#names.set(text, name);
    this.schemas[name] = schema;
    return name;
  }
}

/** Returns the schema of an answer's headers. */
function headersSchema(document, headers) {
  const properties = Object.entries(headers).map(([name, header]) => {
    const { schema } = header.$ref ? document.components.headers[header.$ref.split('/').pop()] : header;
    return [name.toLowerCase(), schema];
  });
  return { type: 'object', properties: Object.fromEntries(properties) };
}

/**
 * Returns the code for one contract.
 * @param {string} api
 * @param {any} document
 * @param {string} resolveDir where libraries are found
 */
export function answersOf(api, document, resolveDir) {
  const bodies = new Named();
  const headers = new Named();
  const table = answersIn(document).map(([name, answer]) => {
    const schema = answer.content?.['application/json']?.schema;
    const parts = [
      `headers: headers.${headers.nameOf(headersSchema(document, answer.headers ?? {}))}`,
      ...(schema ? [`body: bodies.${bodies.nameOf(schema)}`] : []),
    ];
    return `exports[${JSON.stringify(name)}] = { ${parts.join(', ')} };`;
  });
  return bundled(
    {
      bodies: validatorsCode(api, document, bodies.schemas, OPTIONS),
      headers: validatorsCode(api, document, headers.schemas, { ...OPTIONS, coerceTypes: true, useDefaults: true }),
      answers: [
        "const bodies = require('module:bodies');",
        "const headers = require('module:headers');",
        ...table,
      ].join('\n'),
    },
    resolveDir,
  );
}
