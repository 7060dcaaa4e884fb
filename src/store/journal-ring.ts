import type { JournalEntry, RawExchange, RawHeaders } from '../exchange/raw-exchange.js';

export interface JournalFilter {
  operation?: string;
  status?: number;
  limit?: number;
  /** Only entries with a higher number than this. */
  after?: number;
}

/** Entries newest first. `dropped` is the number of entries that were dropped since the journal was last cleared. */
export interface JournalPage {
  items: JournalEntry[];
  dropped: number;
}

interface Slot {
  entry: Omit<JournalEntry, 'number'>;
  size: number;
}

/** Number of exchanges that a journal keeps unless told otherwise. */
export const JOURNAL_LENGTH = 1_000;

/** The most exchanges that a journal can be told to keep. */
export const LONGEST_JOURNAL = 100_000;

/** Tells whether a journal can keep that number of exchanges. */
export const isJournalLength = (given: number): boolean =>
  Number.isInteger(given) && given >= 1 && given <= LONGEST_JOURNAL;

/** The number of exchanges that a journal can keep, for messages. */
export const JOURNAL_LENGTHS = `a whole number of exchanges from 1 to ${LONGEST_JOURNAL}`;

/** Room of a journal of the usual length, in characters; of another length in proportion. */
const ROOM = 16 * 1024 * 1024;

/** The least room of a journal, in characters: a quarter of it holds the longest body that is accepted. */
const LEAST_ROOM = 4 * 1024 * 1024;

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
   * @param room highest number of characters of all texts together; in proportion to the limit unless given
   */
  constructor(limit = JOURNAL_LENGTH, room = Math.max(LEAST_ROOM, Math.ceil((ROOM * limit) / JOURNAL_LENGTH))) {
    this.#limit = limit;
    this.#room = room;
  }

  /**
   * Adds the newest exchange as it is, without a copy; the oldest are dropped for it.
   * @returns its number: exchanges are counted from 1, those that were dropped included
   */
  add(exchange: RawExchange): number {
    const slot = this.#measure(exchange);
    const number = this.#dropped + this.length + 1;
    this.#slots.push(slot);
    this.#size += slot.size;
    while (this.length > this.#limit || this.#size > this.#room) this.#drop();
    return number;
  }

  get length(): number {
    return this.#slots.length - this.#first;
  }

  /** Number of characters of all exchanges. */
  get size(): number {
    return this.#size;
  }

  list({ operation, status, limit = Number.POSITIVE_INFINITY, after = 0 }: JournalFilter = {}): JournalPage {
    const items: JournalEntry[] = [];
    const before = this.#dropped - this.#first + 1;
    const end = Math.max(this.#first, after - before + 1);
    for (let at = this.#slots.length - 1; at >= end && items.length < limit; at--) {
      const { entry } = this.#slots[at] as Slot;
      if (operation !== undefined && entry.operation !== operation) continue;
      if (status !== undefined && entry.status !== status) continue;
      items.push({ ...entry, number: at + before });
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
    const entry: Slot['entry'] = {
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
