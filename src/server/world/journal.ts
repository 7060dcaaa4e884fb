import type { Exchange } from '../../exchange/exchange.js';
import { type RawExchange, showExchange } from '../../exchange/raw-exchange.js';
import type { Eventually } from '../../store/eventually.js';
import type { JournalFilter } from '../../store/journal-ring.js';
import type { Store } from '../../store/store.js';
import type { Tell } from './events.js';

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

  /** Adds the newest exchange. */
  add(exchange: RawExchange): Eventually<void> {
    const number = this.#store.record(this.#merchant, exchange);
    const told = (number: number) =>
      this.#tell(() => ({ event: 'exchange', data: showExchange({ ...exchange, number }) }));
    return number instanceof Promise ? number.then(told) : told(number);
  }

  /** Returns exchanges, newest first; `dropped` is the number of those dropped since the journal was last cleared. */
  async list(filter: JournalFilter = {}): Promise<{ items: Exchange[]; dropped: number }> {
    const { items, dropped } = await this.#store.exchanges(this.#merchant, filter);
    return { items: items.map(showExchange), dropped };
  }

  async clear(): Promise<void> {
    await this.#store.clearExchanges(this.#merchant);
    this.#tell(() => ({ event: 'cleared', data: { what: 'journal' } }));
  }
}
