import fc from 'fast-check';
import { showExchange } from '../../src/exchange/raw-exchange.js';
import { isJournalLength, JournalRing } from '../../src/store/journal-ring.js';
import { exchange } from '../exchange/sample.js';
import { holds } from '../property.js';
import t from '../tap.js';

t.test('journal in memory', async (t) => {
  t.test('has room for exactly what it says, and cuts no body that takes a quarter of it', async (t) => {
    const measure = new JournalRing();
    measure.add(exchange());
    const { size } = measure;
    const full = new JournalRing(10, 4 * size);
    for (let n = 0; n < 4; n++) full.add(exchange());
    t.strictSame([full.size, full.list().dropped], [4 * size, 0]);
    t.notOk(full.list().items.some(({ cutRequest, cutResponse }) => cutRequest || cutResponse));
    full.add(exchange());
    t.strictSame([full.size, full.list().dropped], [4 * size, 1]);
    const tight = new JournalRing(10, 4 * size - 4);
    tight.add(exchange());
    t.equal(tight.list().items[0]?.cutResponse, true, 'one character more than a quarter');
    const two = new JournalRing(2);
    for (let n = 0; n < 2; n++) two.add(exchange());
    t.equal(two.list().dropped, 0);
  });

  t.test('lists newest first, by operation and status, as many as asked for', async (t) => {
    const journal = new JournalRing();
    for (const status of [200, 400, 200, 404]) journal.add(exchange({ status, path: `/${journal.length}` }));
    journal.add(exchange({ operation: 'readSession', status: 200, path: '/4' }));
    const paths = (filter?: Parameters<JournalRing['list']>[0]) => journal.list(filter).items.map(({ path }) => path);
    t.strictSame(paths(), ['/4', '/3', '/2', '/1', '/0']);
    t.strictSame(paths({ status: 200 }), ['/4', '/2', '/0']);
    t.strictSame(paths({ operation: 'createSession', status: 200, limit: 1 }), ['/2']);
  });

  t.test('keeps as many exchanges as it is told to, and says how many it dropped', async (t) => {
    const journal = new JournalRing(1_000);
    for (let i = 0; i < 2_500; i++) journal.add(exchange({ path: `/${i}` }));
    const { items: exchanges, dropped } = journal.list();
    t.equal(exchanges.length, 1_000);
    t.equal(dropped, 1_500);
    t.equal(exchanges[0]?.path, '/2499');
    t.equal(exchanges.at(-1)?.path, '/1500');
    const whole = new JournalRing();
    for (let i = 0; i < 2_500; i++) whole.add(exchange());
    t.strictSame([whole.length, whole.list().dropped], [2_500, 0], 'without a number it keeps all');
  });

  t.test('lists a page at a time, and says where the next begins', async (t) => {
    const journal = new JournalRing(7);
    for (let n = 1; n <= 10; n++) journal.add(exchange({ status: n % 2 ? 200 : 400 }));
    const page = (filter: Parameters<JournalRing['list']>[0]) => {
      const { items, next } = journal.list(filter);
      return [items.map(({ number }) => number), next];
    };
    t.strictSame(page({ limit: 3 }), [[10, 9, 8], 8]);
    t.strictSame(page({ limit: 3, before: 8 }), [[7, 6, 5], 5]);
    t.strictSame(page({ limit: 3, before: 5 }), [[4], undefined]);
    t.strictSame(page({ limit: 1, before: 5 }), [[4], undefined], 'nothing is left behind the last');
    t.strictSame(page({ before: 4 }), [[], undefined], 'what came behind has gone');
    t.strictSame(page({ before: 99 }), [[10, 9, 8, 7, 6, 5, 4], undefined]);
    t.strictSame(page({ after: 5, before: 8 }), [[7, 6], undefined]);
    t.strictSame(page({ status: 400, limit: 2 }), [[10, 8], 8]);
  });

  t.test('a look for what is rare passes over some at a time', async (t) => {
    const journal = new JournalRing();
    journal.add(exchange({ operation: 'readOrder' }));
    for (let n = 2; n <= 25_000; n++) journal.add(exchange());
    const pages: unknown[] = [];
    for (let before: number | undefined = 25_001; before !== undefined; ) {
      const { items, next } = journal.list({ operation: 'readOrder', before });
      pages.push([items.length, next]);
      before = next;
    }
    t.strictSame(pages, [
      [0, 15_001],
      [0, 5_001],
      [1, undefined],
    ]);
  });

  t.test('lets go of its oldest when it is told to', async (t) => {
    const journal = new JournalRing();
    t.equal(journal.oldest, undefined);
    for (let n = 1; n <= 300; n++) journal.add(exchange({ requestBody: 'x'.repeat(n) }), n);
    t.equal(journal.oldest, 1);
    const { size } = journal;
    journal.dropOldest();
    t.strictSame([journal.oldest, journal.length, journal.list().dropped], [2, 299, 1]);
    t.ok(journal.size < size);
    while (journal.length > 0) journal.dropOldest();
    t.strictSame([journal.size, journal.oldest, journal.list()], [0, undefined, { items: [], dropped: 300 }]);
  });

  t.test('numbers exchanges on when the oldest are dropped, however often it closes its gap', async (t) => {
    const journal = new JournalRing(3);
    for (let n = 1; n <= 20; n++) {
      t.equal(journal.add(exchange({ path: `/${n}` })), n);
      for (const { number, path } of journal.list().items) t.equal(path, `/${number}`);
      const after = journal.list({ after: n - 2 }).items.map(({ number }) => number);
      t.strictSame(after, n === 1 ? [1] : [n, n - 1]);
      t.equal(journal.list({ after: 0 }).items.length, Math.min(n, 3));
    }
  });

  t.test('can be told to keep some numbers of exchanges', async (t) => {
    t.strictSame([0, 1, 1.5, 100_000, 100_001, Number.NaN].map(isJournalLength), [
      false,
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  t.test('of a body that would take too much room it keeps the beginning, as text', async (t) => {
    const journal = new JournalRing(10, 8_000);
    journal.add(exchange({ requestBody: `"${'x'.repeat(1_000_000)}"`, responseBody: '{"short":true}' }));
    journal.add(exchange({ requestBody: '{}', responseBody: 'y'.repeat(1_000_000) }));
    const [second, first] = journal.list().items.map(showExchange);
    t.match(first?.request, { body: /^"x+$/, cut: true });
    t.match(first?.response, { body: { short: true }, cut: undefined });
    t.strictSame([second?.request.body, second?.request.cut], [{}, undefined]);
    t.match(second?.response, { body: /^y+$/, cut: true });
    t.ok(journal.size <= 4_000);
    const both = new JournalRing(10, 8_000);
    both.add(exchange({ requestBody: 'x'.repeat(10_000), responseBody: 'y'.repeat(10_000) }));
    t.ok(both.size > 1_998 && both.size <= 2_000, 'a quarter of the room is used, by both bodies');
    const wide = new JournalRing(10, 8_000);
    wide.add(exchange({ requestBody: '€'.repeat(10_000), responseBody: '' }));
    t.ok(wide.size > 1_200 && wide.size <= 2_000, 'a character outside of Latin-1 takes two bytes');
    const tiny = new JournalRing(10, 100);
    tiny.add(exchange());
    t.strictSame(tiny.list(), { items: [], dropped: 1 }, 'headers alone are too much for it');
  });

  t.test('stays within its bounds whatever is added', async (t) => {
    const sizes = fc.array(fc.tuple(fc.nat(3_000), fc.nat(3_000)), { maxLength: 60 });
    holds(
      t,
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 3_000, max: 20_000 }),
        (bodies, limit, room) => {
          const journal = new JournalRing(limit, room);
          for (const [asked, answered] of bodies) {
            journal.add(exchange({ requestBody: 'q'.repeat(asked), responseBody: 'a'.repeat(answered) }));
          }
          const { items: exchanges, dropped } = journal.list();
          const bounded = exchanges.length <= limit && journal.size <= room;
          const newest = bodies.length === 0 || exchanges.length > 0;
          return bounded && newest && exchanges.length + dropped === bodies.length;
        },
      ),
      { numRuns: 50 },
    );
  });
});
