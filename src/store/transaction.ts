import type { Change } from '../klarna/decision.js';
import type { Kind, OfKind } from '../klarna/records.js';
import type { Instant } from '../klarna/time.js';
import type { Seen, Store } from './store.js';

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
