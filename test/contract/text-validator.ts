import type { ValidateFunction } from 'ajv/dist/2020.js';
import { makeAjv } from '../../src/contract/ajv.js';
import { type Api, documentOf } from '../../src/contract/operations.js';

/** Compiles a schema of text, such as a query or headers, that may refer to a contract: it converts types and fills in defaults. */
export function compileText(schema: object, api: Api): ValidateFunction {
  const ajv = makeAjv({ coerceTypes: true, useDefaults: true });
  ajv.addSchema(documentOf(api), api);
  return ajv.compile(schema);
}
