import type { NumberedExchange } from '../../exchange/exchange.js';
import { type JournalEntry, type RawExchange, showExchange } from '../../exchange/raw-exchange.js';
import { inSlices } from '../../exchange/slices.js';
import type { Eventually } from '../../store/eventually.js';
import type { JournalFilter, JournalPage } from '../../store/journal-ring.js';
import type { Store } from '../../store/store.js';
import { Listing } from '../listing.js';
import type { Tell } from './events.js';

/** Number of entries that are asked of the store at once: while a client does not read, no more are held for it. */
const AT_ONCE = 10;

/** The journal of a merchant: the exchanges in the store, in the form of the control API. */
export class Journal {
  readonly #store: Store;
  readonly #merchant: string;
  readonly #tell: Tell;

  constructor(store: Store, merchant: string, tell: Tell) {
    this.#store = store;
    this.#merchant = merchant;
    this.#tell = tell;
  }

  /** Adds the newest exchange; returns its number. */
  add(exchange: RawExchange): Eventually<number> {
    const number = this.#store.record(this.#merchant, exchange);
    const told = (number: number): number => {
      this.#tell(() => ({ event: 'exchange', data: showExchange({ number, ...exchange }) }));
      return number;
    };
    return number instanceof Promise ? number.then(told) : told(number);
  }

  /** Goes through exchanges as they are kept, newest first; those that go meanwhile are passed over. */
  async *entries(filter: JournalFilter = {}): AsyncGenerator<JournalEntry> {
    for await (const page of this.pages(filter)) yield* page;
  }

  /** Goes through exchanges in the same way, in pages of `atOnce`: larger pages need fewer reads of the store. */
  async *pages(
    { limit = Number.POSITIVE_INFINITY, ...filter }: JournalFilter = {},
    atOnce = AT_ONCE,
  ): AsyncGenerator<readonly JournalEntry[]> {
    const pause = inSlices();
    let { before } = filter;
    for (let left = limit; left > 0; ) {
      const page = await this.#store.exchanges(this.#merchant, { ...filter, before, limit: Math.min(left, atOnce) });
      yield page.items;
      left -= page.items.length;
      before = page.next;
      if (before === undefined) return;
      const others = pause();
      if (others) await others;
    }
  }

  /**
   * Returns a page of exchanges, newest first, with the numbers of exchanges and records dropped since the journal was last
   * cleared.
   */
  page({ limit, ...filter }: JournalFilter & { limit: number }): Listing {
    let next: number | undefined;
    const all = this.entries(filter);
    async function* items(): AsyncGenerator<NumberedExchange> {
      let last: number | undefined;
      let left = limit;
      for await (const entry of all) {
        // There is one more.
        if (left-- === 0) {
          next = last;
          return;
        }
        last = entry.number;
        yield showExchange(entry);
      }
    }
    return new Listing({
      items: items(),
      dropped: async () => (await this.counts()).dropped,
      dropped_records: async () => (await this.counts()).droppedRecords,
      next: () => next,
    });
  }

  /** Returns the numbers of exchanges and records that were dropped since the journal was last cleared. */
  async counts(): Promise<Pick<JournalPage, 'dropped' | 'droppedRecords'>> {
    return this.#store.exchanges(this.#merchant, { limit: 0 });
  }

  async clear(): Promise<void> {
    await this.#store.clearExchanges(this.#merchant);
    this.#tell(() => ({ event: 'cleared', data: { what: 'journal' } }));
  }
}
