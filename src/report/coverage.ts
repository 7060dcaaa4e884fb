import type { components } from '../contract/generated/sandbox.js';
import { groupBy } from '../exchange/fields.js';

type Schemas = components['schemas'];

/** A possible answer of an operation, and the number of times a shop has met it. Status 0: no whole answer reached the shop. */
export type CoverageCell = Schemas['coverage_cell'];

/** The answers that a shop has met, of all that its operations can give. */
export type Coverage = Schemas['coverage'];

/** One of Klarna's APIs, with the share of it that a shop has met. */
export type CoveredApi = Coverage['apis'][number];

/** Returns the APIs that the shop uses. */
export const usedApis = ({ apis }: Pick<Coverage, 'apis'>): CoveredApi[] =>
  apis.filter(({ called }) => called.length > 0);

/** Returns the names of the APIs that the shop does not use. */
export const unusedApis = ({ apis }: Pick<Coverage, 'apis'>): string[] =>
  apis.filter(({ called }) => called.length === 0).map(({ name }) => name);

/** Renders the coverage of APIs: `Klarna Payments 45 % covered, Klarna Order Management 20 % covered`; `0 % covered` for none. */
export const renderCovered = (apis: readonly CoveredApi[]): string =>
  apis.map(({ name, percent }) => `${name} ${percent} % covered`).join(', ') || '0 % covered';

/** Returns the operations of the APIs in use that were never called. */
export function neverCalled({ apis, unused }: Coverage): Coverage['unused'] {
  const used = new Set(usedApis({ apis }).map(({ name }) => name));
  return unused.filter(({ api }) => used.has(api));
}

/** The state of a cell: `met`; seen in a way that `does not count`; `not met`. */
export type CellState = 'met' | 'does not count' | 'not met';

/** Returns the state of a cell. */
export function stateOf({ met, counts }: CoverageCell): CellState {
  if (counts) return 'met';
  return met > 0 ? 'does not count' : 'not met';
}

/** Returns the name of a cell without the operation: `409 NOT_ALLOWED`, `200 fraud_status PENDING`, `no answer`. */
export function nameOf({
  status,
  code,
  transition,
  outcome,
}: Pick<CoverageCell, 'status' | 'code' | 'transition' | 'outcome'>): string {
  let name = status === 0 ? 'no answer' : `${status}`;
  if (code) name += ` ${code}`;
  if (transition) name += ` ${transition}`;
  if (outcome) name += ` ${outcome}`;
  return name;
}

/** An operation with its cells. */
export interface CoveredOperation {
  operation: string;
  cells: CoverageCell[];
  /** The number of cells that count. */
  counting: number;
}

/** Returns the cells of each operation of an API, in the order of the coverage. */
export function byOperation(
  { cells }: Pick<Coverage, 'cells'>,
  { called }: Pick<CoveredApi, 'called'>,
): CoveredOperation[] {
  const own = cells.filter(({ operation }) => called.includes(operation));
  const operations = groupBy(own, ({ operation }) => operation);
  return [...operations].map(([operation, own]) => ({
    operation,
    cells: own,
    counting: own.filter(({ counts }) => counts).length,
  }));
}
