import { makeTest, type Search } from './search.js';
import type { CallbackAttempt, Exchange } from './types.js';

/** The most exchanges that the page keeps, whatever the sandbox does. */
export const KEPT = 20_000;

/** The exchanges that the page knows, oldest first, and those that a search finds. A new one is looked at alone. */
export class Journal {
  #all: Exchange[] = [];
  #found: Exchange[] = [];
  /** Numbers of the exchanges, by their correlation ids. */
  readonly #numbers = new Map<string, number>();
  #test: (exchange: Exchange) => boolean = () => true;

  /** Adds an exchange; one that is there already stays as it is. */
  add(exchange: Exchange): void {
    const newest = this.#all.at(-1);
    if (newest && exchange.number <= newest.number) return;
    this.#all.push(exchange);
    if (exchange.correlation_id !== undefined) this.#numbers.set(exchange.correlation_id, exchange.number);
    if (this.#test(exchange)) this.#found.push(exchange);
    if (this.#all.length > KEPT) this.#forgetOldest(KEPT / 10);
  }

  clear(): void {
    this.#all = [];
    this.#found = [];
    this.#numbers.clear();
  }

  search(search: Search): void {
    this.#test = makeTest(search);
    this.#found = this.#all.filter(this.#test);
  }

  get size(): number {
    return this.#all.length;
  }

  /** All exchanges, oldest first. */
  get all(): readonly Exchange[] {
    return this.#all;
  }

  /** Exchanges that the search finds, oldest first. */
  get found(): readonly Exchange[] {
    return this.#found;
  }

  /** Returns the exchange of a number; undefined for one that is not kept. */
  at(number: number): Exchange | undefined {
    // Numbers follow each other, but for those that the sandbox dropped before they were read.
    let [low, high] = [0, this.#all.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#all[middle] as Exchange;
      if (found.number === number) return found;
      if (found.number < number) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  /** Returns the number of the exchange that caused a callback; undefined where it is not kept, or none did. */
  causeOf({ caused_by = '' }: Pick<CallbackAttempt, 'caused_by'>): number | undefined {
    return this.#numbers.get(caused_by);
  }

  #forgetOldest(count: number): void {
    for (const { correlation_id = '' } of this.#all.slice(0, count)) this.#numbers.delete(correlation_id);
    this.#all = this.#all.slice(count);
    const first = this.#all[0]?.number ?? 0;
    this.#found = this.#found.filter(({ number }) => number >= first);
  }
}
