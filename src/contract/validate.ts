import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Violation } from '../klarna/decision.js';
import { type Answered, answerFaults } from './answers.js';
import { beanWords } from './bean-words.js';
import { errorsOf, faultOf, tell } from './compile.js';
import type { Operation } from './operations.js';
import { shapesOf } from './shapes.js';

/** A part of a request as the rules may use it, or the violations of its shape. */
export type Checked<Part> = Part | { violations: Violation[] };

/** The most violations of a shape that are told, more than any request has that somebody wrote. */
const TOLD = 100;

/** Makes a check by a schema that returns violations. Of very many the first are told, and the number of the others. */
function judgeBy(validate: ValidateFunction): (value: unknown) => Violation[] {
  return (value) => {
    const errors = errorsOf(validate, value);
    const violations = errors.slice(0, TOLD).map(violationOf);
    if (errors.length > TOLD) violations.push(others(errors.length - TOLD));
    return violations;
  };
}

function violationOf(error: ErrorObject): Violation {
  const fault = faultOf(error);
  return { rule: 'shape', field: fault.field || 'body', text: tell(fault), message: beanWords(error) };
}

/** Returns what stands in the place of further violations. */
function others(count: number): Violation {
  const text = `and ${count} more`;
  return { rule: 'shape', field: text, text, message: text };
}

/** Schemas of contracts that judge values outside requests, such as from a file; the generator knows them as well. */
interface OtherShapes {
  payments: 'address' | 'customer';
  sandbox: 'authorize_request' | 'merchants_file';
}

/** Returns the violations of a value by a schema of a contract. */
export function checkShape<Of extends keyof OtherShapes>(
  api: Of,
  schema: OtherShapes[Of],
  value: unknown,
): Violation[] {
  return judgeBy(shapesOf(api).others[schema] as ValidateFunction)(value);
}

type BodyCheck = (body: unknown) => Checked<{ body: unknown }>;

const bodyChecks = new Map<string, BodyCheck>();

/** Reads a request body as the wire does and checks its shape. An absent body counts as an empty one. */
export function checkBody(operation: Operation, body: unknown): Checked<{ body: unknown }> {
  let judge = bodyChecks.get(operation.name);
  if (!judge) {
    judge = makeBodyCheck(operation);
    bodyChecks.set(operation.name, judge);
  }
  return judge(body);
}

function makeBodyCheck({ name, api, request }: Operation): BodyCheck {
  if (!request) return () => ({ body: undefined });
  const { readers, bodies } = shapesOf(api);
  const read = readers[name] as (value: unknown) => unknown;
  const violationsOf = judgeBy(bodies[name] as ValidateFunction);
  return (given) => {
    const body = read(given ?? {});
    const violations = violationsOf(body);
    return violations.length > 0 ? { violations } : { body };
  };
}

/** Reads and checks a query: converts numbers, fills in defaults, and ignores parameters unknown to the contract. */
export function checkQuery({ name, api }: Operation, given: object): Checked<{ query: Record<string, unknown> }> {
  const query = { ...given };
  const validate = shapesOf(api).queries[name];
  const violations = validate ? judgeBy(validate)(query) : [];
  return violations.length > 0 ? { violations } : { query };
}

/** Returns the faults of an answer by its contract as sentences: status, headers, body. Empty when it matches. */
export const checkAnswer = (operation: Operation, answer: Answered): string[] =>
  answerFaults(operation, answer).map(({ text }) => text);
