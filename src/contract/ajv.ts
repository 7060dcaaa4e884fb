import { createRequire } from 'node:module';
import type { Ajv2020, Options } from 'ajv/dist/2020.js';
import type { FormatsPlugin } from 'ajv-formats';

const require = createRequire(import.meta.url);

/**
 * Ajv options for a quick start. The tests of the contracts check the schemas; a check by Ajv too would take half of the
 * time. Optimizing the compiled code costs time as well, and it is fast enough without.
 */
const QUICKLY: Options = { validateSchema: false, code: { optimize: false } };

/**
 * Makes an Ajv that finds all faults, with their values, and knows the formats of the contracts. The library is loaded when it
 * is first called: requests are judged by generated code. Not strict: contracts have keywords of OpenAPI too.
 */
export function makeAjv(options: Options): Ajv2020 {
  const library: { Ajv2020: typeof Ajv2020 } = require('ajv/dist/2020.js');
  const formats: { default: FormatsPlugin } = require('ajv-formats');
  const ajv = new library.Ajv2020({ ...QUICKLY, strict: false, allErrors: true, verbose: true, ...options });
  formats.default(ajv);
  return ajv;
}
