import fc from 'fast-check';
import type { RawExchange } from '../../src/exchange/raw-exchange.js';
import type { Order } from '../../src/klarna/records.js';
import { DAY } from '../../src/klarna/time.js';
import { IdsByAge, MemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { holds } from '../property.js';
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
      for (let n = 0; n < 1_000; n++) await store.record('shoes', exchange(`/${n}`));
      t.equal((await store.exchanges('shoes', {})).dropped, 1);
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

t.test('the store in memory is bounded', async (t) => {
  const store = new MemoryStore(3);
  for (const id of ['a', 'b', 'c', 'd']) await store.commit([], [{ put: record('boots', id) }], 0);
  const ids = async () => (await store.list('idempotency', 'boots', 10)).items.map(({ id }) => id);
  t.strictSame(await ids(), ['d', 'c', 'b'], 'beyond the limit the oldest go');
  await store.commit([], [{ put: { ...record('boots', 'b'), expires_at: 11 } }], 0);
  t.strictSame(await ids(), ['d', 'c', 'b'], 'a change keeps its place');
  await store.commit([], [{ remove: { kind: 'idempotency', id: 'd' } }, { remove: { kind: 'order', id: 'none' } }], 0);
  t.strictSame(await ids(), ['c', 'b']);
  t.strictSame(await store.list('order', 'nobody', 10), { items: [] });
});

t.test('the oldest id is found whatever came and went', async (t) => {
  const act = fc.tuple(fc.constantFrom('add', 'delete', 'oldest'), fc.nat(5).map(String));
  holds(
    t,
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const ids = new IdsByAge();
      let naive: string[] = [];
      for (const [what, id] of acts) {
        if (what === 'add' && !naive.includes(id)) {
          ids.add(id);
          naive.push(id);
        } else if (what === 'delete') {
          ids.delete(id);
          naive = naive.filter((other) => other !== id);
        } else if (ids.oldest() !== naive[0]) return false;
        if (ids.size !== naive.length || [...ids].join() !== naive.join()) return false;
      }
      return true;
    }),
    { numRuns: 300 },
  );
});
