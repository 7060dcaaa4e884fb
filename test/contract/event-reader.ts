import type { Test } from '../tap.js';

/** An event as it was read. */
export interface ReadEvent {
  event: string;
  id?: string;
  // Tests look into data freely.
  data: any;
}

/** Follows a stream of events until the test ends. */
export async function followEvents(t: Test, url: string, headers: Record<string, string> = {}) {
  const closing = new AbortController();
  const answer = await fetch(url, { headers, signal: closing.signal });
  const events: ReadEvent[] = [];
  const comments: string[] = [];
  let ended = false;
  const reading = (async () => {
    let text = '';
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      const blocks = text.split('\n\n');
      text = blocks.pop() as string;
      for (const block of blocks) {
        if (block.startsWith(':')) comments.push(block.slice(2));
        else events.push(readBlock(block));
      }
    }
    ended = true;
  })().catch(() => {
    ended = true;
  });
  t.teardown(() => closing.abort());
  return {
    answer,
    events,
    comments,
    isEnded: () => ended,
    ended: reading,
    close: () => closing.abort(),
    /** Waits for an event that meets the condition, and returns it. */
    async until(is: (event: ReadEvent) => boolean): Promise<ReadEvent> {
      for (let turn = 0; turn < 400; turn++) {
        const found = events.find(is);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`no such event among ${JSON.stringify(events.map(({ event }) => event))}`);
    },
  };
}

function readBlock(block: string): ReadEvent {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
  return { ...fields, event: fields.event, data: JSON.parse(fields.data) };
}
