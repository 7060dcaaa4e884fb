import { DAY } from '../../src/klarna/time.js';
import { SEEDED_START, Worlds, type WorldsOptions } from '../../src/server/worlds.js';
import { MemoryStore } from '../../src/store/memory-store.js';
import t from '../tap.js';

const wall = { now: () => 1_000, monotonic: () => 0, later: () => () => {} };

function makeWorlds(options: Partial<WorldsOptions> = {}, limit?: number) {
  const store = new MemoryStore();
  const worlds = new Worlds(
    { store, wall, counter: () => () => undefined, failed: (error) => t.fail(String(error)), ...options },
    limit,
  );
  return { store, worlds };
}

const record = (merchant: string, id = merchant) =>
  ({ kind: 'idempotency', id, merchant, created_at: 0, expires_at: 10, answer: { status: 200, headers: {} } }) as const;

t.test('each merchant has a world of its own, the same at every call', async (t) => {
  const { worlds } = makeWorlds({ seed: 's' });
  const boots = worlds.of('boots');
  t.equal(worlds.of('boots'), boots);
  t.not(worlds.of('shoes'), boots);
  t.equal(worlds.of('boots'), boots);
  boots.clock.set(SEEDED_START + 5);
  t.equal(worlds.of('shoes').clock.now(), SEEDED_START);
  t.not(worlds.of('shoes').ids.uuid(), worlds.of('boots').ids.uuid());
});

t.test('clocks start with the wall, at a given instant, or stand at one with a seed', async (t) => {
  t.equal(makeWorlds().worlds.of('a').clock.now(), 1_000);
  t.equal(makeWorlds({ start: 7 }).worlds.of('a').clock.now(), 7);
  const seeded = makeWorlds({ start: 7, seed: 's' }).worlds.of('a').clock;
  t.equal(seeded.now(), 7);
  t.equal(seeded.running, false);
});

t.test('beyond the limit the merchant that was idle longest goes, with its records', async (t) => {
  const { worlds, store } = makeWorlds({}, 2);
  const first = worlds.of('first');
  for (const merchant of ['first', 'second']) await store.commit([], [{ put: record(merchant) }], 0);
  worlds.of('second');
  worlds.of('first');
  worlds.of('third');
  t.equal(worlds.of('first'), first);
  t.ok(await store.read('idempotency', 'first'));
  t.equal(await store.read('idempotency', 'second'), undefined);
});

t.test('a reset forgets the world, what it waited for and its records', async (t) => {
  const { worlds, store } = makeWorlds();
  const world = worlds.of('boots');
  world.agenda.schedule(99, () => {
    t.fail('must not run');
  });
  await store.commit([], [{ put: record('boots') }], 0);
  await worlds.reset('boots');
  t.equal(world.agenda.size, 0);
  t.not(worlds.of('boots'), world);
  t.equal(await store.read('idempotency', 'boots'), undefined);
  await worlds.reset('nobody');
  worlds.of('shoes').agenda.schedule(99, () => {});
  const { agenda } = worlds.of('shoes');
  worlds.close();
  t.equal(agenda.size, 0);
});

t.test('the store in memory is bounded', async (t) => {
  const store = new MemoryStore(3);
  for (const id of ['a', 'b', 'c', 'd']) await store.commit([], [{ put: record('boots', id) }], 0);
  const ids = async () => (await store.list('idempotency', 'boots', 10)).items.map(({ id }) => id);
  t.same(await ids(), ['d', 'c', 'b'], 'beyond the limit the oldest go');
  await store.commit([], [{ put: { ...record('boots', 'b'), expires_at: 11 } }], 0);
  t.same(await ids(), ['d', 'c', 'b'], 'a change keeps its place');
  await store.commit([], [{ remove: { kind: 'idempotency', id: 'd' } }, { remove: { kind: 'order', id: 'none' } }], 0);
  t.same(await ids(), ['c', 'b']);
  t.same(await store.list('order', 'nobody', 10), { items: [] });
});

t.test('a record is kept for a day after it expired', async (t) => {
  const store = new MemoryStore();
  const ids = async () => (await store.list('idempotency', 'boots', 10)).items.map(({ id }) => id);
  const put = (id: string, now: number) => store.commit([], [{ put: record('boots', id) }], now);
  await put('a', 0);
  await put('b', 10 + DAY - 1);
  t.same(await ids(), ['b', 'a']);
  await store.commit([], [{ put: { ...record('boots', 'c'), expires_at: 99 * DAY } }], 10 + DAY);
  t.same(await ids(), ['c']);
});
