import { Readable } from 'node:stream';
import { type JournalEntry, showExchange } from '../../exchange/raw-exchange.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import type { Eventually } from '../../store/eventually.js';
import type { JournalPage } from '../../store/journal-ring.js';
import type { EventData, WorldEvent } from './events.js';

/** The exchanges between the last one that a reader has and the newest, which are read as the reader takes them. */
export interface Backlog {
  /** Number of the newest of them. */
  newest: number;
  /** Reads exchanges with numbers between two, newest first. */
  read(filter: { after: number; before: number }): Eventually<JournalPage>;
}

export interface EventStreamOptions {
  /** The number after which exchanges are new to the reader. */
  after: number;
  /** The exchanges to begin with; absent where there are none. */
  backlog?: Backlog;
  /** Number of exchanges between the last one that the reader has and the first one here. */
  dropped: number;
  /** True when the reader has exchanges of a journal that was emptied since. */
  restarted: boolean;
  wall: Pick<WallClock, 'later'>;
  /** Highest number of bytes that wait for the reader. */
  room?: number;
}

/** The highest number of bytes that wait for a reader unless told otherwise. */
const ROOM = 4 * 1024 * 1024;

/** Number of exchanges that are read at once. */
const AT_ONCE = 10;

/** Time in milliseconds between two signs of life. */
export const HEARTBEAT = 15_000;

/** Time in milliseconds in which a reader that was cut off can still take what waits for it. */
const LAST_CHANCE = 5_000;

/** Returns an event as the wire has it. An exchange's id is its number, by which a stream is resumed. */
function written<Name extends keyof EventData>(event: Name, data: EventData[Name], id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Events as the wire has them: each is written once for all who follow. */
const texts = new WeakMap<WorldEvent, string>();

function textOf(told: WorldEvent): string {
  const known = texts.get(told);
  if (known !== undefined) return known;
  const text = written(told.event, told.data, told.event === 'exchange' ? told.data.number : undefined);
  texts.set(told, text);
  return text;
}

/**
 * The events of a merchant's world as `text/event-stream`: first the exchanges of the journal, each written when the
 * reader has room for it, then what happens. A reader that is too slow is told so by the last event and cut off.
 */
export class EventStream extends Readable {
  readonly #options: EventStreamOptions;
  readonly #room: number;
  /** The rest of the backlog begins after the exchange of this number; absent when all of it was read. */
  #behind: number | undefined;
  /** Exchanges of the backlog that were read, oldest first. */
  #page: JournalEntry[] = [];
  #reading = false;
  /** Number of the newest exchange that was written, or waits to be. */
  #newest: number;
  /** Events that happened while the backlog was read, as text. */
  #waiting: string[] = [];
  #waitingBytes = 0;
  #ended = false;
  #cancelHeartbeat: () => void;

  constructor(options: EventStreamOptions) {
    super();
    this.#options = options;
    this.#room = options.room ?? ROOM;
    this.#newest = options.backlog?.newest ?? options.after;
    if (options.backlog) this.#behind = options.after + options.dropped;
    // Headers go out with the first byte, so that the reader knows at once that it listens.
    this.push(': events\n\n');
    if (options.restarted) this.push(written('cleared', { what: 'journal' }));
    if (options.dropped > 0) this.push(written('dropped', { dropped: options.dropped }));
    this.#cancelHeartbeat = this.#beat();
  }

  /** Takes what happened. */
  tell(told: WorldEvent): void {
    const { event, data } = told;
    // Numbers begin anew, and what was to be read is gone.
    if (event === 'cleared') {
      this.#newest = 0;
      this.#behind = undefined;
    }
    if (event === 'exchange') {
      // An exchange may be told while the journal is read, and be in both.
      if (data.number <= this.#newest) return;
      this.#newest = data.number;
    }
    this.#take(textOf(told));
  }

  /** Ends the stream with a last event that says why. */
  end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelHeartbeat();
    this.#behind = undefined;
    this.#page = [];
    this.#waiting = [];
    this.push(written('end', { why }));
    this.push(null);
  }

  override _read(): void {
    while (!this.#ended && !this.#reading) {
      const entry = this.#page.shift();
      if (!entry && this.#behind !== undefined) {
        this.#readOn(this.#behind);
        return;
      }
      const text = entry ? written('exchange', showExchange(entry), entry.number) : this.#waiting.shift();
      if (text === undefined) return;
      if (!entry) this.#waitingBytes -= Buffer.byteLength(text);
      if (!this.push(text)) return;
    }
  }

  /** Reads the next exchanges of the backlog. */
  #readOn(after: number): void {
    const { read, newest } = this.#options.backlog as Backlog;
    const take = ({ items, dropped }: JournalPage): void => {
      this.#reading = false;
      if (this.#ended) return;
      // The journal may have been emptied meanwhile.
      if (this.#behind === after) {
        this.#page = items.reverse();
        const next = Math.max(this.#page.at(-1)?.number ?? dropped, dropped, after);
        this.#behind = next > after && next < newest ? next : undefined;
        const gone = (this.#page[0]?.number ?? next + 1) - after - 1;
        if (gone > 0) this.push(written('dropped', { dropped: gone }));
      }
      this._read();
    };
    this.#reading = true;
    const page = read({ after, before: Math.min(after + AT_ONCE, newest) + 1 });
    if (page instanceof Promise) page.then(take, (error) => this.destroy(error));
    else take(page);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ended = true;
    this.#cancelHeartbeat();
    this.#page = [];
    this.#waiting = [];
    done(error);
  }

  #take(text: string): void {
    if (this.#ended) return;
    const behind = this.readableLength + this.#waitingBytes;
    if (behind > this.#room) {
      this.end(`too slow: ${behind} bytes wait to be read, ${this.#room} is the limit; follow again after the last id`);
      // Who does not read at all would hold the connection for ever.
      this.#cancelHeartbeat = this.#options.wall.later(LAST_CHANCE, () => this.destroy());
      return;
    }
    const reading = this.#behind !== undefined || this.#reading || this.#page.length > 0;
    if (!reading && this.#waiting.length === 0) {
      this.push(text);
      return;
    }
    this.#waiting.push(text);
    this.#waitingBytes += Buffer.byteLength(text);
  }

  #beat(): () => void {
    return this.#options.wall.later(HEARTBEAT, () => {
      // Who reads nothing needs no sign of life.
      if (this.readableLength === 0) this.push(': still here\n\n');
      this.#cancelHeartbeat = this.#beat();
    });
  }
}
