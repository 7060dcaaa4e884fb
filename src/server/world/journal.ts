import type { Exchange } from '../../exchange/exchange.js';
import { type RawExchange, showExchange } from '../../exchange/raw-exchange.js';
import type { JournalFilter } from '../../store/journal-ring.js';
import type { Eventually, Store } from '../../store/store.js';

/** The journal of a merchant: the exchanges in the store, in the form of the control API. */
export class Journal {
  readonly #store: Store;
  readonly #merchant: string;

  constructor(store: Store, merchant: string) {
    this.#store = store;
    this.#merchant = merchant;
  }

  /** Adds the newest exchange. */
  add(exchange: RawExchange): Eventually<void> {
    return this.#store.record(this.#merchant, exchange);
  }

  /** Returns exchanges, newest first; `dropped` is the number of those dropped since the journal was last cleared. */
  async list(filter: JournalFilter = {}): Promise<{ items: Exchange[]; dropped: number }> {
    const { items, dropped } = await this.#store.exchanges(this.#merchant, filter);
    return { items: items.map(showExchange), dropped };
  }

  clear(): Eventually<void> {
    return this.#store.clearExchanges(this.#merchant);
  }
}
