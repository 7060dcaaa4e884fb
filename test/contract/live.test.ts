import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rules } from '../../src/klarna/catalogue/rules.js';
import { playGiven } from '../../src/replay/replay.js';
import { merchantsApi } from '../../src/server/control/merchants.js';
import { scenariosApi } from '../../src/server/control/scenarios.js';
import { beginListing, type Listing } from '../../src/server/listing.js';
import type { AppOptions } from '../../src/server/options.js';
import type { Scenarios } from '../../src/server/scenarios.js';
import type { World, Worlds } from '../../src/server/world/worlds.js';
import t from '../tap.js';
import { authorized, purchase, startSandbox } from './sandbox.js';

t.test('the scenarios that can be chosen are listed, and their texts read', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const { items } = (await call('listScenarios')).body;
  t.ok(items.length > 20);
  const listed = items.find(({ name }: { name: string }) => name === 'mixed-payments/additional-charge');
  t.match(listed, { alias: 'mix-on-demand', evidence: 'docs', tags: Array, title: /^Boots by invoice/ });
  t.ok(listed.steps > 3);
  const file = new URL('../../scenarios/mixed-payments/additional-charge.yaml', import.meta.url);
  const { text, ...rest } = (await call('readScenarioText', { query: { name: 'mix-on-demand' } })).body;
  t.strictSame(rest, listed);
  t.equal(text, readFileSync(fileURLToPath(file), 'utf8'));
  const wrong = await call('readScenarioText', { query: { name: 'mix-on-demnad' } });
  t.match(wrong, { status: 400, why: /given mix-on-demnad, which is no scenario \(did you mean mix-on-demand\?\)/ });
  t.match(await call('readScenarioText'), { status: 400 });
  t.match(await call('readScenarioText', { query: { name: '../package' } }), { status: 400 });
});

t.test('a scenario is checked without being chosen', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const check = async (text: string) => (await call('checkScenario', { body: { text } })).body;
  t.strictSame(
    await check('title: Nobody pays\nevidence: inferred\noutcomes: [{ on: createOrder, error: NOT_FOUND }]\n'),
    {
      title: 'Nobody pays',
      steps: 0,
      problems: [],
    },
  );
  const { problems } = await check(
    'titel: Nobody pays\nevidence: inferred\noutcomes:\n  - { on: createOrdre, error: NOT_FOUND }\n',
  );
  t.match(
    problems.find(({ message }: { message: string }) => message.includes('titel')),
    { line: 1, column: 1 },
  );
  t.match(
    problems.find(({ line }: { line: number }) => line === 4),
    { message: /createOrder/ },
  );
  for (const text of ['', '- [', 'a: &a [*a]', '\u0000', '🙈: 🙈']) {
    const found = await check(text);
    t.ok(found.problems.length > 0, JSON.stringify(text));
    t.ok(found.problems.every(({ line, column }: Record<string, number>) => Number(line) > 0 && Number(column) > 0));
  }
  t.match(await call('checkScenario', { body: {} }), { status: 400 });
  t.strictSame((await call('readScenario')).body, {});
  t.notMatch(JSON.stringify((await call('readJournal')).body), 'checkScenario', 'looking is not recorded');
});

