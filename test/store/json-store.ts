import { setImmediate } from 'node:timers/promises';
import type { RawExchange } from '../../src/exchange/raw-exchange.js';
import type { Change } from '../../src/klarna/decision.js';
import type { Kind } from '../../src/klarna/records.js';
import type { Instant } from '../../src/klarna/time.js';
import type { JournalFilter } from '../../src/store/journal-ring.js';
import { MemoryStore } from '../../src/store/memory-store.js';
import type { Seen, Store } from '../../src/store/store.js';

const copy = <T>(value: T): T => (value === undefined ? value : JSON.parse(JSON.stringify(value)));

/** A store like one on a disk: it answers by promise, and what goes in or out goes through JSON. */
export class JsonStore implements Store {
  readonly lasts = true;
  readonly #inner = new MemoryStore();
  readonly #worlds = new Map<string, string>();

  async read<K extends Kind>(kind: K, id: string) {
    await setImmediate();
    return copy(this.#inner.read(kind, id));
  }

  async commit(seen: readonly Seen[], changes: readonly Change[], now: Instant, size?: number) {
    await setImmediate();
    return this.#inner.commit(seen, copy(changes), now, size);
  }

  async list<K extends Kind>(kind: K, merchant: string, limit: number, after?: string) {
    await setImmediate();
    return copy(this.#inner.list(kind, merchant, limit, after));
  }

  async record(merchant: string, exchange: RawExchange) {
    await setImmediate();
    return this.#inner.record(merchant, copy(exchange));
  }

  async exchanges(merchant: string, filter: JournalFilter) {
    await setImmediate();
    return copy(this.#inner.exchanges(merchant, filter));
  }

  async clearExchanges(merchant: string) {
    await setImmediate();
    this.#inner.clearExchanges(merchant);
  }

  async saveWorld(merchant: string, state: () => object) {
    const text = JSON.stringify(state());
    await setImmediate();
    this.#worlds.set(merchant, text);
  }

  async loadWorld(merchant: string) {
    await setImmediate();
    const text = this.#worlds.get(merchant);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async clear(merchant: string) {
    await setImmediate();
    this.#inner.clear(merchant);
    this.#worlds.delete(merchant);
  }
}
