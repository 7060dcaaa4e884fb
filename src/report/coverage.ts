/** One thing that can come of an operation, and whether a shop has met it. */
export interface CoverageCell {
  operation: string;
  /** Status of the answer; 0 where none, or no whole one, reached the shop. */
  status: number;
  /** `error_code` of the answer. */
  code?: string;
  /** What the answer made of the order or the customer token: `AUTHORIZED -> CAPTURED`. */
  transition?: string;
  /** Which of several outcomes it is where status and code are the same: `fraud_status PENDING`. */
  outcome?: string;
  /** How many exchanges were of this kind. */
  met: number;
  /** Whether those exchanges prove that the shop has been through it. */
  counts: boolean;
  /** Why it does not count, or what counted. */
  why?: string;
  /** A scenario that ships and leads there. */
  reach?: string;
}

/** One of Klarna's APIs, and how much of it a shop has met. */
export interface CoveredApi {
  /** As its contract is called: `Klarna Payments`. */
  name: string;
  /** Its operations that the shop calls; none for an API that the shop does not use. */
  called: string[];
  /** How many things can come of these, and how many of them count. */
  cells: number;
  counting: number;
  /** The latter of the former in percent, rounded down; 0 where the shop does not use the API. */
  percent: number;
}

/** What a shop has met of what its operations can answer. */
export interface Coverage {
  /** Every API, those that the shop does not use as well. */
  apis: CoveredApi[];
  /** Of every operation that the shop calls. */
  cells: CoverageCell[];
  /** What the shop met beside them: its own slips, and answers of which nobody can say what they are. */
  others?: CoverageCell[];
  /** Operations that the shop never called; no part of any percentage, like `others`. */
  unused: { operation: string; api: string; reach?: string }[];
}

/** The APIs that the shop uses. */
export const usedApis = ({ apis }: Pick<Coverage, 'apis'>): CoveredApi[] =>
  apis.filter(({ called }) => called.length > 0);

/** The names of the others. */
export const unusedApis = ({ apis }: Pick<Coverage, 'apis'>): string[] =>
  apis.filter(({ called }) => called.length === 0).map(({ name }) => name);

/** `Klarna Payments 45 % covered, Klarna Order Management 20 % covered`; `0 % covered` where no API is used. */
export const tellCovered = (apis: readonly CoveredApi[]): string =>
  apis.map(({ name, percent }) => `${name} ${percent} % covered`).join(', ') || '0 % covered';

/** The operations of the APIs in use that were never called. */
export function neverCalled({ apis, unused }: Coverage): Coverage['unused'] {
  const used = new Set(usedApis({ apis }).map(({ name }) => name));
  return unused.filter(({ api }) => used.has(api));
}

/** Whether a shop has been through something: `met`; seen, but in a way that `does not count`; `not met`. */
export type CellState = 'met' | 'does not count' | 'not met';

export function stateOf({ met, counts }: CoverageCell): CellState {
  if (counts) return 'met';
  return met > 0 ? 'does not count' : 'not met';
}

/** What a cell is about, without the operation: `409 NOT_ALLOWED`, `200 fraud_status PENDING`, `no answer`. */
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
  /** How many of them count. */
  counting: number;
}

/** The cells of each operation of an API, in the order of the coverage. */
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
