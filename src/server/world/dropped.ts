import type { WallClock } from '../../exchange/wall-clock.js';
import { counted } from '../../report/summary.js';
import type { Droppable } from '../../store/budget.js';

/** Time in milliseconds over which drops are gathered into one line for each merchant. */
const EVERY = 5_000;

/** The most merchants that are named at a time. */
const NAMED = 10;

const nouns: readonly (readonly [Droppable, string])[] = [
  ['record', 'record'],
  ['exchange', 'exchange'],
  ['callback', 'waiting callback'],
  ['scenario', 'chosen scenario'],
];

/** Returns the line about what went of a merchant. */
function lineOf(merchant: string, counts: ReadonlyMap<Droppable, number>, memory: string): string {
  const [first, ...others] = nouns.flatMap(([what, noun]) => {
    const count = counts.get(what);
    return count === undefined ? [] : [{ count, noun }];
  });
  const parts = [
    first && (first.count === 1 ? `oldest ${first.noun}` : `${first.count} oldest ${first.noun}s`),
    ...others.map(({ count, noun }) => counted(count, noun)),
  ];
  return `dropped the ${parts.join(' and ')} of merchant ${merchant}, since ${memory} of memory are full; raise --memory`;
}

/** Tells the person at the console what was dropped since memory was full: a line for each merchant, every few seconds. */
export class DropTeller {
  readonly #wall: Pick<WallClock, 'later'>;
  readonly #warn: (line: string) => void;
  readonly #memory: string;
  #dropped = new Map<string, Map<Droppable, number>>();

  /** @param memory how much there is, in bytes */
  constructor(memory: number, wall: Pick<WallClock, 'later'>, warn: (line: string) => void) {
    this.#wall = wall;
    this.#warn = warn;
    this.#memory = `${Math.round(memory / 1024 / 1024)} MB`;
  }

  /** Takes a thing that was dropped. */
  take(merchant: string, what: Droppable): void {
    if (this.#dropped.size === 0) this.#wall.later(EVERY, () => this.tell());
    let counts = this.#dropped.get(merchant);
    if (!counts) {
      counts = new Map();
      this.#dropped.set(merchant, counts);
    }
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }

  /** Tells what was gathered. */
  tell(): void {
    const all = [...this.#dropped];
    this.#dropped = new Map();
    for (const [merchant, counts] of all.slice(0, NAMED)) this.#warn(lineOf(merchant, counts, this.#memory));
    if (all.length > NAMED) this.#warn(`dropped the oldest of ${all.length - NAMED} more merchants as well`);
  }
}
