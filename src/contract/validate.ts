import type { ValidateFunction } from 'ajv';
import type { Violation } from '../klarna/decision.js';
import { type Answered, answerFaults } from './answers.js';
import { beanWords } from './bean-words.js';
import { bodyReader } from './body-reader.js';
import { check, compileText, tell, validator } from './compile.js';
import { type Api, documentOf, type Operation, resolve } from './operations.js';

/** A part of a request as the rules may use it, or the violations of its shape. */
export type Checked<Part> = Part | { violations: Violation[] };

/** Makes a check by a schema that returns violations. */
function judgeBy(validate: ValidateFunction): (value: unknown) => Violation[] {
  const faultsOf = check(validate);
  return (value) =>
    faultsOf(value).map((fault) => ({
      rule: 'shape',
      field: fault.field || 'body',
      text: tell(fault),
      message: beanWords(fault.error),
    }));
}

/** Returns the violations of a value by a schema of a contract; for values outside requests, such as from a file. */
export function checkShape(api: Api, schema: string, value: unknown): Violation[] {
  return judgeBy(validator(api, `#/components/schemas/${schema}`))(value);
}

const bodyChecks = new Map<string, (body: unknown) => Checked<{ body: unknown }>>();

/** Reads a request body as the wire does and checks its shape. An absent body counts as an empty one. */
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
  const violationsOf = judgeBy(validator(operation.api, operation.request.schema));
  return (given) => {
    const body = read(given ?? {});
    const violations = violationsOf(body);
    return violations.length > 0 ? { violations } : { body };
  };
}

type QueryCheck = (given: object) => Checked<{ query: Record<string, unknown> }>;

const queryChecks = new Map<string, QueryCheck>();

/** Reads and checks a query: converts numbers, fills in defaults, and ignores parameters unknown to the contract. */
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
  const violationsOf = judgeBy(compileText({ type: 'object', properties: Object.fromEntries(properties) }, api));
  return (given) => {
    const query = { ...given };
    const violations = violationsOf(query);
    return violations.length > 0 ? { violations } : { query };
  };
}

/** Returns the faults of an answer by its contract as sentences: status, headers, body. Empty when it matches. */
export const checkAnswer = (operation: Operation, answer: Answered): string[] =>
  answerFaults(operation, answer).map(({ text }) => text);
