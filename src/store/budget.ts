import { getHeapStatistics } from 'node:v8';

/** One megabyte, as sizes of memory are written. */
const MB = 1024 * 1024;

/** The least memory that is set aside by default, in bytes. */
const LEAST_USUAL = 128 * MB;

/** The least memory that can be asked for: a few of the largest requests must find room. */
const LEAST = 16 * MB;

/** Returns the memory that is set aside unless told otherwise: a quarter of what V8 or the container allows. */
export function usualMemory(
  heap: number = getHeapStatistics().heap_size_limit,
  container: number | undefined = process.constrainedMemory(),
): number {
  // For a process without a limit Node returns 0, undefined or more than any machine has.
  const limit = container ? Math.min(heap, container) : heap;
  return Math.max(LEAST_USUAL, Math.floor(limit / 4));
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: MB, G: 1024 * MB };

/** The forms of a size of memory, for messages. */
export const MEMORY_SIZES = 'a size of at least 16MB, such as 256MB, 1GB or a number of bytes';

/** Reads a size of memory: `256MB`, `1GB` or a number of bytes; undefined for what is none, or too small. */
export function readMemory(given: string | number): number | undefined {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?) ?(?:([KMG])i?B?|B)?$/i.exec(String(given).trim()) ?? [];
  if (count === undefined) return undefined;
  const bytes = Math.floor(Number(count) * (UNITS[unit.toUpperCase()] as number));
  return Number.isSafeInteger(bytes) && bytes >= LEAST ? bytes : undefined;
}

/** The kinds of things that go when memory is full. */
export type Droppable = 'record' | 'exchange' | 'callback' | 'scenario';

/** Keeps a merchant's things in memory, and can let go of them one by one. */
export interface Keeper {
  readonly merchant: string;
  /** Drops the oldest thing and charges the account with less; returns its kind, or undefined where nothing is left. */
  dropOldest(): Droppable | undefined;
}

/** The bytes that a keeper keeps. */
export interface Account {
  readonly keeper: Keeper;
  bytes: number;
  /** Place among the levels of the budget; absent while it has nothing to drop. */
  level: number | undefined;
}

/** Number of levels that a doubling of bytes is divided into. */
const STEPS = 4;

const levelOf = (bytes: number): number => Math.floor(Math.log2(bytes + 1) * STEPS);

export interface BudgetOptions {
  /** The most bytes that are kept. */
  limit?: number;
  /** Called with each thing that was dropped. */
  dropped?: (merchant: string, what: Droppable) => void;
}

/**
 * The memory that all merchants share, in bytes. When it is full, the largest accounts let go of their oldest until it
 * fits. Accounts are kept by size in levels, so that a large one is found without a look at all others: it is at most a
 * fifth smaller than the largest.
 */
export class Budget {
  readonly limit: number;
  readonly #dropped: (merchant: string, what: Droppable) => void;
  #bytes = 0;
  /** Accounts by level. */
  readonly #levels: Set<Account>[] = [];

  constructor({ limit = usualMemory(), dropped = () => {} }: BudgetOptions = {}) {
    this.limit = limit;
    this.#dropped = dropped;
  }

  /** Bytes that are kept now. */
  get bytes(): number {
    return this.#bytes;
  }

  open(keeper: Keeper): Account {
    return { keeper, bytes: 0, level: undefined };
  }

  /** Counts bytes that an account keeps from now on, or with a negative number no longer. Nothing is dropped yet. */
  charge(account: Account, bytes: number): void {
    this.#bytes += bytes;
    account.bytes += bytes;
    const level = levelOf(account.bytes);
    if (level === account.level || (bytes <= 0 && account.level === undefined)) return;
    this.#leave(account);
    if (account.bytes <= 0) return;
    while (this.#levels.length <= level) this.#levels.push(new Set());
    this.#levels[level]?.add(account);
    account.level = level;
  }

  /** Ends an account whose things are gone. */
  close(account: Account): void {
    this.#bytes -= account.bytes;
    account.bytes = 0;
    this.#leave(account);
  }

  /** Has the oldest of the largest accounts dropped until all fits. */
  fit(): void {
    while (this.#bytes > this.limit) {
      const account = this.#largest();
      if (!account) return;
      const { keeper } = account;
      const what = keeper.dropOldest();
      if (what) this.#dropped(keeper.merchant, what);
      // The rest cannot be dropped; the keeper is looked at again when it has more.
      else this.#leave(account);
    }
  }

  #leave(account: Account): void {
    if (account.level !== undefined) this.#levels[account.level]?.delete(account);
    account.level = undefined;
  }

  #largest(): Account | undefined {
    for (;;) {
      const highest = this.#levels.at(-1);
      if (!highest) return undefined;
      for (const account of highest) return account;
      this.#levels.pop();
    }
  }
}
