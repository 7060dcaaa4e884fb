import { Library } from '../../../src/scenario/library.js';
import { readScenario } from '../../../src/scenario/read.js';
import { ScenarioRun } from '../../../src/scenario/run.js';
import { Scenarios, scenarioOfEmail } from '../../../src/server/scenarios.js';
import { setScenario } from '../../../src/server/world/chosen-scenario.js';
import { SEEDED_START, type World, Worlds, type WorldsOptions } from '../../../src/server/world/worlds.js';
import { Budget } from '../../../src/store/budget.js';
import { MemoryStore } from '../../../src/store/memory-store.js';
import { JsonStore } from '../../store/json-store.js';
import t from '../../tap.js';

const wall = { now: () => 1_000, monotonic: () => 0, later: () => () => {} };

function makeWorlds(options: Partial<WorldsOptions> = {}, limit?: number) {
  const { store = new MemoryStore() } = options;
  const worlds = new Worlds({ wall, failed: (error) => t.fail(String(error)), ...options, store }, limit);
  /** The store answers at once, and so does it. */
  const of = (merchant: string) => worlds.of(merchant) as World;
  return { store, worlds, of };
}

const record = (merchant: string, id = merchant) =>
  ({ kind: 'idempotency', id, merchant, created_at: 0, expires_at: 10, answer: { status: 200, headers: {} } }) as const;

t.test('each merchant has a world of its own, the same at every call', async (t) => {
  const { of } = makeWorlds({ seed: 's' });
  const boots = of('boots');
  t.equal(of('boots'), boots);
  t.not(of('shoes'), boots);
  t.equal(of('boots'), boots);
  boots.clock.set(SEEDED_START + 5);
  t.equal(of('shoes').clock.now(), SEEDED_START);
  t.not(of('shoes').ids.uuid(), of('boots').ids.uuid());
});

t.test('clocks start with the wall, at a given instant, or stand at one with a seed', async (t) => {
  t.equal(makeWorlds().of('a').clock.now(), 1_000);
  t.equal(makeWorlds({ start: 7 }).of('a').clock.now(), 7);
  const seeded = makeWorlds({ start: 7, seed: 's' }).of('a').clock;
  t.equal(seeded.now(), 7);
  t.equal(makeWorlds({ seed: 's' }).of('a').clock.now(), Date.UTC(2026, 0, 1, 12));
  t.equal(seeded.running, false);
});

t.test('beyond the limit the merchant that was idle longest goes, with its records', async (t) => {
  const { of, store } = makeWorlds({}, 2);
  const first = of('first');
  for (const merchant of ['first', 'second']) await store.commit([], [{ put: record(merchant) }], 0);
  of('second');
  of('first');
  of('third');
  t.equal(of('first'), first);
  t.ok(await store.read('idempotency', 'first'));
  t.equal(await store.read('idempotency', 'second'), undefined);
});

t.test('worlds take a quarter of the memory at most, so that a flood of merchants drives out no others', async (t) => {
  const budget = new Budget({ limit: 512 * 1024 });
  const store = new MemoryStore({ budget });
  const { of, worlds } = makeWorlds({ store, budget });
  of('boots');
  await store.commit([], [{ put: record('boots') }], 0, 10_000);
  for (let n = 0; n < 20; n++) {
    for (let m = 0; m < 30; m++) of(`${n}-${m}`);
    of('boots');
  }
  t.equal(worlds.all().length, 32);
  t.ok(await store.read('idempotency', 'boots'), 'who calls now and then keeps what it has');
  t.ok(budget.bytes < 150_000, `${budget.bytes} bytes`);
  await worlds.reset('boots');
  worlds.close();
  t.equal(budget.bytes, 0);
});

t.test('a store that lasts loses nothing when a world is put away', async (t) => {
  const store = new JsonStore();
  const { worlds } = makeWorlds({ store, seed: 's' }, 1);
  const first = await worlds.of('first');
  first.clock.set(SEEDED_START + 5);
  await store.commit([], [{ put: record('first') }], 0);
  await worlds.of('second');
  t.strictSame(
    worlds.all().map(({ merchant }) => merchant),
    ['second'],
  );
  t.ok(await store.read('idempotency', 'first'));
  t.equal((await worlds.of('first')).clock.now(), SEEDED_START + 5);
});

