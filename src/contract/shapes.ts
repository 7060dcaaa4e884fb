import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import type { Api, Operation } from './operations.js';

/** Functions by the names of operations, or of schemas. */
type ByName<Made> = Readonly<Record<string, Made>>;

/** The code that `scripts/generate.js` makes of the requests of a contract. */
export interface Shapes {
  /** Read a body as Klarna's wire does; a value that they cannot read stays unchanged. */
  readers: ByName<(value: unknown) => unknown>;
  /** Find all faults of a body that was read. */
  bodies: ByName<ValidateFunction>;
  /** The same for queries: they convert the text of a query, and fill in defaults. */
  queries: ByName<ValidateFunction>;
  /** The same by the names of schemas, for values that are no requests. */
  others: ByName<ValidateFunction>;
}

const require = createRequire(import.meta.url);

const loaded = new Map<Api, Shapes>();

/** Returns the generated code for the requests of an API; loaded at first use. */
export function shapesOf(api: Api): Shapes {
  let shapes = loaded.get(api);
  if (!shapes) {
    shapes = require(`./generated/${api}.cjs`) as Shapes;
    loaded.set(api, shapes);
  }
  return shapes;
}

/** The code that `scripts/generate.js` makes of an answer. It finds all faults. */
export interface AnswerShape {
  /** Judges headers by their names in lower case, and converts their values in place. */
  headers: ValidateFunction;
  /** Judges a JSON body. */
  body?: ValidateFunction;
}

/** Returns the generated code for an answer of an operation; that of its API is loaded at first use. */
export const answerShape = ({ name, api }: Pick<Operation, 'name' | 'api'>, status: number): AnswerShape =>
  require(`./generated/${api}.answers.cjs`).answers[`${name}/${status}`];

/** Returns the generated validator of scenario files. */
export const scenarioShape = (): ValidateFunction => require('./generated/scenario.cjs').validate as ValidateFunction;

/** Returns the reader of an operation's request body; one that has none is read as nothing. */
export const bodyReader = ({ name, api }: { name: string; api: Api }): ((body: unknown) => unknown) =>
  shapesOf(api).readers[name] ?? (() => undefined);
