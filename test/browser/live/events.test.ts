import { type Connection, follow, type StreamEvent } from '../../../src/browser/live/follow.js';
import t from '../../tap.js';

/** Makes a stream of text in pieces of so many bytes; it ends behind them, or breaks off. */
function streamOf(text: string, breaks = false, size = text.length): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      const piece = bytes.slice(at, at + size);
      at += size;
      if (piece.length > 0) controller.enqueue(piece);
      else if (breaks) controller.error(new Error('gone'));
      else controller.close();
    },
  });
}

t.test('events are read from pieces of any length', async (t) => {
  const text =
    ': events\n\nid: 1\nevent: exchange\ndata: {"path":"/ö"}\n\ndata: "plain"\n\nevent: broken\ndata: {\n\n\n\nevent: clock\ndata: {"now":"x"}\n\n';
  for (const size of [1, 2, 7, 1_000]) {
    const events: StreamEvent[] = [];
    const stop = new AbortController();
    await follow({
      signal: stop.signal,
      open: async () => streamOf(text, false, size),
      onEvent: (event) => events.push(event),
      onConnection: () => {},
      wait: async () => stop.abort(),
    });
    t.strictSame(events, [
      { event: 'exchange', id: '1', data: { path: '/ö' } },
      { event: 'message', data: 'plain' },
      { event: 'clock', data: { now: 'x' } },
    ]);
  }
});

const exchange = (number: number) => `id: ${number}\nevent: exchange\ndata: {"number":${number}}\n\n`;

t.test(
  'a stream is followed on behind the last exchange, after longer and longer waits while nothing comes',
  async (t) => {
    const opened: number[] = [];
    const waits: number[] = [];
    const connections: Connection[] = [];
    const numbers: unknown[] = [];
    const stop = new AbortController();
    const answers = [
      () => streamOf(exchange(1) + exchange(2)),
      () => Promise.reject(new Error('away')),
      () => Promise.reject(new Error('away')),
      () => streamOf(exchange(3), true),
      () => streamOf(`event: cleared\ndata: {"what":"journal"}\n\n${exchange(1)}`),
    ];
    await follow({
      signal: stop.signal,
      open: async (after) => {
        opened.push(after);
        return (answers.shift() as () => Promise<ReadableStream<Uint8Array>>)();
      },
      onEvent: ({ data }) => numbers.push((data as { number?: number }).number),
      onConnection: (connection) => connections.push(connection),
      wait: async (ms) => {
        waits.push(ms);
        if (answers.length === 0) stop.abort();
      },
    });
    t.strictSame(opened, [0, 2, 2, 2, 3]);
    t.strictSame(numbers.slice(0, 2), [1, 2]);
    t.strictSame(waits, [500, 1_000, 2_000, 500, 500]);
    t.strictSame(connections.slice(0, 4), ['connecting', 'live', 'waiting', 'connecting']);
  },
);

t.test('the wait between attempts does not grow without end', async (t) => {
  const waits: number[] = [];
  const stop = new AbortController();
  await follow({
    signal: stop.signal,
    open: () => Promise.reject(new Error('away')),
    onEvent: () => {},
    onConnection: () => {},
    wait: async (ms) => {
      waits.push(ms);
      if (waits.length === 8) stop.abort();
    },
  });
  t.strictSame(waits, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
});
