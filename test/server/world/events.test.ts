import type { JournalEntry } from '../../../src/exchange/raw-exchange.js';
import { type Backlog, EventStream, HEARTBEAT } from '../../../src/server/world/event-stream.js';
import { Events } from '../../../src/server/world/events.js';
import { exchange } from '../../exchange/sample.js';
import t from '../../tap.js';
import { fakeWall } from '../wall.js';

const now = { now: '2026-03-02T09:00:00.000Z' };
const nothing = { after: 0, dropped: 0, restarted: false };
const clock = { event: 'clock', data: now } as const;

/** A journal with these exchanges, oldest first. */
const journal = (entries: readonly JournalEntry[], dropped = () => 0): Backlog => ({
  newest: entries.at(-1)?.number ?? 0,
  read: ({ after, before }) => ({
    items: entries.filter(({ number }) => number > Math.max(after, dropped()) && number < before).reverse(),
    dropped: dropped(),
  }),
});

/** Reads everything that waits in a stream. */
function readAll(stream: EventStream): string {
  let text = '';
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk;
  return text;
}

t.test('an event is made for those who listen, and only then', async (t) => {
  const events = new Events();
  let made = 0;
  const tell = (merchant: string) =>
    events.tell(merchant, () => {
      made++;
      return clock;
    });
  tell('boots');
  t.equal(made, 0);
  const heard: string[] = [];
  const first = events.follow('boots', ({ event }) => heard.push(`1 ${event}`));
  const second = events.follow('boots', ({ event }) => heard.push(`2 ${event}`));
  tell('boots');
  tell('shoes');
  t.equal(made, 1);
  t.strictSame(heard, ['1 clock', '2 clock']);
  first();
  first();
  tell('boots');
  t.equal(heard.length, 3);
  second();
  t.equal(events.size, 0);
  tell('boots');
  t.equal(made, 2);
});

t.test('an event is written once, for however many who follow', async (t) => {
  const { wall } = fakeWall();
  let written = 0;
  const counted = {
    get now() {
      written++;
      return clock.data.now;
    },
  };
  const streams = Array.from({ length: 3 }, () => new EventStream({ ...nothing, wall }));
  const event = { event: 'clock', data: counted } as const;
  for (const stream of streams) stream.tell(event);
  for (const stream of streams) t.match(readAll(stream), `event: clock\ndata: ${JSON.stringify(now)}\n`);
  t.equal(written, 1);
});

t.test(
  'a journal that is read slowly is written as fast as it is read, and what happens meanwhile comes behind it',
  async (t) => {
    const { wall } = fakeWall();
    const backlog: JournalEntry[] = Array.from({ length: 200 }, (_, at) => ({
      ...exchange({ requestBody: 'x'.repeat(10_000) }),
      number: at + 1,
    }));
    const stream = new EventStream({ ...nothing, backlog: journal(backlog), wall });
    stream.tell(clock);
    stream.read(0);
    await new Promise(setImmediate);
    t.ok(stream.readableLength < 100_000, 'most of it is not made yet');
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
    });
    for (let turn = 0; turn < 300 && !text.includes('event: clock'); turn++) await new Promise(setImmediate);
    const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    t.strictSame(
      ids,
      Array.from({ length: 200 }, (_, at) => at + 1),
    );
    t.ok(text.indexOf('event: clock') > text.indexOf('id: 200'));
    stream.destroy();
  },
);

t.test('an exchange that was in the journal already is not told twice', async (t) => {
  const { wall } = fakeWall();
  const backlog = [{ ...exchange(), number: 4 }];
  const stream = new EventStream({ ...nothing, after: 3, backlog: journal(backlog), wall });
  const told = (number: number) => stream.tell({ event: 'exchange', data: { number } as never });
  told(4);
  told(5);
  let text = readAll(stream);
  stream.tell({ event: 'cleared', data: { what: 'journal' } });
  told(1);
  text += readAll(stream);
  t.strictSame(
    [...text.matchAll(/^(?:id: (\d+)\n)?event: (\w+)$/gm)].map(([, id, event]) => `${event} ${id ?? ''}`.trim()),
    ['exchange 4', 'exchange 5', 'cleared', 'exchange 1'],
  );
  stream.destroy();
});

t.test(
  'what goes from the journal before it is read is counted, and a journal that is emptied is read no further',
  async (t) => {
    const { wall } = fakeWall();
    const backlog = Array.from({ length: 60 }, (_, at) => ({
      ...exchange({ requestBody: 'x'.repeat(3_000) }),
      number: at + 1,
    }));
    let gone = 0;
    const stream = new EventStream({ ...nothing, backlog: journal(backlog, () => gone), wall });
    const take = () => [...String(stream.read() ?? '').matchAll(/^(?:id: (\d+)|data: \{"dropped":(\d+)\})$/gm)];
    const first = take().map(([line]) => line);
    gone = 35;
    const told = [...first];
    for (let some = take(); some.length > 0; some = take()) told.push(...some.map(([line]) => line));
    const ids = told.filter((line) => line.startsWith('id')).map((line) => Number(line.slice(4)));
    const last = ids[ids.indexOf(36) - 1] as number;
    t.ok(last < 36 && ids.at(-1) === 60, told.join());
    t.ok(told.includes(`data: {"dropped":${35 - last}}`), told.join());
    stream.destroy();

    const other = new EventStream({ ...nothing, backlog: journal(backlog), wall });
    const begun = String(other.read());
    other.tell({ event: 'cleared', data: { what: 'journal' } });
    other.tell({ event: 'exchange', data: { number: 1 } as never });
    const text = begun + readAll(other);
    t.match(text, /event: cleared\n.*\n\nid: 1\nevent: exchange\ndata: \{"number":1\}\n\n$/);
    t.notMatch(text, /^id: 60$/m);
    other.destroy();
  },
);

t.test('who reads too slowly is told so, and cut off', async (t) => {
  const { wall, pass, waits } = fakeWall();
  const stream = new EventStream({ ...nothing, wall, room: 1_000 });
  for (let n = 0; n < 100; n++) stream.tell(clock);
  t.ok(stream.readableLength < 1_500, 'no more waits than there is room for');
  let closed = false;
  stream.on('close', () => {
    closed = true;
  });
  stream.on('error', () => {});
  pass(5_000);
  await new Promise(setImmediate);
  t.equal(closed, true, 'who reads nothing at all holds the connection for 5 s');
  t.strictSame(waits(), []);
  const reader = new EventStream({ ...nothing, wall, room: 1_000 });
  for (let n = 0; n < 100; n++) reader.tell(clock);
  const text = readAll(reader);
  t.match(
    text,
    /event: end\ndata: \{"why":"too slow: \d+ bytes wait to be read, 1000 is the limit; follow again after the last id"\}\n\n$/,
  );
  reader.tell(clock);
  t.equal(readAll(reader), '', 'the end is the last');
  reader.destroy();
});

t.test('a sign of life goes out while nothing happens, until the stream is closed', async (t) => {
  const { wall, pass, waits } = fakeWall();
  const stream = new EventStream({ ...nothing, wall });
  t.equal(readAll(stream), ': events\n\n');
  pass(HEARTBEAT);
  t.equal(readAll(stream), ': still here\n\n');
  pass(HEARTBEAT);
  pass(HEARTBEAT);
  t.equal(readAll(stream), ': still here\n\n', 'one is enough for who reads nothing');
  stream.destroy();
  t.strictSame(waits(), []);
});
