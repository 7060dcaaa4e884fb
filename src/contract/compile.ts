import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Api, documentOf, resolve, type Schema } from './operations.js';

/** A compiler of schemas that knows the contracts. */
type Compiler = (schema: object, api: Api) => ValidateFunction;

/**
 * The contracts' own test checks the schemas: that Ajv judges them as well would take half of the time until the first
 * answer. So does polishing code that is fast as it is.
 */
const QUICKLY: Options = { validateSchema: false, code: { optimize: false } };

/** Makes a compiler at first use. Contracts carry words of OpenAPI beside those of JSON Schema. */
function makeCompiler(options: Options): Compiler {
  let ajv: Ajv2020 | undefined;
  return (schema, api) => {
    if (!ajv) {
      ajv = new Ajv2020({ ...QUICKLY, strict: false, allErrors: true, verbose: true, ...options });
      addFormats.default(ajv);
    }
    if (!ajv.getSchema(api)) ajv.addSchema(documentOf(api), api);
    return ajv.compile(schema);
  };
}

const compile = makeCompiler({});
/** Compiles a schema for text: a query or headers. What is left out gets its default. */
export const compileText = makeCompiler({ coerceTypes: true, useDefaults: true });

/** For answers: there are many of them, and each is judged now and then. Parts that they share are compiled once. */
const compileSparely = makeCompiler({ inlineRefs: false });

/** Makes what gives the validator of one schema of a contract, compiled at first use and then kept. */
function makeValidators(compiler: Compiler): (api: Api, pointer: string) => ValidateFunction {
  const compiled = new Map<string, ValidateFunction>();
  return (api, pointer) => {
    // Many answers refer to the same schema of an error: they share its validator.
    const { $ref } = resolve<Schema>(documentOf(api), pointer);
    const id = `${api}${$ref ?? pointer}`;
    const known = compiled.get(id);
    if (known) return known;
    const validate = compiler({ $ref: id }, api);
    compiled.set(id, validate);
    return validate;
  };
}

/** The validator of a request's schema. */
export const validator = makeValidators(compile);
/** The validator of an answer's schema. */
export const answerValidator = makeValidators(compileSparely);

/** `/order_lines/0/name` as Klarna writes it: `order_lines[0].name`. */
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

/** A value as an explanation shows it, cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** What a keyword of JSON Schema demands, in words. */
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

/** One place where a value does not fit a schema. */
export interface Fault {
  /** As Klarna writes it: `order_lines[0].name`; empty for the value itself. */
  field: string;
  /** What the schema demands there, in words. */
  expected: string;
  /** Undefined where there is nothing. */
  given: unknown;
  error: ErrorObject;
}

/** Makes a check by one schema: what is wrong with a value, nothing when it fits. */
export function check(validate: ValidateFunction): (value: unknown) => Fault[] {
  return (value) => {
    if (validate(value)) return [];
    // `if` and `allOf` report that a part failed beside what failed in it.
    return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(faultOf);
  };
}

function faultOf(error: ErrorObject): Fault {
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

/** A fault in a sentence: `order_amount: given "a", expected a value of type integer`. */
export const tell = ({ field, given, expected }: Pick<Fault, 'field' | 'given' | 'expected'>): string =>
  `${field || 'body'}: given ${given === undefined ? 'nothing' : shown(given)}, expected ${expected}`;