t.test('a scenario is played on the sandbox itself', async (t) => {
  const { as } = await startSandbox(t, { seed: 'played', play: playGiven });
  const call = as('boots');
  const played = await call('playScenario', { body: { name: 'mixed-payments/additional-charge' } });
  t.match(played, {
    status: 200,
    body: { result: 'passed', merchant: 'boots.mixed-payments.additional-charge', title: /^Boots by invoice/ },
  });
  t.equal(played.body.steps.length, played.body.of);
  t.strictSame((await call('listOrders')).body, { items: [] }, 'it has a merchant of its own');
  const text = `title: Not so\nevidence: inferred\nsteps:\n  - createSession: {}\n    expect: { status: 201 }\n`;
  const failed = (await call('playScenario', { body: { file: { path: 'mine.yaml', text } } })).body;
  t.match(failed, { name: 'mine', result: 'failed' });
  t.match(failed.steps[0].complaints[0], /201/);
  t.match(await call('playScenario', { body: {} }), { status: 400, why: /neither name nor file/ });
  t.match(await call('playScenario', { body: { name: 'a', file: { path: 'b', text: 'c' } } }), { status: 400 });
  t.match(await call('playScenario', { body: { name: 'nothing/of/that/name' } }), { status: 400 });
  t.match(await call('playScenario', { body: { file: { path: 'b.yaml', text: 'c' } } }), {
    status: 400,
    why: /b\.yaml:1:1/,
  });
  const itself =
    'title: Again\nevidence: inferred\nsteps:\n  - playScenario: { body: { name: mix-on-demand } }\n    expect: { status: 403 }\n';
  t.match((await call('playScenario', { body: { file: { path: 'again.yaml', text: itself } } })).body, {
    result: 'passed',
  });
  const without = (await startSandbox(t)).as('boots');
  t.match(await without('playScenario', { body: { name: 'mix-on-demand' } }), {
    status: 403,
    why: /started without the player/,
  });
});

t.test('every rule is listed with the reason why it is believed', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const { items } = (await call('listRules')).body;
  t.strictSame(
    items.map(({ id }: { id: string }) => id),
    Object.keys(rules),
  );
  t.match(
    items.find(({ id }: { id: string }) => id === 'order-total'),
    {
      evidence: 'recorded',
      says: /^The order_amount is the sum/,
    },
  );
});

t.test('captures and refunds of an order are listed, oldest first', async (t) => {
  const { as } = await startSandbox(t, { seed: 'parts' });
  const call = as('boots');
  const path = await authorized(call);
  const { order_id } = (await call('createOrder', { path, body: purchase })).body;
  const parts = async () => (await call('listOrderParts', { path: { order_id } })).body;
  t.match(await parts(), { order_id, expires_at: String });
  t.strictSame((await parts()).items, []);
  await call('captureOrder', { path: { order_id }, body: { captured_amount: 4000, description: 'The first' } });
  await call('advanceClock', { body: { by: 'P1D' } });
  await call('refundOrder', { path: { order_id }, body: { refunded_amount: 1000 } });
  await call('advanceClock', { body: { by: 'P1D' } });
  await call('captureOrder', { path: { order_id }, body: { captured_amount: 6000 } });
  t.matchLists((await parts()).items, [
    { kind: 'capture', amount: 4000, at: '2026-01-01T12:00:00.000Z', description: 'The first' },
    { kind: 'refund', amount: 1000, at: '2026-01-02T12:00:00.000Z' },
    { kind: 'capture', amount: 6000, at: '2026-01-03T12:00:00.000Z' },
  ]);
  t.match(await as('shoes')('listOrderParts', { path: { order_id } }), { status: 404, why: /no order of shoes/ });
  t.match(await call('listOrderParts', { path: { order_id: 'none' } }), { status: 404 });
});

t.test('merchants are listed once they have called, the one used last first', async (t) => {
  const { as } = await startSandbox(t);
  const look = async () => (await as('looker')('listMerchants')).body.items;
  t.strictSame(await look(), []);
  await as('boots')('createSession', { body: purchase });
  await as('boots')('createSession', { body: purchase });
  await as('shoes')('createSession', { body: purchase });
  t.strictSame(await look(), [
    { merchant: 'shoes', exchanges: 1 },
    { merchant: 'boots', exchanges: 2 },
  ]);
});

const simple = {
  path: 'simple.yaml',
  text: 'title: A look\nevidence: inferred\nsteps:\n  - readClock: {}\n    expect: { status: 200 }\n',
};

