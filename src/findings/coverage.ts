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

/** What a shop has met of what its operations can answer. */
export interface Coverage {
  /** Of every operation that the shop calls. */
  cells: CoverageCell[];
  /** What the shop met beside them: its own slips, and answers of which nobody can say what they are. */
  others?: CoverageCell[];
  /** Operations that the shop never called; no part of the percentage, like `others`. */
  unused: { operation: string; reach?: string }[];
}

/** How many of the cells count, in percent, rounded down; 0 where there are none. */
export function coveragePercent({ cells }: Coverage): number {
  if (cells.length === 0) return 0;
  return Math.floor((100 * cells.filter(({ counts }) => counts).length) / cells.length);
}
