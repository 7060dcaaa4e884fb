import type { Coverage, CoverageCell, CoveredApi } from './coverage.js';

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
