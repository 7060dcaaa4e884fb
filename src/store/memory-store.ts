import type { RawExchange } from '../exchange/raw-exchange.js';
import { inSlices } from '../exchange/slices.js';
import type { Change } from '../klarna/decision.js';
import type { Kind, OfKind, Stored } from '../klarna/records.js';
import { DAY, type Instant } from '../klarna/time.js';
import { Budget } from './budget.js';
import { Holdings, type Kept } from './holdings.js';
import type { JournalFilter, JournalPage } from './journal-ring.js';
import type { Page, Revision, Seen, Store } from './store.js';

/** Time in milliseconds for which an expired record stays readable, so that late requests are told that it expired. */
const GRACE = DAY;

/** The most expired records that are dropped for a new one. */
const EXPIRED_AT_ONCE = 100;

const kinds: readonly Kind[] = ['session', 'authorization', 'customer_token', 'order', 'hosted_session', 'idempotency'];

const EMPTY: JournalPage = { items: [], dropped: 0 };

export interface MemoryStoreOptions {
  /** The memory that it may fill; one of its own unless given. */
  budget?: Budget;
  /** Highest number of exchanges in a merchant's journal; as many as fit unless given. */
  journal?: number | undefined;
}

/** A store in memory, of as much as fits into a budget of bytes. Every method returns at once. */
export class MemoryStore implements Store {
  readonly #records = new Map<Kind, Map<string, Kept>>(kinds.map((kind) => [kind, new Map()]));
  readonly #holdings = new Map<string, Holdings>();
  readonly #worlds = new Map<string, () => object>();
  readonly #budget: Budget;
  readonly #journal: number | undefined;

  constructor({ budget = new Budget(), journal }: MemoryStoreOptions = {}) {
    this.#budget = budget;
    this.#journal = journal;
  }

  read<K extends Kind>(kind: K, id: string): Revision<OfKind<K>> | undefined {
    const kept = this.#at(kind, id);
    return kept && { record: kept.record as OfKind<K>, revision: kept.revision };
  }

  commit(seen: readonly Seen[], changes: readonly Change[], now: Instant, size?: number): boolean {
    for (const { kind, id, revision } of seen) {
      if ((this.#at(kind, id)?.revision ?? 0) !== revision) return false;
    }
    if (changes.length === 0) return true;
    for (const change of changes) {
      if ('put' in change) this.#put(change.put, seen, now, size);
      else this.#remove(change.remove.kind, change.remove.id);
    }
    this.#budget.fit();
    return true;
  }

  list<K extends Kind>(kind: K, merchant: string, limit: number, after?: string): Page<OfKind<K>> {
    const holdings = this.#holdings.get(merchant);
    // The record listed last may have been dropped since, and all older ones with it.
    let kept = after === undefined ? holdings?.of(kind).newest : this.#ofMerchant(kind, merchant, after)?.older;
    const items: OfKind<K>[] = [];
    let last: string | undefined;
    for (; kept && items.length < limit; kept = kept.older) {
      items.push(kept.record as OfKind<K>);
      last = kept.record.id;
    }
    return kept && last !== undefined ? { items, next: last } : { items };
  }

  record(merchant: string, exchange: RawExchange): number {
    const number = this.#of(merchant).record(exchange);
    this.#budget.fit();
    return number;
  }

  exchanges(merchant: string, filter: JournalFilter): JournalPage {
    return this.#holdings.get(merchant)?.exchanges(filter) ?? EMPTY;
  }

  clearExchanges(merchant: string): void {
    this.#holdings.get(merchant)?.clearExchanges();
  }

  saveWorld(merchant: string, state: () => object): void {
    this.#worlds.set(merchant, state);
  }

  loadWorld(merchant: string): object | undefined {
    return this.#worlds.get(merchant)?.();
  }

  clear(merchant: string): void {
    const holdings = this.#holdings.get(merchant);
    this.#holdings.delete(merchant);
    this.#worlds.delete(merchant);
    if (!holdings) return;
    holdings.close();
    void this.#sweep(holdings);
  }

  /** Returns a record as it is kept, unless its merchant was forgotten. */
  #at(kind: Kind, id: string): Kept | undefined {
    const kept = this.#records.get(kind)?.get(id);
    return kept?.holdings.gone ? undefined : kept;
  }

  #ofMerchant(kind: Kind, merchant: string, id: string): Kept | undefined {
    const kept = this.#at(kind, id);
    return kept?.holdings.merchant === merchant ? kept : undefined;
  }

  #of(merchant: string): Holdings {
    let holdings = this.#holdings.get(merchant);
    if (!holdings) {
      holdings = new Holdings(merchant, this.#budget, this.#journal, (kept) => this.#forget(kept));
      this.#holdings.set(merchant, holdings);
    }
    return holdings;
  }

  #forget(kept: Kept): void {
    const { kind, id } = kept.record;
    const records = this.#records.get(kind);
    if (records?.get(id) === kept) records.delete(id);
  }

  /** Forgets the records of holdings that are gone. */
  async #sweep(holdings: Holdings): Promise<void> {
    const pause = inSlices();
    for (const kept of holdings.records()) {
      this.#forget(kept);
      const others = pause();
      if (others) await others;
    }
  }

  /** Returns the size of the largest record that a new one was made from: it may have taken over anything of it. */
  #source(seen: readonly Seen[]): number {
    let size = 0;
    for (const { kind, id } of seen) size = Math.max(size, this.#at(kind, id)?.size ?? 0);
    return size;
  }

  #put(record: Stored, seen: readonly Seen[], now: Instant, size: number | undefined): void {
    const kept = this.#at(record.kind, record.id);
    if (kept) {
      kept.holdings.change(kept, record, size);
      return;
    }
    const holdings = this.#of(record.merchant);
    // Of a key the answer alone is kept.
    const source = record.kind === 'idempotency' ? 0 : this.#source(seen);
    this.#records.get(record.kind)?.set(record.id, holdings.add(record, size && size + source));
    this.#dropExpired(holdings, record.kind, now);
  }

  /** Drops the oldest records of a kind that are long expired: a few at a time, since any number may expire at once. */
  #dropExpired(holdings: Holdings, kind: Kind, now: Instant): void {
    for (let left = EXPIRED_AT_ONCE; left > 0; left--) {
      const kept = holdings.of(kind).oldest;
      const record = kept?.record;
      if (!kept || !record || !('expires_at' in record) || now < record.expires_at + GRACE) return;
      holdings.remove(kept);
      this.#forget(kept);
    }
  }

  #remove(kind: Kind, id: string): void {
    const kept = this.#at(kind, id);
    if (!kept) return;
    kept.holdings.remove(kept);
    this.#forget(kept);
  }
}
