import { makeTest, type Search } from './search.js';
import type { Exchange } from './types.js';

/** The most exchanges that the page keeps, whatever the sandbox does. */
export const KEPT = 20_000;

/** The exchanges that the page knows, oldest first, and those that a search finds. A new one is looked at alone. */
export class Journal {
  #all: Exchange[] = [];
  #found: Exchange[] = [];
  #test: (exchange: Exchange) => boolean = () => true;

  /** Adds an exchange; one that is there already stays as it is. */
  add(exchange: Exchange): void {
    const newest = this.#all.at(-1);
    if (newest && exchange.number <= newest.number) return;
    this.#all.push(exchange);
    if (this.#test(exchange)) this.#found.push(exchange);
    if (this.#all.length > KEPT) this.#forgetOldest(KEPT / 10);
  }

  clear(): void {
    this.#all = [];
    this.#found = [];
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

  #forgetOldest(count: number): void {
    this.#all = this.#all.slice(count);
    const first = this.#all[0]?.number ?? 0;
    this.#found = this.#found.filter(({ number }) => number >= first);
  }
}
