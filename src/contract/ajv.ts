import { createRequire } from 'node:module';
import type { Ajv2020, Options } from 'ajv/dist/2020.js';
import type { FormatsPlugin } from 'ajv-formats';

const require = createRequire(import.meta.url);

/**
 * Ajv options for a quick start. The tests of the contracts check the schemas; a check by Ajv too would take half of the
 * time. Optimizing the compiled code costs time as well, and it is fast enough without.
 */
const QUICKLY: Options = { validateSchema: false, code: { optimize: false, process: inPlace } };

/**
 * Returns the code of a validator that adds the errors of a part to those before in place. Ajv copies all of them for each
 * part, which takes time by the square of their number. The generator of validators does the same.
 */
function inPlace(code: string): string {
  return code.replaceAll(
    /vErrors = vErrors === null \? ([\w.]+)\.errors : vErrors\.concat\(\1\.errors\);/g,
    'if (vErrors === null) vErrors = $1.errors; else for (const error of $1.errors) vErrors.push(error);',
  );
}

/**
 * Makes an Ajv that finds all faults, with their values, and knows the formats of the contracts. The library is loaded when it
 * is first called: requests are judged by generated code. Not strict: contracts have keywords of OpenAPI too.
 */
export function makeAjv(options: Options = {}): Ajv2020 {
  const library: { Ajv2020: typeof Ajv2020 } = require('ajv/dist/2020.js');
  const formats: { default: FormatsPlugin } = require('ajv-formats');
  const ajv = new library.Ajv2020({ ...QUICKLY, strict: false, allErrors: true, verbose: true, ...options });
  formats.default(ajv);
  return ajv;
}
