import type { RawExchange } from '../exchange/raw-exchange.js';
import type { Kind, Stored } from '../klarna/records.js';
import type { Account, Budget, Droppable, Keeper } from './budget.js';
import { type Aged, ByAge } from './by-age.js';
import { type JournalFilter, type JournalPage, JournalRing } from './journal-ring.js';
import { dataSize } from './sizes.js';

/** A record as it is kept. */
export interface Kept extends Aged<Kept> {
  readonly holdings: Holdings;
  readonly age: number;
  /** The record as it is now; each change puts another in its place. */
  record: Stored;
  revision: number;
  /** Bytes that it is charged with. */
  size: number;
  /** Bytes that it was measured to take; 0 for one that never was. */
  measured: number;
}

/** Bytes that a record takes beside its data. */
const OVERHEAD = 640;

/**
 * Bytes from which on a record is measured, once it may have doubled since. Below, it is charged with the texts that it can
 * have come from, which cost nothing to know and are more than it takes.
 */
const MEASURED_FROM = 16 * 1024;

/** Counts what is added over all merchants, to compare ages. */
let additions = 0;

/** The data of one merchant in memory: records of each kind and the journal. */
export class Holdings implements Keeper {
  readonly merchant: string;
  /** True once all of it is forgotten. */
  gone = false;
  readonly #records = new Map<Kind, ByAge<Kept>>();
  readonly #budget: Budget;
  readonly #account: Account;
  readonly #limit: number | undefined;
  readonly #removed: (kept: Kept) => void;
  #journal: JournalRing;
  #droppedRecords = 0;

  /**
   * @param limit highest number of exchanges in the journal
   * @param removed called with each record that was dropped
   */
  constructor(merchant: string, budget: Budget, limit: number | undefined, removed: (kept: Kept) => void) {
    this.merchant = merchant;
    this.#budget = budget;
    this.#limit = limit;
    this.#removed = removed;
    this.#journal = new JournalRing(limit);
    this.#account = budget.open(this);
  }

  /** Adds a record. @param size the bytes of the texts that it came from; undefined where they are not known */
  add(record: Stored, size: number | undefined): Kept {
    const kept: Kept = {
      holdings: this,
      age: ++additions,
      record,
      revision: 1,
      size: 0,
      measured: 0,
      older: undefined,
      newer: undefined,
    };
    this.of(record.kind).add(kept);
    this.#weigh(kept, size);
    return kept;
  }

  /** Replaces a record by what it is now. @param size the bytes of the texts of that change */
  change(kept: Kept, record: Stored, size: number | undefined): void {
    kept.record = record;
    kept.revision++;
    this.#weigh(kept, size);
  }

  remove(kept: Kept): void {
    this.of(kept.record.kind).remove(kept);
    this.#budget.charge(this.#account, -kept.size);
  }

  /** Returns the records of a kind by age. */
  of(kind: Kind): ByAge<Kept> {
    let records = this.#records.get(kind);
    if (!records) {
      records = new ByAge();
      this.#records.set(kind, records);
    }
    return records;
  }

  /** Returns all records. */
  *records(): Iterable<Kept> {
    for (const { oldest } of this.#records.values()) {
      // A record that is removed meanwhile no longer knows the next one.
      for (let kept = oldest, next = kept?.newer; kept; kept = next, next = kept?.newer) yield kept;
    }
  }

  record(exchange: RawExchange): number {
    const before = this.#journal.size;
    const number = this.#journal.add(exchange, ++additions);
    this.#budget.charge(this.#account, this.#journal.size - before);
    return number;
  }

  exchanges(filter: JournalFilter): JournalPage {
    const page = this.#journal.list(filter);
    return this.#droppedRecords === 0 ? page : { ...page, droppedRecords: this.#droppedRecords };
  }

  clearExchanges(): void {
    this.#budget.charge(this.#account, -this.#journal.size);
    this.#journal = new JournalRing(this.#limit);
    this.#droppedRecords = 0;
  }

  /** Gives back all that it is charged with. */
  close(): void {
    this.gone = true;
    this.#budget.close(this.#account);
  }

  dropOldest(): Droppable | undefined {
    let kept: Kept | undefined;
    for (const { oldest } of this.#records.values()) if (oldest && !(kept && kept.age < oldest.age)) kept = oldest;
    const exchange = this.#journal.oldest;
    if (exchange !== undefined && !(kept && kept.age < exchange)) {
      const before = this.#journal.size;
      this.#journal.dropOldest();
      this.#budget.charge(this.#account, this.#journal.size - before);
      return 'exchange';
    }
    if (!kept) return undefined;
    this.remove(kept);
    this.#removed(kept);
    this.#droppedRecords++;
    return 'record';
  }

  /** Charges a record that is new or changed. */
  #weigh(kept: Kept, size: number | undefined): void {
    const before = kept.size;
    let bytes = before === 0 ? OVERHEAD : before;
    if (size !== undefined) bytes += size;
    if (size === undefined || (bytes > MEASURED_FROM && bytes > 2 * kept.measured)) {
      kept.measured = OVERHEAD + dataSize(kept.record);
      bytes = kept.measured;
    }
    kept.size = bytes;
    this.#budget.charge(this.#account, bytes - before);
  }
}
