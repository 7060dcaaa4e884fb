import type { JournalEntry, RawExchange, RawHeaders } from '../exchange/raw-exchange.js';

export interface JournalFilter {
  operation?: string;
  status?: number;
  limit?: number;
}

/** Entries newest first. `dropped` is the number of entries that were dropped since the journal was last cleared. */
export interface JournalPage {
  items: JournalEntry[];
  dropped: number;
}

interface Slot {
  entry: JournalEntry;
  size: number;
}

/** Characters counted for an entry beside its texts: roughly its size, so that empty exchanges count too. */
const OVERHEAD = 512;

/** The journal of a merchant in memory: a ring, limited in exchanges and in characters of text. */
export class JournalRing {
  readonly #limit: number;
  readonly #room: number;
  #slots: (Slot | undefined)[] = [];
  #first = 0;
  #size = 0;
  #dropped = 0;

  /**
   * @param limit highest number of exchanges
   * @param room highest number of characters of all texts together
   */
  constructor(limit = 1_000, room = 16 * 1024 * 1024) {
    this.#limit = limit;
    this.#room = room;
  }

  /** Adds the newest exchange as it is, without a copy; the oldest are dropped for it. */
  add(exchange: RawExchange): void {
    const slot = this.#measure(exchange);
    this.#slots.push(slot);
    this.#size += slot.size;
    while (this.length > this.#limit || this.#size > this.#room) this.#drop();
  }

  get length(): number {
    return this.#slots.length - this.#first;
  }

  /** Number of characters of all exchanges. */
  get size(): number {
    return this.#size;
  }

  list({ operation, status, limit = Number.POSITIVE_INFINITY }: JournalFilter = {}): JournalPage {
    const items: JournalEntry[] = [];
    for (let at = this.#slots.length - 1; at >= this.#first && items.length < limit; at--) {
      const { entry } = this.#slots[at] as Slot;
      if (operation !== undefined && entry.operation !== operation) continue;
      if (status !== undefined && entry.status !== status) continue;
      items.push(entry);
    }
    return { items, dropped: this.#dropped };
  }

  #drop(): void {
    this.#size -= (this.#slots[this.#first] as Slot).size;
    this.#slots[this.#first++] = undefined;
    this.#dropped++;
    // Closing the gap now and then is cheaper than shifting every time.
    if (this.#first > this.#limit) {
      this.#slots = this.#slots.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Measures an exchange. One takes at most a quarter of the room: longer bodies are cut at the end. */
  #measure(exchange: RawExchange): Slot {
    const { path, requestHeaders, requestBody = '', responseHeaders, responseBody = '' } = exchange;
    const rest = OVERHEAD + path.length + sizeOf(requestHeaders) + sizeOf(responseHeaders);
    const size = rest + requestBody.length + responseBody.length;
    if (size <= this.#room / 4) return { entry: exchange, size };
    const share = Math.max(0, Math.floor((this.#room / 4 - rest) / 2));
    const entry: JournalEntry = {
      ...exchange,
      requestBody: requestBody.slice(0, share),
      responseBody: responseBody.slice(0, share),
      ...(requestBody.length > share && { cutRequest: true }),
      ...(responseBody.length > share && { cutResponse: true }),
    };
    return { entry, size: rest + Math.min(requestBody.length, share) + Math.min(responseBody.length, share) };
  }
}

function sizeOf(headers: RawHeaders): number {
  let size = 0;
  for (const name in headers) {
    size += name.length + String(headers[name]).length;
  }
  return size;
}
