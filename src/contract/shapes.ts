import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import type { Api } from './operations.js';

/** Functions by the names of operations, or of schemas. */
type ByName<Made> = Readonly<Record<string, Made>>;

/** What `scripts/generate.js` makes of the requests of a contract. */
export interface Shapes {
  /** Read a body as Klarna's wire does; a value that they cannot read stays unchanged. */
  readers: ByName<(value: unknown) => unknown>;
  /** Tell whether a body that was read has its shape. */
  accepts: ByName<(value: unknown) => boolean>;
}

/** The same for those that do not have their shape. All faults are found, with their values. */
export interface FaultFinders {
  bodies: ByName<ValidateFunction>;
  /** They convert the text of a query, and fill in defaults. */
  queries: ByName<ValidateFunction>;
  /** By the names of schemas of values that are no requests. */
  others: ByName<ValidateFunction>;
}

const require = createRequire(import.meta.url);

/** Returns the generated code for the requests of an API; loaded when the first is read. */
export const shapesOf = (api: Api): Shapes => require(`./generated/${api}.cjs`) as Shapes;

/** Returns the generated code that finds faults; loaded when there is the first one. */
export const faultFindersOf = (api: Api): FaultFinders => require(`./generated/${api}.faults.cjs`) as FaultFinders;

/** Returns the generated validator of scenario files. */
export const scenarioShape = (): ValidateFunction => require('./generated/scenario.cjs').validate as ValidateFunction;

/** Returns the reader of an operation's request body; one that has none is read as nothing. */
export const bodyReader = ({ name, api }: { name: string; api: Api }): ((body: unknown) => unknown) =>
  shapesOf(api).readers[name] ?? (() => undefined);
