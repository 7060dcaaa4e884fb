import type { JournalEntry, RawExchange } from '../exchange/raw-exchange.js';
import { headersSize, Repeated } from './repeated.js';
import { textSize } from './sizes.js';

export interface JournalFilter {
  operation?: string;
  status?: number;
  limit?: number;
  /** Only entries with a higher number than this. */
  after?: number;
  /** Only entries with a lower number than this. */
  before?: number;
}

/** Entries newest first. */
export interface JournalPage {
  items: JournalEntry[];
  /** The cursor of the next page, for `before`; absent on the last. A page may be short, or empty, and have a next one. */
  next?: number;
  /** Number of entries that were dropped since the journal was last cleared. */
  dropped: number;
  /** Number of the merchant's records that were dropped since then; absent for none. */
  droppedRecords?: number;
}

interface Slot {
  entry: Omit<JournalEntry, 'number'>;
  size: number;
  age: number;
}

/** The most exchanges that a journal can be told to keep. */
export const LONGEST_JOURNAL = 100_000;

/** Tells whether a journal can keep that number of exchanges. */
export const isJournalLength = (given: number): boolean =>
  Number.isInteger(given) && given >= 1 && given <= LONGEST_JOURNAL;

/** The number of exchanges that a journal can keep, for messages. */
export const JOURNAL_LENGTHS = `a whole number of exchanges from 1 to ${LONGEST_JOURNAL}`;

/** Bytes that an entry takes beside its texts. */
const OVERHEAD = 640;

/** Number of entries that one look at a journal passes over at most, so that it takes no long turn. */
const LOOK = 10_000;

/** The journal of a merchant in memory, oldest first. */
export class JournalRing {
  readonly #limit: number;
  readonly #room: number;
  #slots: (Slot | undefined)[] = [];
  #first = 0;
  #size = 0;
  #dropped = 0;
  readonly #repeated = new Repeated();

  /**
   * @param limit highest number of exchanges
   * @param room highest number of bytes of all exchanges together, of which one takes at most a quarter
   */
  constructor(limit = Number.POSITIVE_INFINITY, room = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
    this.#room = room;
  }

  /**
   * Adds the newest exchange, which is taken over without a copy; the oldest are dropped for it.
   * @param age a number by which it is compared with what else is kept
   * @returns its number: exchanges are counted from 1, those that were dropped included
   */
  add(exchange: RawExchange, age = 0): number {
    const slot = this.#measure(exchange, age);
    const number = this.#dropped + this.length + 1;
    this.#slots.push(slot);
    this.#size += slot.size;
    while (this.length > this.#limit || this.#size > this.#room) this.dropOldest();
    return number;
  }

  /** Age of the oldest exchange; undefined where there is none. */
  get oldest(): number | undefined {
    return this.#slots[this.#first]?.age;
  }

  get length(): number {
    return this.#slots.length - this.#first;
  }

  /** Bytes of all exchanges. */
  get size(): number {
    return this.#size;
  }

  list({ operation, status, limit = Number.POSITIVE_INFINITY, after = 0, before }: JournalFilter = {}): JournalPage {
    const items: JournalEntry[] = [];
    const shift = this.#dropped - this.#first + 1;
    const end = Math.max(this.#first, after - shift + 1);
    let at = Math.min(this.#slots.length, (before ?? Number.POSITIVE_INFINITY) - shift) - 1;
    const filtered = operation !== undefined || status !== undefined;
    const last = filtered ? Math.max(end, at - LOOK + 1) : end;
    for (; at >= last && items.length < limit; at--) {
      const { entry } = this.#slots[at] as Slot;
      if (operation !== undefined && entry.operation !== operation) continue;
      if (status !== undefined && entry.status !== status) continue;
      items.push({ number: at + shift, ...entry });
    }
    return { items, ...(at >= end && { next: at + 1 + shift }), dropped: this.#dropped };
  }

  /** Drops the oldest exchange. */
  dropOldest(): void {
    this.#size -= (this.#slots[this.#first] as Slot).size;
    this.#slots[this.#first++] = undefined;
    this.#dropped++;
    // Closing the gap now and then is cheaper than shifting every time.
    if (this.#first > 64 && this.#first > this.length) {
      this.#slots = this.#slots.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Measures an exchange. One takes at most a quarter of the room: longer bodies are cut at the end. */
  #measure(exchange: RawExchange, age: number): Slot {
    const { path, requestBody = '', responseHeaders, responseBody = '', because } = exchange;
    const headers = this.#repeated.share(exchange);
    const rest = OVERHEAD + path.length + headers + headersSize(responseHeaders) + textSize(because?.text);
    const size = rest + textSize(requestBody) + textSize(responseBody);
    if (size <= this.#room / 4) return { entry: exchange, size, age };
    const share = Math.max(0, Math.floor((this.#room / 4 - rest) / 2));
    const [asked, answered] = [beginningOf(requestBody, share), beginningOf(responseBody, share)];
    const entry: Slot['entry'] = {
      ...exchange,
      requestBody: asked,
      responseBody: answered,
      ...(asked !== requestBody && { cutRequest: true }),
      ...(answered !== responseBody && { cutResponse: true }),
    };
    return { entry, size: rest + textSize(asked) + textSize(answered), age };
  }
}

/** Returns the beginning of a text in so many bytes at most. It is a copy: a slice would hold all of the text. */
function beginningOf(text: string, size: number): string {
  const whole = textSize(text);
  if (whole <= size) return text;
  return Buffer.from(text.slice(0, whole === text.length ? size : Math.floor(size / 2))).toString();
}
