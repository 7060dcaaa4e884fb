import { Readable } from 'node:stream';
import { type JournalEntry, showExchange } from '../../exchange/raw-exchange.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import type { EventData, WorldEvent } from './events.js';

export interface EventStreamOptions {
  /** The number after which exchanges are new to the reader. */
  after: number;
  /** Exchanges to begin with, oldest first. */
  backlog: readonly JournalEntry[];
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

/** Time in milliseconds between two signs of life. */
export const HEARTBEAT = 15_000;

/** Time in milliseconds in which a reader that was cut off can still take what waits for it. */
const LAST_CHANCE = 5_000;

/** Returns an event as the wire has it. An exchange's id is its number, by which a stream is resumed. */
function written<Name extends keyof EventData>(event: Name, data: EventData[Name], id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * The events of a merchant's world as `text/event-stream`: first the exchanges of the journal, each written when the
 * reader has room for it, then what happens. A reader that is too slow is told so by the last event and cut off.
 */
export class EventStream extends Readable {
  readonly #options: EventStreamOptions;
  readonly #room: number;
  /** Place of the next exchange of the backlog. */
  #next = 0;
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
    this.#newest = options.backlog.at(-1)?.number ?? options.after;
    // Headers go out with the first byte, so that the reader knows at once that it listens.
    this.push(': events\n\n');
    if (options.restarted) this.push(written('cleared', { what: 'journal' }));
    if (options.dropped > 0) this.push(written('dropped', { dropped: options.dropped }));
    this.#cancelHeartbeat = this.#beat();
  }

  /** Takes what happened. */
  tell({ event, data }: WorldEvent): void {
    // Numbers begin anew.
    if (event === 'cleared') this.#newest = 0;
    if (event === 'exchange') {
      // An exchange may be told while the journal is read, and be in both.
      if (data.number <= this.#newest) return;
      this.#newest = data.number;
    }
    this.#take(written(event, data, event === 'exchange' ? data.number : undefined));
  }

  /** Ends the stream with a last event that says why. */
  end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelHeartbeat();
    this.#next = this.#options.backlog.length;
    this.#waiting = [];
    this.push(written('end', { why }));
    this.push(null);
  }

  override _read(): void {
    const { backlog } = this.#options;
    while (!this.#ended) {
      const entry = backlog[this.#next];
      const text = entry ? written('exchange', showExchange(entry), entry.number) : this.#waiting.shift();
      if (text === undefined) return;
      if (entry) this.#next++;
      else this.#waitingBytes -= Buffer.byteLength(text);
      if (!this.push(text)) return;
    }
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ended = true;
    this.#cancelHeartbeat();
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
    const reading = this.#next < this.#options.backlog.length || this.#waiting.length > 0;
    if (!reading) {
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
