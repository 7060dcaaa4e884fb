import type { ValidateFunction } from 'ajv';
import type { Violation } from '../klarna/decision.js';
import { type Answered, answerFaults } from './answers.js';
import { beanWords } from './bean-words.js';
import { check, compileText, tell, validator } from './compile.js';
import { type Api, documentOf, type Operation, resolve } from './operations.js';
import { bodyReader } from './wire.js';

/** A part of a request as the rules may use it, or what is wrong with its shape. */
export type Checked<Part> = Part | { violations: Violation[] };

/** Makes a check by one schema in the words of the rules. */
function judgeBy(validate: ValidateFunction): (value: unknown) => Violation[] {
  const faultsOf = check(validate);
  return (value) =>
    faultsOf(value).map((fault) => ({
      rule: 'shape',
      field: fault.field || 'body',
      text: tell(fault),
      words: beanWords(fault.error),
    }));
}

/** What is wrong with a value by one of a contract's schemas; a value that no request carries, such as a file's. */
export function checkShape(api: Api, schema: string, value: unknown): Violation[] {
  return judgeBy(validator(api, `#/components/schemas/${schema}`))(value);
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
  const violationsOf = judgeBy(validator(operation.api, operation.request.schema));
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
  const violationsOf = judgeBy(compileText({ type: 'object', properties: Object.fromEntries(properties) }, api));
  return (given) => {
    const query = { ...given };
    const violations = violationsOf(query);
    return violations.length > 0 ? { violations } : { query };
  };
}

/** What is wrong with an answer by the contract, in sentences: its status, its headers, its body. Nothing, when it fits. */
export const checkAnswer = (operation: Operation, answer: Answered): string[] =>
  answerFaults(operation, answer).map(({ text }) => text);
