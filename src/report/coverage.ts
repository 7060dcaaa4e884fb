/** A possible answer of an operation, and the number of times a shop has met it. */
export interface CoverageCell {
  operation: string;
  /** Status of the answer; 0 where none, or no whole one, reached the shop. */
  status: number;
  /** `error_code` of the answer. */
  code?: string;
  /** The change of state of the order or the customer token: `AUTHORIZED -> CAPTURED`. */
  transition?: string;
  /** The outcome, where several have the same status and code: `fraud_status PENDING`. */
  outcome?: string;
  /** The number of such exchanges. */
  met: number;
  /** True if those exchanges prove that the shop can deal with it. */
  counts: boolean;
  /** The reason why it does or does not count. */
  why?: string;
  /** A scenario that ships and brings it about. */
  reach?: string;
}

/** One of Klarna's APIs, with the share of it that a shop has met. */
export interface CoveredApi {
  /** As its contract is called: `Klarna Payments`. */
  name: string;
  /** Its operations that the shop calls; none for an API that the shop does not use. */
  called: string[];
  /** The number of cells of these operations. */
  cells: number;
  counting: number;
  /** `counting` of `cells` in percent, rounded down; 0 where the shop does not use the API. */
  percent: number;
}

/** The answers that a shop has met, of all that its operations can give. */
export interface Coverage {
  /** Every API, those that the shop does not use as well. */
  apis: CoveredApi[];
  /** Of every operation that the shop calls. */
  cells: CoverageCell[];
  /** Other answers that the shop met: those to malformed requests, and unknown ones. */
  others?: CoverageCell[];
  /** Operations that the shop never called; no part of any percentage, like `others`. */
  unused: { operation: string; api: string; reach?: string }[];
}

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
  return [status === 0 ? 'no answer' : status, code, transition, outcome].filter(Boolean).join(' ');
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
  const operations = new Map<string, CoverageCell[]>();
  const own = cells.filter(({ operation }) => called.includes(operation));
  for (const cell of own) operations.set(cell.operation, [...(operations.get(cell.operation) ?? []), cell]);
  return [...operations].map(([operation, own]) => ({
    operation,
    cells: own,
    counting: own.filter(({ counts }) => counts).length,
  }));
}
