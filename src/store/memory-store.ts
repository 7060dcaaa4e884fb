import type { RawExchange } from '../exchange/raw-exchange.js';
import type { Change } from '../klarna/decision.js';
import type { Kind, OfKind, Stored } from '../klarna/records.js';
import { DAY, type Instant } from '../klarna/time.js';
import { JOURNAL_LENGTH, type JournalFilter, type JournalPage, JournalRing } from './journal-ring.js';
import type { Page, Revision, Seen, Store } from './store.js';

/** Ids in the order in which they were added. The oldest is found at once, however many were deleted before it. */
export class IdsByAge implements Iterable<string> {
  readonly #ids = new Set<string>();
  /** Visits each id once; a new iterator would first pass over the gaps of all deleted ids. */
  #walk = this.#ids.values();
  #oldest: string | undefined;

  get size(): number {
    return this.#ids.size;
  }

  add(id: string): void {
    this.#ids.add(id);
  }

  delete(id: string): void {
    this.#ids.delete(id);
    if (id === this.#oldest) this.#oldest = undefined;
  }

  oldest(): string | undefined {
    if (this.#oldest !== undefined) return this.#oldest;
    const { done, value } = this.#walk.next();
    // An iterator that has come to its end yields nothing more, even when ids are added.
    if (done) this.#walk = this.#ids.values();
    else this.#oldest = value;
    return this.#oldest;
  }

  /** Iterates over the ids, oldest first. */
  [Symbol.iterator](): Iterator<string> {
    return this.#ids.values();
  }
}

/** Highest number of records of one kind for a merchant; the oldest are dropped beyond it. */
export const RECORDS_PER_KIND = 20_000;

/** Time in milliseconds for which an expired record stays readable, so that late requests are told that it expired. */
const GRACE = DAY;

const kinds: readonly Kind[] = ['session', 'authorization', 'customer_token', 'order', 'hosted_session', 'idempotency'];

/** A store in memory, with a limit by merchant and kind. Every method returns at once. */
export class MemoryStore implements Store {
  readonly #records = new Map<Kind, Map<string, Revision>>(kinds.map((kind) => [kind, new Map()]));
  /** The ids of each merchant's records by kind. */
  readonly #owned = new Map<string, Map<Kind, IdsByAge>>();
  readonly #journals = new Map<string, JournalRing>();
  readonly #worlds = new Map<string, () => object>();
  readonly #limit: number;
  readonly #journal: number;

  /**
   * @param limit highest number of records by merchant and kind
   * @param journal highest number of exchanges in a merchant's journal
   */
  constructor(limit = RECORDS_PER_KIND, journal = JOURNAL_LENGTH) {
    this.#limit = limit;
    this.#journal = journal;
  }

  read<K extends Kind>(kind: K, id: string): Revision<OfKind<K>> | undefined {
    return this.#of(kind).get(id) as Revision<OfKind<K>> | undefined;
  }

  commit(seen: readonly Seen[], changes: readonly Change[], now: Instant): boolean {
    for (const { kind, id, revision } of seen) {
      if ((this.#of(kind).get(id)?.revision ?? 0) !== revision) return false;
    }
    for (const change of changes) {
      if ('put' in change) this.#put(change.put, now);
      else this.#remove(change.remove.kind, change.remove.id);
    }
    return true;
  }

  list<K extends Kind>(kind: K, merchant: string, limit: number, after?: string): Page<OfKind<K>> {
    const ids = [...(this.#owned.get(merchant)?.get(kind) ?? [])].reverse();
    const start = after === undefined ? 0 : ids.indexOf(after) + 1;
    const page = ids.slice(start, start + limit);
    const items = page.map((id) => this.#of(kind).get(id)?.record as OfKind<K>);
    const last = page.at(-1);
    return last !== undefined && start + limit < ids.length ? { items, next: last } : { items };
  }

  record(merchant: string, exchange: RawExchange): number {
    let journal = this.#journals.get(merchant);
    if (!journal) {
      journal = new JournalRing(this.#journal);
      this.#journals.set(merchant, journal);
    }
    return journal.add(exchange);
  }

  exchanges(merchant: string, filter: JournalFilter): JournalPage {
    return this.#journals.get(merchant)?.list(filter) ?? { items: [], dropped: 0 };
  }

  clearExchanges(merchant: string): void {
    this.#journals.delete(merchant);
  }

  saveWorld(merchant: string, state: () => object): void {
    this.#worlds.set(merchant, state);
  }

  loadWorld(merchant: string): object | undefined {
    return this.#worlds.get(merchant)?.();
  }

  clear(merchant: string): void {
    for (const [kind, ids] of this.#owned.get(merchant) ?? []) {
      for (const id of ids) this.#of(kind).delete(id);
    }
    this.#owned.delete(merchant);
    this.#journals.delete(merchant);
    this.#worlds.delete(merchant);
  }

  #of(kind: Kind): Map<string, Revision> {
    return this.#records.get(kind) as Map<string, Revision>;
  }

  #idsOf(merchant: string, kind: Kind): IdsByAge {
    const owned = this.#owned.get(merchant) ?? new Map<Kind, IdsByAge>();
    const ids = owned.get(kind);
    if (ids) return ids;
    const added = new IdsByAge();
    this.#owned.set(merchant, owned.set(kind, added));
    return added;
  }

  #put(record: Stored, now: Instant): void {
    const records = this.#of(record.kind);
    const before = records.get(record.id);
    records.set(record.id, { record, revision: (before?.revision ?? 0) + 1 });
    if (before) return;
    const ids = this.#idsOf(record.merchant, record.kind);
    ids.add(record.id);
    this.#dropOldest(ids, record.kind, now);
  }

  /** Drops the oldest records while they are long expired or too many. */
  #dropOldest(ids: IdsByAge, kind: Kind, now: Instant): void {
    for (let id = ids.oldest(); id !== undefined; id = ids.oldest()) {
      const { record } = this.#of(kind).get(id) as Revision;
      const expired = 'expires_at' in record && now >= record.expires_at + GRACE;
      if (!expired && ids.size <= this.#limit) return;
      ids.delete(id);
      this.#of(kind).delete(id);
    }
  }

  #remove(kind: Kind, id: string): void {
    const record = this.#of(kind).get(id)?.record;
    if (!record) return;
    this.#of(kind).delete(id);
    this.#idsOf(record.merchant, kind).delete(id);
  }
}
