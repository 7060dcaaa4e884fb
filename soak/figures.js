// The figures that a trial comes to: how much there was of something and, where it is judged, how much there may be.

/** Number of examples of faults kept for each figure. */
const EXAMPLES = 10;

/**
 * A figure; those of several rounds become one.
 * @typedef {object} Figure
 * @property {string} what
 * @property {number} value
 * @property {string} unit
 * @property {'sum' | 'most'} over what becomes of several rounds
 * @property {number} [allowed] the most that it may be
 * @property {string[]} [examples] what went wrong, each with what it takes to see it again
 */

/** Makes a figure that is told and not judged: how many there were. */
export const counted = (what, value) => ({ what, value, unit: '', over: 'sum' });

/** Makes a figure of which each round has its own, told by the greatest. */
export const greatest = (what, value, unit, allowed) => ({
  what,
  value,
  unit,
  over: 'most',
  ...(allowed !== undefined && { allowed }),
});

/** Makes a figure of what there may be none of. */
export const none = (what, found) => ({
  what,
  value: found.length,
  unit: '',
  over: 'sum',
  allowed: 0,
  examples: found.slice(0, EXAMPLES),
});

/** Tells if a figure is what it may be. A value that is no number is not. */
export const isKept = ({ value, allowed }) => allowed === undefined || value <= allowed;

/**
 * Makes one list of the figures of several rounds, in the order in which they first came.
 * @param {Figure[][]} rounds
 */
export function overall(rounds) {
  const known = new Map();
  for (const figure of rounds.flat()) {
    const before = known.get(figure.what);
    known.set(figure.what, before ? joined(before, figure) : figure);
  }
  return [...known.values()];
}

function joined(before, next) {
  const value = next.over === 'sum' ? before.value + next.value : Math.max(before.value, next.value);
  const examples = [...(before.examples ?? []), ...(next.examples ?? [])].slice(0, EXAMPLES);
  return { ...before, value, ...(before.examples && { examples }) };
}
