import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** An event of the stream. */
export interface StreamEvent {
  event: string;
  id?: string;
  data: unknown;
}

/** The state of the stream of events. */
export type Connection = 'connecting' | 'live' | 'waiting';

export interface FollowOptions {
  /** Opens the stream with the exchanges after a number; rejects where there is none. */
  open(after: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  onEvent(event: StreamEvent): void;
  onConnection(connection: Connection): void;
  /** Waits so many milliseconds; the page's timer unless given. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
}

/** Milliseconds before the first further attempt, and the most that later ones wait. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

const timer = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const waiting = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(waiting);
      resolve();
    });
  });

/**
 * Follows a merchant's events until it is aborted. After a break it goes on behind the last exchange that came, each time
 * after a longer wait, until something comes again.
 */
export async function follow({ open, onEvent, onConnection, wait = timer, signal }: FollowOptions): Promise<void> {
  let last = 0;
  let pause = FIRST_WAIT;
  while (!signal.aborted) {
    onConnection('connecting');
    try {
      for await (const event of read(await open(last, signal), () => onConnection('live'))) {
        if (signal.aborted) return;
        pause = FIRST_WAIT;
        if (event.event === 'cleared') last = 0;
        if (event.id !== undefined) last = Number(event.id);
        onEvent(event);
      }
    } catch {
      // The wait below says that the stream is broken.
    }
    if (signal.aborted) return;
    onConnection('waiting');
    await wait(pause, signal);
    pause = Math.min(2 * pause, LONGEST_WAIT);
  }
}

async function* read(stream: ReadableStream<Uint8Array>, begun: () => void): AsyncGenerator<StreamEvent> {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  try {
    for (let first = true; ; first = false) {
      const { done, value } = await reader.read();
      if (done) return;
      if (first) begun();
      parser.feed(decoder.decode(value, { stream: true }));
      yield* events.splice(0).flatMap(readEvent);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Returns an event with its data as a value; none where that is no JSON. */
function readEvent({ event = 'message', id, data }: EventSourceMessage): StreamEvent[] {
  try {
    return [{ event, data: JSON.parse(data), ...(id !== undefined && { id }) }];
  } catch {
    return [];
  }
}
