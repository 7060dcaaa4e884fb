import type { RawExchange } from '../../src/exchange/raw-exchange.js';
import type { Order } from '../../src/klarna/records.js';
import { DAY } from '../../src/klarna/time.js';
import { Budget } from '../../src/store/budget.js';
import { MemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import t from '../tap.js';
import { JsonStore } from './json-store.js';

/** Every store there is; each passes the same tests. */
const stores: Record<string, () => Store> = {
  'in memory': () => new MemoryStore(),
  'by promise and through JSON': () => new JsonStore(),
};

const record = (merchant: string, id = merchant) =>
  ({ kind: 'idempotency', id, merchant, created_at: 0, expires_at: 10, answer: { status: 200, headers: {} } }) as const;

const exchange = (path: string, more: Partial<RawExchange> = {}): RawExchange => ({
  at: 0,
  method: 'GET',
  path,
  status: 200,
  ms: 1,
  requestHeaders: {},
  responseHeaders: {},
  ...more,
});

for (const [name, make] of Object.entries(stores)) {
  t.test(`a store ${name}`, async (t) => {
    t.test('a record is kept for a day after it expired', async (t) => {
      const store = make();
      const ids = async () => (await store.list('idempotency', 'boots', 10)).items.map(({ id }) => id);
      const put = (id: string, now: number) => store.commit([], [{ put: record('boots', id) }], now);
      await put('a', 0);
      await put('b', 10 + DAY - 1);
      t.strictSame(await ids(), ['b', 'a']);
      await store.commit([], [{ put: { ...record('boots', 'c'), expires_at: 99 * DAY } }], 10 + DAY);
      t.strictSame(await ids(), ['c']);
    });

    t.test('records of an age without end stay, however late it is', async (t) => {
      const store = make();
      const order = (id: string) => ({ kind: 'order', id, merchant: 'boots', created_at: 0 }) as unknown as Order;
      await store.commit([], [{ put: order('a') }], 0);
      await store.commit([], [{ put: order('b') }], 9_999 * DAY);
      t.strictSame(
        (await store.list('order', 'boots', 10)).items.map(({ id }) => id),
        ['b', 'a'],
      );
    });

    t.test('a store lists a page at a time, newest first, and says where the next begins', async (t) => {
      const store = make();
      for (const id of ['a', 'b', 'c', 'd']) await store.commit([], [{ put: record('boots', id) }], 0);
      await store.commit([], [{ put: record('shoes', 'e') }], 0);
      const page = async (limit: number, after?: string) => {
        const { items, ...rest } = await store.list('idempotency', 'boots', limit, after);
        return [items.map(({ id }) => id).join(''), rest];
      };
      t.strictSame(await page(3), ['dcb', { next: 'b' }]);
      t.strictSame(await page(3, 'b'), ['a', {}]);
      t.strictSame(await page(4), ['dcba', {}], 'nothing is left');
      t.strictSame(await page(2, 'd'), ['cb', { next: 'b' }]);
      t.strictSame(await page(2, 'a'), ['', {}]);
      await store.clear('boots');
      t.strictSame(await page(4), ['', {}]);
      t.equal(await store.read('idempotency', 'a'), undefined);
      await store.commit([], [{ put: record('boots', 'f') }], 0);
      t.strictSame(await page(4), ['f', {}], 'what was before is forgotten');
    });

    t.test('a commit is made on the revisions that were seen, or not at all', async (t) => {
      const store = make();
      const put = (expires_at: number) => ({ put: { ...record('boots', 'a'), expires_at } });
      const seen = (revision: number) => [{ kind: 'idempotency', id: 'a', revision }] as const;
      const state = async () => {
        const found = await store.read('idempotency', 'a');
        return [found?.revision, found?.record.expires_at];
      };
      t.equal(await store.commit(seen(1), [put(1)], 0), false);
      t.equal(await store.commit(seen(0), [put(2)], 0), true);
      t.strictSame(await state(), [1, 2]);
      t.equal(await store.commit(seen(1), [put(3)], 0), true);
      t.equal(await store.commit(seen(1), [put(4)], 0), false, 'one that was first');
      t.strictSame(await state(), [2, 3]);
      t.equal(await store.commit([...seen(2), ...seen(1)], [put(5)], 0), false, 'each that was seen counts');
      t.strictSame(await state(), [2, 3]);
    });

    t.test('exchanges are numbered from 1, and those after a number are given alone', async (t) => {
      const store = make();
      const numbers = async (filter = {}) =>
        (await store.exchanges('boots', filter)).items.map(({ number, path }) => `${number}${path}`);
      for (let n = 1; n <= 3; n++) t.equal(await store.record('boots', exchange(`/${n}`)), n);
      t.equal(await store.record('shoes', exchange('/1')), 1, 'each merchant’s are counted apart');
      t.strictSame(await numbers(), ['3/3', '2/2', '1/1']);
      t.strictSame(await numbers({ after: 1 }), ['3/3', '2/2']);
      t.strictSame(await numbers({ after: 1, limit: 1 }), ['3/3']);
      t.strictSame(await numbers({ after: 3 }), []);
      t.strictSame(await numbers({ after: 99 }), []);
      await store.clearExchanges('boots');
      t.equal(await store.record('boots', exchange('/4')), 1, 'an empty journal begins anew');
    });

    t.test('a journal is the merchant’s own, newest first, and can be emptied', async (t) => {
      const store = make();
      const paths = async (merchant: string, filter = {}) => {
        const { items, dropped } = await store.exchanges(merchant, filter);
        return [items.map(({ path }) => path).join(' '), dropped];
      };
      t.strictSame(await paths('boots'), ['', 0]);
      await store.record('boots', exchange('/1', { operation: 'readOrder' }));
      await store.record('boots', exchange('/2', { status: 404 }));
      await store.record('shoes', exchange('/3'));
      t.strictSame(await paths('boots'), ['/2 /1', 0]);
      t.strictSame(await paths('boots', { operation: 'readOrder' }), ['/1', 0]);
      t.strictSame(await paths('boots', { status: 404, limit: 1 }), ['/2', 0]);
      await store.clearExchanges('shoes');
      t.strictSame(
        [await paths('shoes'), await paths('boots')],
        [
          ['', 0],
          ['/2 /1', 0],
        ],
      );
      await store.clear('boots');
      t.strictSame(await paths('boots'), ['', 0]);
    });

    t.test('a world comes back as it was saved, until its merchant is forgotten', async (t) => {
      const store = make();
      t.equal(await store.loadWorld('boots'), undefined);
      await store.saveWorld('boots', () => ({ clock: 1 }));
      await store.saveWorld('boots', () => ({ clock: 2, bound: [['s', { hits: [[0, 1]] }]] }));
      await store.saveWorld('shoes', () => ({ clock: 3 }));
      t.strictSame(await store.loadWorld('boots'), { clock: 2, bound: [['s', { hits: [[0, 1]] }]] });
      await store.clear('boots');
      t.equal(await store.loadWorld('boots'), undefined);
      t.strictSame(await store.loadWorld('shoes'), { clock: 3 });
    });
  });
}

t.test('the store in memory', async (t) => {
  const put = (store: Store, merchant: string, id: string, size = 1_000) =>
    store.commit([], [{ put: record(merchant, id) }], 0, size);
  const ids = async (store: Store, merchant: string) =>
    (await store.list('idempotency', merchant, 100)).items.map(({ id }) => id).join('');

  t.test('keeps no more bytes than its budget, and drops the oldest of who keeps most', async (t) => {
    const budget = new Budget({ limit: 20_000 });
    const store = new MemoryStore({ budget });
    await put(store, 'small', 'x');
    await put(store, 'small', 'y');
    for (const id of 'abcdefghijklmnopqrstuvw') await put(store, 'large', id);
    t.ok(budget.bytes <= 20_000 && budget.bytes > 15_000, `${budget.bytes} bytes`);
    t.equal(await ids(store, 'small'), 'yx', 'who keeps little loses nothing');
    const left = await ids(store, 'large');
    t.ok(left.length > 5 && 'wvutsrqponmlkjihgfedcba'.startsWith(left), `${left} are the newest`);
    t.equal(await store.read('idempotency', 'a'), undefined);
    const { droppedRecords, dropped } = await store.exchanges('large', {});
    t.strictSame([droppedRecords, dropped], [23 - left.length, 0]);
    t.strictSame(await store.exchanges('small', {}), { items: [], dropped: 0 });
  });

  t.test('drops records and exchanges by age alike', async (t) => {
    const store = new MemoryStore({ budget: new Budget({ limit: 40_000 }) });
    await put(store, 'boots', 'a');
    const long = { requestBody: 'x'.repeat(2_000) };
    await store.record('boots', exchange('/b', long));
    await put(store, 'boots', 'c');
    await store.record('boots', exchange('/d', long));
    const left = async () => [
      await ids(store, 'boots'),
      (await store.exchanges('boots', {})).items.map(({ path }) => path).join(''),
    ];
    t.strictSame(await left(), ['ca', '/d/b']);
    const seen: unknown[] = [];
    for (let n = 0; n < 40; n++) {
      await put(store, 'boots', `${n}`, 800);
      const [records, exchanges] = await left();
      const now = `${String(records).replace(/\d/g, '')} ${exchanges}`;
      if (now !== seen.at(-1)) seen.push(now);
    }
    t.strictSame(seen, ['ca /d/b', 'c /d/b', 'c /d', ' /d', ' ']);
  });

  t.test('a change keeps a record’s place, and what it adds is counted', async (t) => {
    const budget = new Budget({ limit: 1_000_000 });
    const store = new MemoryStore({ budget });
    for (const id of 'abc') await put(store, 'boots', id);
    const before = budget.bytes;
    await store.commit([], [{ put: { ...record('boots', 'a'), expires_at: 11 } }], 0, 500);
    t.strictSame([await ids(store, 'boots'), budget.bytes], ['cba', before + 500]);
    await store.commit(
      [],
      [{ remove: { kind: 'idempotency', id: 'c' } }, { remove: { kind: 'order', id: 'none' } }],
      0,
    );
    t.equal(await ids(store, 'boots'), 'ba');
    for (const id of 'ab') await store.commit([], [{ remove: { kind: 'idempotency', id } }], 0);
    t.equal(budget.bytes, 0, 'what is removed is given back');
    t.strictSame(await store.list('order', 'nobody', 10), { items: [] });
  });

  t.test('a record made from others counts as they do, and a large one is measured', async (t) => {
    const budget = new Budget({ limit: 10_000_000 });
    const store = new MemoryStore({ budget });
    const data = (size: number) => ({ answer: { status: 200, headers: {}, body: 'x'.repeat(size) } });
    const session = (id: string, size: number) => ({ ...record('boots', id), kind: 'session', ...data(size) }) as never;
    await store.commit([], [{ put: session('a', 2_000) }], 0, 2_000);
    const one = budget.bytes;
    const seen = [{ kind: 'session', id: 'a', revision: 1 }] as const;
    await store.commit(seen, [{ put: session('b', 2_000) }], 0, 10);
    t.equal(budget.bytes - one, one + 650, 'it may hold all of what it was made from');
    const before = budget.bytes;
    await store.commit([], [{ put: session('c', 100_000) }], 0, 400_000);
    const large = budget.bytes - before;
    t.ok(large > 100_000 && large < 105_000, `${large} bytes`);
    for (let n = 0; n < 50; n++) await store.commit([], [{ put: session('c', 100_000) }], 0, 50_000);
    t.ok(budget.bytes - before < 300_000, 'changes that add nothing are not added up for ever');
  });

  t.test('gives back what a merchant had when it is forgotten, however much it was', async (t) => {
    const budget = new Budget({ limit: 1e9 });
    const store = new MemoryStore({ budget });
    await put(store, 'shoes', 'mine');
    const before = budget.bytes;
    for (let n = 0; n < 3_000; n++) await put(store, 'boots', `${n}`);
    await store.record('boots', exchange('/1'));
    await store.clear('boots');
    t.equal(budget.bytes, before);
    t.equal(await store.read('idempotency', '2999'), undefined, 'at once, though not swept yet');
    t.equal(await put(store, 'boots', '2999'), true);
    await new Promise(setImmediate);
    t.equal((await store.read('idempotency', '2999'))?.revision, 1, 'what came since is not swept with it');
    t.ok(await store.read('idempotency', 'mine'));
  });

  t.test('drops a few of what expired long ago for each new record', async (t) => {
    const store = new MemoryStore();
    for (let n = 0; n < 250; n++) await put(store, 'boots', `${n}`);
    const count = async () => (await store.list('idempotency', 'boots', 1_000)).items.length;
    const later = { put: { ...record('boots', 'z'), expires_at: 99 * DAY } };
    await store.commit([], [later], 10 + DAY, 1);
    t.equal(await count(), 151);
    await store.commit([], [{ put: { ...later.put, id: 'y' } }], 10 + DAY, 1);
    await store.commit([], [{ put: { ...later.put, id: 'x' } }], 10 + DAY, 1);
    t.equal(await count(), 3);
  });

  t.test('keeps as many exchanges as it is told to', async (t) => {
    const store = new MemoryStore({ journal: 3 });
    for (let n = 1; n <= 5; n++) await store.record('boots', exchange(`/${n}`));
    const { items, dropped } = await store.exchanges('boots', {});
    t.strictSame([items.map(({ number }) => number), dropped], [[5, 4, 3], 2]);
  });
});
