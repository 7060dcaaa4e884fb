import type { RawExchange } from '../exchange/raw-exchange.js';
import type { Change } from '../klarna/decision.js';
import type { Kind, OfKind, Stored } from '../klarna/records.js';
import type { Instant } from '../klarna/time.js';
import type { JournalFilter, JournalPage } from './journal-ring.js';

/** A record with the number of its revision, which every change raises. */
export interface Revision<R = Stored> {
  record: R;
  revision: number;
}

/** What a transaction saw: the revision of a record, or 0 where there was none. */
export interface Seen {
  kind: Kind;
  id: string;
  revision: number;
}

export interface Page<R> {
  items: R[];
  /** The cursor of the next page, when there is more. */
  next?: string;
}

/** A value, at once or later: a store in memory answers at once, others by promise. */
export type Eventually<T> = T | Promise<T>;

/**
 * Where state lives: the records of all merchants, and of each merchant the journal and the rest of the world. All of it is
 * plain data that JSON can carry. Between a read and a commit others may come first.
 */
export interface Store {
  /** Returns the record as it stands, if it is there. Ids are unique over all merchants. */
  read<K extends Kind>(kind: K, id: string): Eventually<Revision<OfKind<K>> | undefined>;
  /**
   * Makes all changes at once, or none when anything seen has changed meanwhile.
   * @param now on the merchant's clock; what expired long before it goes
   * @returns whether the changes were made
   */
  commit(seen: readonly Seen[], changes: readonly Change[], now: Instant): Eventually<boolean>;
  /** Returns a merchant's records of a kind, newest first; `after` is the cursor of the page before. */
  list<K extends Kind>(kind: K, merchant: string, limit: number, after?: string): Eventually<Page<OfKind<K>>>;
  /** Adds an exchange to a merchant's journal; the oldest leave for it. */
  record(merchant: string, exchange: RawExchange): Eventually<void>;
  /** Returns exchanges of a merchant's journal, newest first. */
  exchanges(merchant: string, filter: JournalFilter): Eventually<JournalPage>;
  /** Empties a merchant's journal. */
  clearExchanges(merchant: string): Eventually<void>;
  /**
   * Keeps what a merchant's world is beside records and journal. No store looks into it.
   * @param state gives it as it is now: a store in memory asks only when somebody loads it
   */
  saveWorld(merchant: string, state: () => object): Eventually<void>;
  /** Returns what was saved of a merchant's world; `undefined` where nothing was. */
  loadWorld(merchant: string): Eventually<object | undefined>;
  /** Forgets everything of a merchant. */
  clear(merchant: string): Eventually<void>;
}

/** One try at an operation: it remembers what it read, and commits only on what it read. */
export class Transaction {
  readonly #store: Store;
  readonly #seen: Seen[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /** A record by kind and id; an absent id finds nothing. */
  async get<K extends Kind>(kind: K, id: string | undefined): Promise<OfKind<K> | undefined> {
    if (id === undefined) return undefined;
    const found = await this.#store.read(kind, id);
    this.expect(kind, id, found);
    return found?.record;
  }

  /** Takes a record that was read before for one that this try has read. */
  expect(kind: Kind, id: string, found: Revision | undefined): void {
    this.#seen.push({ kind, id, revision: found?.revision ?? 0 });
  }

  /** Commits all changes, or none when something that was read has changed; then the operation must run again. */
  commit(changes: readonly Change[], now: Instant): Eventually<boolean> {
    return this.#store.commit(this.#seen, changes, now);
  }
}

/**
 * Runs an attempt until its changes are committed on records that nobody changed meanwhile.
 * @param clock tells the time of each attempt, on the merchant's clock
 * @param attempt reads through the transaction, and returns its result with the changes that it asks for
 */
export async function transact<Result extends { changes: readonly Change[] }>(
  store: Store,
  clock: () => Instant,
  attempt: (tx: Transaction, now: Instant) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const now = clock();
    const tx = new Transaction(store);
    const result = await attempt(tx, now);
    if (await tx.commit(result.changes, now)) return result;
  }
}
