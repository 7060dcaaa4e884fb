/** Ids in the order of their arrival. The oldest is found at once, however many have left before it. */
export class IdsByAge implements Iterable<string> {
  readonly #ids = new Set<string>();
  /** Comes to each id once: one begun anew would first pass over the gaps of all that have left. */
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
    // A walk that has come to its end stays there.
    if (done) this.#walk = this.#ids.values();
    else this.#oldest = value;
    return this.#oldest;
  }

  /** The oldest first. */
  [Symbol.iterator](): Iterator<string> {
    return this.#ids.values();
  }
}