t.test('a scenario is played with the password that the sandbox takes', async (t) => {
  /** Returns whom a scenario was played for, and how that went. */
  async function playedFor(options: AppOptions, password?: string) {
    const targets: Parameters<typeof playGiven>[1][] = [];
    const play: typeof playGiven = (scenario, target, rest) => {
      targets.push(target);
      return playGiven(scenario, target, rest);
    };
    const { url, as } = await startSandbox(t, { ...options, play });
    const { body } = await as('boots', password)('playScenario', { body: { file: simple } });
    t.strictSame(
      targets.map((target) => target.url),
      [url],
    );
    return { password: targets[0]?.password, result: body.result, merchant: body.merchant };
  }
  const merchants = [
    { username: 'shoes', password: 'soles' },
    { username: 'boots', password: 'laces' },
  ];
  t.strictSame(await playedFor({ merchants }, 'laces'), { password: 'laces', result: 'passed', merchant: 'boots' });
  t.strictSame(
    await playedFor({ merchants, adminToken: 'open' }, 'open'),
    { password: 'laces', result: 'passed', merchant: 'boots' },
    'a merchant of the file has its own',
  );
  t.match(await playedFor({ adminToken: 'open' }, 'open'), { password: 'open', result: 'passed' });
  t.match(await playedFor({ seed: 'played' }), { password: 'secret', result: 'passed' });
});

t.test('a player that breaks is an internal error, and the next scenario is played', async (t) => {
  const failures: unknown[] = [];
  const broken = new Error('the player broke');
  let breaks = true;
  const { as } = await startSandbox(t, {
    failed: (error) => failures.push(error),
    // The contract knows no internal error.
    observe: () => {},
    play: async (...given) => {
      if (breaks) throw broken;
      return playGiven(...given);
    },
  });
  const call = as('boots');
  t.match(await call('playScenario', { body: { file: simple } }), { status: 500 });
  t.strictSame(failures, [broken]);
  breaks = false;
  t.match(await call('playScenario', { body: { file: simple } }), { status: 200, body: { result: 'passed' } });
});

t.test('what breaks the reader of scenarios is no mistake of the file', async (t) => {
  const broken = new Error('no text');
  const { checkScenario } = scenariosApi({} as Scenarios, undefined);
  const text = new Proxy(
    {},
    {
      get() {
        throw broken;
      },
    },
  );
  const check = async () => checkScenario({ body: { text } } as unknown as Parameters<typeof checkScenario>[0]);
  t.equal(await check().catch((error) => error), broken);
});

t.test('of very many merchants those used last are listed first', async (t) => {
  const all = Array.from({ length: 1_003 }, (_, n) => ({ merchant: `m${n}`, used: n + 1 }) as World);
  const { listMerchants } = merchantsApi({ all: () => [...all] } as unknown as Worlds);
  const store = {
    // The newest one has called nothing; of the one before it the journal was emptied.
    exchanges: (merchant: string) => ({
      items: ['m1002', 'm1001'].includes(merchant) ? [] : [{ number: 7 }],
      dropped: merchant === 'm1001' ? 4 : 0,
    }),
  };
  const look = async (everyone: boolean, after?: number) => {
    const query = { limit: 1_000, after };
    const call = { store, world: all[5], everyone, query } as unknown as Parameters<typeof listMerchants>[0];
    const { answer } = (await listMerchants(call)) as unknown as { answer: { body: Listing } };
    const { items, next } = JSON.parse(String(await beginListing(answer.body)));
    if (everyone) t.equal(next, after === undefined ? 3 : undefined);
    return items;
  };
  const items = await look(true);
  t.equal(items.length, 1_000);
  t.strictSame(await look(true, 3), [
    { merchant: 'm1', exchanges: 7 },
    { merchant: 'm0', exchanges: 7 },
  ]);
  t.strictSame(items.slice(0, 2), [
    { merchant: 'm1001', exchanges: 4 },
    { merchant: 'm1000', exchanges: 7 },
  ]);
  t.strictSame(items.at(-1), { merchant: 'm2', exchanges: 7 });
  t.strictSame(await look(false), [{ merchant: 'm5', exchanges: 7 }], 'who may not see the others sees itself');
});
