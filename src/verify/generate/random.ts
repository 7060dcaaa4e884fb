import { createHash } from 'node:crypto';

/** Choices that look random and follow from words alone. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One of a list that is not empty. */
  pick<Element>(list: readonly Element[]): Element;
  /** True that often of a hundred times. */
  percent(often: number): boolean;
}

/** Choices for these words: the same words make the same ones. */
export function randomOf(...words: readonly unknown[]): Random {
  let state = createHash('sha256').update(JSON.stringify(words)).digest().readUInt32LE();
  // Mulberry32: small, quick, and good enough to choose examples.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    between,
    pick: (list) => list[between(0, list.length - 1)] as (typeof list)[number],
    percent: (often) => next() * 100 < often,
  };
}
