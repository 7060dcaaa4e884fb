import type { Change } from '../klarna/decision.js';
import type { Kind, OfKind, Stored } from '../klarna/records.js';
import type { Instant } from '../klarna/time.js';

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

/** Where state lives. Every method may take its time: between read and commit others may come first. */
export interface Store {
  /** The record as it stands, if it is there. Ids are unique over all merchants. */
  read<K extends Kind>(kind: K, id: string): Promise<Revision<OfKind<K>> | undefined>;
  /**
   * Makes all changes at once, or none when anything seen has changed meanwhile.
   * @param now on the merchant's clock; what expired long before it goes
   * @returns whether the changes were made
   */
  commit(seen: readonly Seen[], changes: readonly Change[], now: Instant): Promise<boolean>;
  /** A merchant's records of a kind, newest first; `after` is the cursor of the page before. */
  list<K extends Kind>(kind: K, merchant: string, limit: number, after?: string): Promise<Page<OfKind<K>>>;
  /** Forgets everything of a merchant. */
  clear(merchant: string): Promise<void>;
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
    this.#seen.push({ kind, id, revision: found?.revision ?? 0 });
    return found?.record;
  }

  /** Commits all changes, or none when something that was read has changed; then the operation must run again. */
  commit(changes: readonly Change[], now: Instant): Promise<boolean> {
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
