import type { ValidateFunction } from 'ajv';
import type { Violation } from '../klarna/decision.js';
import { type Answered, answerFaults } from './answers.js';
import { beanWords } from './bean-words.js';
import { check, tell } from './compile.js';
import type { Operation } from './operations.js';
import { faultFindersOf, shapesOf } from './shapes.js';

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
  return judgeBy(faultFindersOf(api).others[schema] as ValidateFunction)(value);
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
  const { readers, accepts } = shapesOf(api);
  const read = readers[name] as (value: unknown) => unknown;
  const isRight = accepts[name] as (value: unknown) => boolean;
  return (given) => {
    const body = read(given ?? {});
    if (isRight(body)) return { body };
    return { violations: judgeBy(faultFindersOf(api).bodies[name] as ValidateFunction)(body) };
  };
}

/** Reads and checks a query: converts numbers, fills in defaults, and ignores parameters unknown to the contract. */
export function checkQuery({ name, api }: Operation, given: object): Checked<{ query: Record<string, unknown> }> {
  const query = { ...given };
  const validate = faultFindersOf(api).queries[name];
  const violations = validate ? judgeBy(validate)(query) : [];
  return violations.length > 0 ? { violations } : { query };
}

/** Returns the faults of an answer by its contract as sentences: status, headers, body. Empty when it matches. */
export const checkAnswer = (operation: Operation, answer: Answered): string[] =>
  answerFaults(operation, answer).map(({ text }) => text);
