import fc from 'fast-check';
import type { Order } from '../../../src/klarna/records.js';
import { DAY } from '../../../src/klarna/time.js';
import { Library } from '../../../src/scenario/library.js';
import { readScenario } from '../../../src/scenario/read.js';
import { ScenarioRun } from '../../../src/scenario/run.js';
import { Scenarios, scenarioOfEmail } from '../../../src/server/scenarios.js';
import { SEEDED_START, Worlds, type WorldsOptions } from '../../../src/server/world/worlds.js';
import { IdsByAge, MemoryStore } from '../../../src/store/memory-store.js';
import { holds } from '../../property.js';
import t from '../../tap.js';

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
  t.equal(makeWorlds({ seed: 's' }).worlds.of('a').clock.now(), Date.UTC(2026, 0, 1, 12));
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

t.test('a store that cannot forget a merchant is told of, and stops nothing', async (t) => {
  const failures: unknown[] = [];
  const { worlds, store } = makeWorlds({ failed: (error) => failures.push(error) }, 1);
  store.clear = async (merchant) => {
    throw new Error(`no way to ${merchant}`);
  };
  worlds.of('first');
  worlds.of('second');
  await new Promise(setImmediate);
  t.matchLists(failures, [{ message: 'no way to first' }]);
  t.strictSame(
    worlds.all().map(({ merchant }) => merchant),
    ['second'],
  );
});

t.test('a world knows what its merchant alone was given', async (t) => {
  const boots = new ScenarioRun(readScenario('title: Boots\nevidence: docs\nsteps: []', 'boots.yaml'));
  const { worlds } = makeWorlds({
    currenciesOf: (merchant) => (merchant === 'boots' ? ['EUR', 'USD'] : undefined),
    scenarioOf: (merchant) => (merchant === 'boots' ? boots : undefined),
  });
  const given = (merchant: string) => [worlds.of(merchant).currencies, worlds.of(merchant).scenario];
  t.strictSame(
    [given('boots'), given('shoes')],
    [
      [['EUR', 'USD'], boots],
      [[], undefined],
    ],
  );
});

t.test('a reset forgets the world, what it waited for and its records', async (t) => {
  const { worlds, store } = makeWorlds();
  const world = worlds.of('boots');
  world.agenda.schedule(99, () => {
    t.fail('must not run');
  });
  await world.callbacks.send({ on: 'push', url: 'nowhere', at: 0 }, { drop: true });
  await world.callbacks.send({ on: 'push', url: 'nowhere', at: 0 }, { after: 'P9999Y' });
  t.equal(world.callbacks.attempts.length, 1);
  await store.commit([], [{ put: record('boots') }, { put: record('shoes') }], 0);
  await worlds.reset('boots');
  t.ok(await store.read('idempotency', 'shoes'), 'another merchant keeps what it has');
  t.strictSame([world.agenda.size, world.callbacks.attempts], [0, []]);
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

t.test('records of an age without end stay, however late it is', async (t) => {
  const store = new MemoryStore();
  const order = (id: string) => ({ kind: 'order', id, merchant: 'boots', created_at: 0 }) as unknown as Order;
  await store.commit([], [{ put: order('a') }], 0);
  await store.commit([], [{ put: order('b') }], 9_999 * DAY);
  t.strictSame(
    (await store.list('order', 'boots', 10)).items.map(({ id }) => id),
    ['b', 'a'],
  );
});

t.test('a store lists a page at a time, newest first, and says where the next begins', async (t) => {
  const store = new MemoryStore();
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
  const store = new MemoryStore();
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

t.test('an e-mail address names a scenario behind +scenario-, and nothing else does', async (t) => {
  for (const [email, name] of [
    ['anna+scenario-tokens.lost@shop.test', 'tokens.lost'],
    ['Anna+Scenario-Tokens@shop.test', 'Tokens'],
    ['anna+news+scenario-a+b@shop.test', 'a'],
    ['anna+scenario-a+scenario-b@shop.test', 'a'],
    ['anna+scenario-@shop.test', ''],
    ['anna+scenarios-a@shop.test', undefined],
    ['anna-scenario-a@shop.test', undefined],
    ['anna+scenario-a', undefined],
    ['scenario-a@shop.test', undefined],
    ['', undefined],
    [undefined, undefined],
  ] as const) {
    t.equal(scenarioOfEmail(email), name, String(email));
  }
});

t.test('a thousand purchases of a merchant are bound to scenarios, the oldest go first', async (t) => {
  const text = (title: string) => `title: ${title}\nevidence: docs\nsteps: []`;
  const library = Library.open(t.testdir({ theme: { 'a.yaml': text('A'), 'b.yaml': text('B') } }));
  const { worlds, store } = makeWorlds();
  const world = worlds.of('boots');
  const scenarios = new Scenarios(library, store, wall);
  t.strictSame(await scenarios.bind(world, 'first', 'Theme.A'), { scenario: 'theme/a', session: 'first' });
  const run = world.bound.get('first');
  await scenarios.bind(world, 'first', 'theme.a');
  t.equal(world.bound.get('first'), run, 'what it is bound to goes on');
  await scenarios.bind(world, 'first', 'theme.b');
  t.equal(world.bound.get('first')?.scenario.title, 'B', 'another begins');
  for (let n = 2; n <= 1_000; n++) await scenarios.bind(world, `${n}`, 'theme.a');
  t.strictSame([world.bound.size, world.bound.has('first')], [1_000, true]);
  await scenarios.bind(world, 'last', 'theme.a');
  t.strictSame([world.bound.size, world.bound.has('first'), world.bound.has('2')], [1_000, false, true]);
  t.match(await scenarios.bind(world, 'lost', 'theme.c'), {
    because: { text: /^billing_address.email: given theme.c, which is no scenario \(did you mean theme\/a\?\)$/ },
  });
  t.notOk(world.bound.has('lost'));
});
