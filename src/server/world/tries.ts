import type { WallClock } from '../../exchange/wall-clock.js';

/** Number of wrong tries that a user name, and an address, has within a second. */
export const TRIES = 20;
const SECOND = 1_000;

/** The most names and addresses that are counted at once. */
const COUNTED = 1_000;

/** Counts wrong tries of credentials by user name and by address, each second anew. */
export class Tries {
  readonly #wall: Pick<WallClock, 'monotonic'>;
  readonly #counts = new Map<string, number>();
  #began = Number.NEGATIVE_INFINITY;

  constructor(wall: Pick<WallClock, 'monotonic'>) {
    this.#wall = wall;
  }

  /** Counts a try; returns false when there were too many of that name or address. */
  take(username: string, address: string): boolean {
    const now = this.#wall.monotonic();
    if (now - this.#began >= SECOND) {
      this.#counts.clear();
      this.#began = now;
    }
    return this.#count(`from ${address}`) && this.#count(`as ${username}`);
  }

  #count(key: string): boolean {
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count === 1 && this.#counts.size >= COUNTED) return false;
    this.#counts.set(key, count);
    return count <= TRIES;
  }
}
