import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Violation } from '../klarna/decision.js';
import { beanWords } from './bean-words.js';
import { type Api, documentOf, type Operation, resolve } from './operations.js';
import { bodyReader } from './wire.js';

/** A part of a request as the rules may use it, or what is wrong with its shape. */
export type Checked<Part> = Part | { violations: Violation[] };

/** A compiler of schemas that knows the contracts. */
type Compiler = (schema: object, api: Api) => ValidateFunction;

/**
 * Makes a compiler at first use. Contracts carry words of OpenAPI beside those of JSON Schema. Their own test checks the
 * schemas: that Ajv judges them as well would take half of the time until the first answer.
 */
function makeCompiler(options: Options): Compiler {
  let ajv: Ajv2020 | undefined;
  return (schema, api) => {
    if (!ajv) {
      ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true, verbose: true, ...options });
      addFormats.default(ajv);
    }
    if (!ajv.getSchema(api)) ajv.addSchema(documentOf(api), api);
    return ajv.compile(schema);
  };
}

const compile = makeCompiler({});
/** A query is text, and what it leaves out has a default. */
const compileQuery = makeCompiler({ coerceTypes: true, useDefaults: true });

const compiled = new Map<string, ValidateFunction>();

/** The validator of one schema of a contract, compiled at first use and then kept. */
function validator(api: Api, pointer: string): ValidateFunction {
  const id = `${api}${pointer}`;
  const known = compiled.get(id);
  if (known) return known;
  const validate = compile({ $ref: id }, api);
  compiled.set(id, validate);
  return validate;
}

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

function violationOf(error: ErrorObject): Violation {
  const extra: string | undefined = error.params.additionalProperty ?? error.params.unevaluatedProperty;
  const demand = demands[error.keyword]?.(error.params) ?? error.message;
  if (error.keyword === 'required') {
    const field = fieldOf(error.instancePath, error.params.missingProperty);
    return { rule: 'shape', field, text: `${field}: given nothing, expected a value`, words: beanWords(error) };
  }
  const field = fieldOf(error.instancePath, extra) || 'body';
  const given = extra === undefined ? error.data : (error.data as Record<string, unknown>)[extra];
  return { rule: 'shape', field, text: `${field}: given ${shown(given)}, expected ${demand}`, words: beanWords(error) };
}

/** Makes a check by one schema: the violations of a value, none when it fits. */
function check(validate: ValidateFunction): (value: unknown) => Violation[] {
  return (value) => {
    if (validate(value)) return [];
    // `if` and `allOf` report that a part failed beside what failed in it.
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
    return errors.map(violationOf);
  };
}

/** What is wrong with a value by one of a contract's schemas; a value that no request carries, such as a file's. */
export function checkShape(api: Api, schema: string, value: unknown): Violation[] {
  return check(validator(api, `#/components/schemas/${schema}`))(value);
}

const bodyChecks = new Map<string, (body: unknown) => Checked<{ body: unknown }>>();

/** Reads a request body as the wire does and judges its shape. An absent body counts as an empty one. */
export function checkBody(operation: Operation, body: unknown): Checked<{ body: unknown }> {
  let judge = bodyChecks.get(operation.name);
  if (!judge) {
    judge = makeBodyCheck(operation);
    bodyChecks.set(operation.name, judge);
  }
  return judge(body);
}

function makeBodyCheck(operation: Operation): (body: unknown) => Checked<{ body: unknown }> {
  if (!operation.request) return () => ({ body: undefined });
  const read = bodyReader(operation.api, operation.request.schema);
  const violationsOf = check(validator(operation.api, operation.request.schema));
  return (given) => {
    const body = read(given ?? {});
    const violations = violationsOf(body);
    return violations.length > 0 ? { violations } : { body };
  };
}

type QueryCheck = (given: object) => Checked<{ query: Record<string, unknown> }>;

const queryChecks = new Map<string, QueryCheck>();

/** Reads a query: numbers become numbers, what is left out gets its default, what the contract does not know is ignored. */
export function checkQuery(operation: Operation, given: object): Checked<{ query: Record<string, unknown> }> {
  let judge = queryChecks.get(operation.name);
  if (!judge) {
    judge = makeQueryCheck(operation);
    queryChecks.set(operation.name, judge);
  }
  return judge(given);
}

function makeQueryCheck({ api, query: parameters }: Operation): QueryCheck {
  const properties = Object.entries(parameters).map(([name, pointer]) => [name, resolve(documentOf(api), pointer)]);
  // Few operations have one: for the others no compiler need be made before the first answer.
  if (properties.length === 0) return () => ({ query: {} });
  const violationsOf = check(compileQuery({ type: 'object', properties: Object.fromEntries(properties) }, api));
  return (given) => {
    const query = { ...given };
    const violations = violationsOf(query);
    return violations.length > 0 ? { violations } : { query };
  };
}

/** What is wrong with an answer by the contract: its status, its body, its headers. Nothing, when it fits. */
export function checkAnswer(
  operation: Operation,
  answer: { status: number; headers: Record<string, unknown>; body: unknown },
): string[] {
  const contract = operation.answers.get(answer.status);
  if (!contract) return [`${operation.name} answered ${answer.status}, which its contract does not know`];
  const names = new Set(Object.keys(answer.headers).map((name) => name.toLowerCase()));
  const missing = contract.headers
    .filter((name) => !optionalHeaders.has(name) && !names.has(name.toLowerCase()))
    .map((name) => `header ${name} is missing`);
  const [type = ''] = String(answer.headers['content-type'] ?? '').split(';');
  const isPage = type !== 'application/json' && contract.contentTypes.includes(type);
  if (!contract.schema || isPage) {
    const empty = answer.body === undefined || answer.body === '' || contract.contentTypes.length > 0;
    return empty ? missing : [...missing, `a body ${shown(answer.body)} where the contract has none`];
  }
  return [...missing, ...check(validator(operation.api, contract.schema))(answer.body).map(({ text }) => text)];
}

/** Headers that an answer may go without: the explanation can be turned off. */
const optionalHeaders = new Set(['Mock-Klarna-Explain']);