t.test(
  'when memory is full, callbacks that wait and scenarios of its own go from a world, the oldest first',
  async (t) => {
    const told: string[] = [];
    const budget = new Budget({ limit: 56_000, dropped: (merchant, what) => told.push(`${merchant} ${what}`) });
    const { of, worlds } = makeWorlds({ budget }, 5);
    const world = of('boots');
    const run = new ScenarioRun(readScenario('title: A\nevidence: docs\nsteps: []', 'a.yaml'));
    world.bound.set('s1', run);
    setScenario(world, run, 20_000);
    worlds.save(world);
    t.strictSame(told, []);
    for (let n = 0; n < 20; n++) {
      await world.callbacks.send({ on: 'push', url: `http://127.0.0.1/${n}`, at: 0 }, { after: 'P1D' });
    }
    worlds.save(world);
    t.ok(budget.bytes > 44_000 && budget.bytes <= 56_000);
    for (let n = 20; n < 40; n++) {
      await world.callbacks.send({ on: 'push', url: `http://127.0.0.1/${n}`, at: 0 }, { after: 'P1D' });
      worlds.save(world);
    }
    t.ok(budget.bytes <= 56_000);
    const [next] = world.callbacks.due();
    t.strictSame(new Set(told), new Set(['boots callback']));
    t.equal(next?.url, `http://127.0.0.1/${told.length}`);
    setScenario(world, run, 70_000);
    worlds.save(world);
    t.strictSame([world.callbacks.due(), world.bound.size, world.scenario], [[], 0, undefined]);
    t.strictSame(told.slice(-2), ['boots scenario', 'boots scenario']);
    t.ok(budget.bytes < 10_000);
  },
);

t.test('a request that comes while a slow store forgets the merchant does not bring the old world back', async (t) => {
  const { worlds, store } = makeWorlds({ seed: 's' });
  const saved = new Map<string, unknown>();
  let forget = () => {};
  const inTurn = new Promise<void>((resolve) => {
    forget = resolve;
  });
  store.loadWorld = async (merchant) => saved.get(merchant);
  store.saveWorld = async (merchant, state) => void saved.set(merchant, state());
  store.clear = async (merchant) => {
    await inTurn;
    saved.delete(merchant);
  };
  const old = await worlds.of('boots');
  old.clock.set(SEEDED_START + 5);
  await worlds.save(old);
  const reset = worlds.reset('boots');
  const next = worlds.of('boots');
  forget();
  await reset;
  t.equal((await next).clock.now(), SEEDED_START);
  t.equal(await worlds.of('boots'), await next);
});

t.test('a store that cannot forget a merchant is told of, and stops nothing', async (t) => {
  const failures: unknown[] = [];
  const { worlds, of, store } = makeWorlds({ failed: (error) => failures.push(error) }, 1);
  store.clear = async (merchant) => {
    throw new Error(`no way to ${merchant}`);
  };
  of('first');
  of('second');
  await new Promise(setImmediate);
  t.matchLists(failures, [{ message: 'no way to first' }]);
  t.strictSame(
    worlds.all().map(({ merchant }) => merchant),
    ['second'],
  );
});

t.test('a world knows what its merchant alone was given', async (t) => {
  const boots = new ScenarioRun(readScenario('title: Boots\nevidence: docs\nsteps: []', 'boots.yaml'));
  const { of } = makeWorlds({
    currenciesOf: (merchant) => (merchant === 'boots' ? ['EUR', 'USD'] : undefined),
    scenarioOf: (merchant) => (merchant === 'boots' ? boots : undefined),
  });
  const given = (merchant: string) => [of(merchant).currencies, of(merchant).scenario];
  t.strictSame(
    [given('boots'), given('shoes')],
    [
      [['EUR', 'USD'], boots],
      [[], undefined],
    ],
  );
});

t.test('a reset forgets the world, what it waited for and its records', async (t) => {
  const { worlds, of, store } = makeWorlds();
  const world = of('boots');
  await world.callbacks.send({ on: 'push', url: 'nowhere', at: 0 }, { drop: true });
  await world.callbacks.send({ on: 'push', url: 'nowhere', at: 0 }, { after: 'P9999Y' });
  t.equal(world.callbacks.attempts.length, 1);
  await store.commit([], [{ put: record('boots') }, { put: record('shoes') }], 0);
  await worlds.reset('boots');
  t.ok(await store.read('idempotency', 'shoes'), 'another merchant keeps what it has');
  t.strictSame([world.agenda.size, world.callbacks.attempts], [0, []]);
  t.not(of('boots'), world);
  t.equal(await store.read('idempotency', 'boots'), undefined);
  await worlds.reset('nobody');
  const due = { act: 'attempt', callback: 'nobody', tried: 1, first: 99, due: 99 } as const;
  of('shoes').agenda.schedule(99, due);
  const { agenda } = of('shoes');
  worlds.close();
  t.equal(agenda.size, 0);
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
  const { of, store } = makeWorlds();
  const world = of('boots');
  const scenarios = new Scenarios(library, store);
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
