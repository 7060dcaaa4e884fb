import type { RawExchange } from '../exchange/raw-exchange.js';
import type { Change } from '../klarna/decision.js';
import type { Kind, OfKind, Stored } from '../klarna/records.js';
import type { Instant } from '../klarna/time.js';
import { type Eventually, type Steps, wait } from './eventually.js';
import type { JournalFilter, JournalPage } from './journal-ring.js';

/** A record with its revision number, which every change raises. */
export interface Revision<R = Stored> {
  record: R;
  revision: number;
}

/** The revision of a record that a transaction read, or 0 where there was no record. */
export interface Seen {
  kind: Kind;
  id: string;
  revision: number;
}

export interface Page<R> {
  items: R[];
  /** The cursor of the next page; absent on the last. */
  next?: string;
}

/**
 * The store of all state: the records of all merchants, and for each merchant the journal and the rest of the world.
 * All of it is plain data that JSON can carry. Between a read and a commit, other commits may happen.
 */
export interface Store {
  /** True for a store that keeps what it has when the process ends: nothing is deleted from it to save memory. */
  readonly lasts?: boolean;
  /** Returns a record with its revision, if it exists. Ids are unique over all merchants. */
  read<K extends Kind>(kind: K, id: string): Eventually<Revision<OfKind<K>> | undefined>;
  /**
   * Makes all changes, or none when a record in `seen` has changed meanwhile.
   * @param now time on the merchant's clock; records that expired long before are dropped
   * @param size bytes of the request and the answer that the changes come from, which a store in memory counts
   * @returns true when the changes were made
   */
  commit(seen: readonly Seen[], changes: readonly Change[], now: Instant, size?: number): Eventually<boolean>;
  /** Returns a merchant's records of a kind, newest first; `after` is the cursor of the page before. */
  list<K extends Kind>(kind: K, merchant: string, limit: number, after?: string): Eventually<Page<OfKind<K>>>;
  /**
   * Adds an exchange to a merchant's journal; the oldest are dropped for it.
   * @returns its number in the journal, from 1
   */
  record(merchant: string, exchange: RawExchange): Eventually<number>;
  /**
   * Returns exchanges of a merchant's journal, newest first: at most `limit` of them. A page may be shorter and still have
   * a next one.
   */
  exchanges(merchant: string, filter: JournalFilter): Eventually<JournalPage>;
  /** Empties a merchant's journal. */
  clearExchanges(merchant: string): Eventually<void>;
  /**
   * Saves the state of a merchant's world other than records and journal. To the store it is opaque.
   * @param state returns the current state: a store in memory calls it only when the world is loaded
   */
  saveWorld(merchant: string, state: () => object): Eventually<void>;
  /** Returns the saved state of a merchant's world; `undefined` where none was saved. */
  loadWorld(merchant: string): Eventually<object | undefined>;
  /** Deletes all data of a merchant. */
  clear(merchant: string): Eventually<void>;
}

/** A transaction for one attempt at an operation: it commits only if no record that it read has changed. */
export class Transaction {
  readonly #store: Store;
  readonly #seen: Seen[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /** Returns a record by kind and id, if it exists; undefined for an absent id. */
  *get<K extends Kind>(kind: K, id: string | undefined): Steps<OfKind<K> | undefined> {
    if (id === undefined) return undefined;
    const found = yield* wait(this.#store.read(kind, id));
    this.expect(kind, id, found);
    return found?.record;
  }

  /** Counts a record that was read before among those read by this transaction. */
  expect(kind: Kind, id: string, found: Revision | undefined): void {
    this.#seen.push({ kind, id, revision: found?.revision ?? 0 });
  }

  /** Commits all changes, or none when a record that was read has changed; then the operation must run again. */
  commit(changes: readonly Change[], now: Instant, size: number): Eventually<boolean> {
    return this.#store.commit(this.#seen, changes, now, size);
  }
}

/**
 * Runs an attempt until its changes are committed on records that nobody changed meanwhile.
 * @param clock returns the time of each attempt, on the merchant's clock
 * @param attempt reads through the transaction, and returns its result with the changes to commit and the bytes of the texts
 * that they come from
 */
export function* transact<Result extends { changes: readonly Change[]; size: number }>(
  store: Store,
  clock: () => Instant,
  attempt: (tx: Transaction, now: Instant) => Steps<Result>,
): Steps<Result> {
  for (;;) {
    const now = clock();
    const tx = new Transaction(store);
    const result = yield* attempt(tx, now);
    if (yield* wait(tx.commit(result.changes, now, result.size))) return result;
  }
}
