/** The rows of a list that are drawn, and the room before and behind them. */
export interface Visible {
  from: number;
  to: number;
}

/** Rows beyond each edge that are drawn too, so that nothing flashes while one scrolls. */
const BEYOND = 8;

/**
 * Returns which rows of a list are drawn.
 * @param count number of rows
 * @param row height of a row
 * @param top how far it is scrolled
 * @param height of the part that is seen
 */
export function visibleRows(count: number, row: number, top: number, height: number): Visible {
  const first = Math.floor(top / row) - BEYOND;
  const last = Math.ceil((top + height) / row) + BEYOND;
  const from = Math.min(Math.max(0, first), Math.max(0, count - 1));
  return { from, to: Math.min(count, Math.max(from, last)) };
}

/**
 * Returns how far to scroll so that a row is seen, moving as little as can be.
 * @param at place of the row
 */
export function scrollTo(at: number, row: number, top: number, height: number): number {
  if (at * row < top) return at * row;
  return (at + 1) * row > top + height ? (at + 1) * row - height : top;
}
