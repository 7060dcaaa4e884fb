import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { upsert } from '../exchange/fields.js';
import { makeAjv } from './ajv.js';
import { type Api, documentOf, resolve, type Schema } from './operations.js';

let ajv: Ajv2020 | undefined;
const validators = new Map<string, ValidateFunction>();

/** Returns the validator of a schema in a contract, compiled at first use and then kept. */
export function validator(api: Api, pointer: string): ValidateFunction {
  const document = documentOf(api);
  // Schemas that only refer to the same one share its validator.
  const { $ref } = resolve<Schema>(document, pointer);
  const id = `${api}${$ref ?? pointer}`;
  return upsert(validators, id, () => {
    ajv ??= makeAjv();
    if (!ajv.getSchema(api)) ajv.addSchema(document, api);
    return ajv.compile({ $ref: id });
  });
}

/** Returns a path as Klarna writes it: `/order_lines/0/name` is `order_lines[0].name`. */
function fieldOf(instancePath: string, property?: string): string {
  const tokens = instancePath
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (property !== undefined) tokens.push(property);
  return tokens
    .map((token) => (/^\d+$/.test(token) ? `[${token}]` : `.${token}`))
    .join('')
    .replace(/^\./, '');
}

const SHOWN = 80;

/** Returns a value as JSON text for a message, cut after 80 characters. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** The demands of JSON Schema keywords, in words. */
const demands: Record<string, (params: Record<string, unknown>) => string> = {
  additionalProperties: () => 'no such field',
  const: ({ allowedValue }) => JSON.stringify(allowedValue),
  unevaluatedProperties: () => 'no such field',
  enum: ({ allowedValues }) => `one of ${(allowedValues as unknown[]).join(', ')}`,
  format: ({ format }) => `the format ${format}`,
  maxItems: ({ limit }) => `at most ${limit} entries`,
  maxLength: ({ limit }) => `at most ${limit} characters`,
  maximum: ({ limit }) => `at most ${limit}`,
  minItems: ({ limit }) => `at least ${limit} entries`,
  minLength: ({ limit }) => `at least ${limit} characters`,
  minimum: ({ limit }) => `at least ${limit}`,
  pattern: ({ pattern }) => `text that matches ${pattern}`,
  type: ({ type }) => `a value of type ${type}`,
};

/** A place where a value does not match a schema. */
export interface Fault {
  /** Path as Klarna writes it: `order_lines[0].name`; empty for the value itself. */
  field: string;
  /** The value that the schema expects there, in words. */
  expected: string;
  /** The value found; undefined where there is none. */
  given: unknown;
  error: ErrorObject;
}

/** Returns the errors of a value by a schema, an empty list when it matches. */
export function errorsOf(validate: ValidateFunction, value: unknown): ErrorObject[] {
  if (validate(value)) return [];
  // `if` reports only that a part failed; the faults in that part are reported as well.
  return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
}

/** Makes a check by a schema; it returns the faults of a value, an empty list when it matches. */
export const check =
  (validate: ValidateFunction): ((value: unknown) => Fault[]) =>
  (value) =>
    errorsOf(validate, value).map(faultOf);

/** Reads an error of a validator. */
export function faultOf(error: ErrorObject): Fault {
  const { instancePath, keyword, params, data } = error;
  if (keyword === 'required') {
    return { field: fieldOf(instancePath, params.missingProperty), expected: 'a value', given: undefined, error };
  }
  const extra: string | undefined = params.additionalProperty ?? params.unevaluatedProperty;
  return {
    field: fieldOf(instancePath, extra),
    expected: demands[keyword]?.(params) ?? String(error.message),
    given: extra === undefined ? data : (data as Record<string, unknown>)[extra],
    error,
  };
}

/** Returns a fault as a sentence: `order_amount: given "a", expected a value of type integer`. */
export const tell = ({ field, given, expected }: Pick<Fault, 'field' | 'given' | 'expected'>): string =>
  `${field || 'body'}: given ${given === undefined ? 'nothing' : shown(given)}, expected ${expected}`;
