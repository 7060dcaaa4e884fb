import { startSandbox as startOwn } from '../../src/index.js';
import { playGiven } from '../../src/replay/replay.js';
import { hashPassword } from '../../src/server/world/password-hash.js';
import { MemoryStore } from '../../src/store/memory-store.js';
import t from '../tap.js';
import { basic, purchase, startSandbox, times } from './sandbox.js';

/** Costs of hashes that take no time. */
const CHEAP = { ln: 4, r: 8, p: 1 };

const merchants = [
  { username: 'boots', password: 'winter' },
  { username: 'shoes', password: 'summer' },
];

t.test('with a merchants file wrong credentials make no world, no record and no journal entry', async (t) => {
  const store = new MemoryStore();
  const touched: string[] = [];
  const watch = <Name extends 'loadWorld' | 'saveWorld' | 'record' | 'exchanges'>(name: Name) => {
    const real = store[name].bind(store) as (merchant: string, ...rest: unknown[]) => unknown;
    Object.assign(store, {
      [name]: (merchant: string, ...rest: unknown[]) => {
        touched.push(merchant);
        return real(merchant, ...rest);
      },
    });
  };
  for (const name of ['loadWorld', 'saveWorld', 'record', 'exchanges'] as const) watch(name);
  const { url, server, as } = await startSandbox(t, { merchants, store });
  const created = await as('boots', 'winter')('createSession', { body: purchase });
  for (const [name, password] of [
    ['stranger', 'x'],
    ['other', ''],
    ['shoes', 'winter'],
    ['boots', 'wrong'],
  ] as const) {
    const authorization = basic(name, password);
    for (const path of ['/payments/v1/sessions', '/sandbox/v1/journal', '/ordermanagement/v1/nothing']) {
      const method = path.startsWith('/payments') ? 'POST' : 'GET';
      const answer = await fetch(url + path, { method, headers: { authorization } });
      t.equal(answer.status, 401, `${name} ${path}`);
      t.equal(answer.headers.get('www-authenticate'), 'Basic realm="very closed site"');
    }
  }
  t.strictSame(
    server.app.worlds.all().map(({ merchant }) => merchant),
    ['boots'],
  );
  t.strictSame([...new Set(touched)], ['boots'], 'the store hears of nobody else');
  const boots = as('boots', 'winter');
  t.equal((await boots('readSession', { path: { session_id: created.body.session_id } })).status, 200);
  const { items } = (await boots('readJournal')).body;
  t.strictSame(
    items.map(({ status }: { status: number }) => status),
    [200, 200],
    'nor does the journal of the merchant whose name was tried',
  );
});

t.test('refusals are kept apart: a merchant sees those under its name, the admin token all', async (t) => {
  const { url, as } = await startSandbox(t, { merchants, adminToken: 'open sesame' });
  await as('boots', 'wrong')('createSession', { body: purchase });
  await as('stranger', 'guess')('readJournal', { query: { limit: '1' } });
  const headers = { authorization: 'Basic klarna_test_api_d2ludGVyLWJvb3Rz' };
  await fetch(`${url}/hpp/v1/nothing`, { headers });
  const all = (await as('boots', 'open sesame')('listRefusals')).body;
  const why = (name: string) => `Authorization: user name ${name} with credentials nobody has`;
  t.matchLists(
    all.items.map(({ at: _, ...refusal }: { at: string }) => refusal),
    [
      {
        method: 'GET',
        path: '/hpp/v1/nothing',
        username: /^api-key-/,
        explanation: /^Authorization: the API key shown/,
      },
      {
        method: 'GET',
        path: '/sandbox/v1/journal',
        operation: 'readJournal',
        username: 'stranger',
        address: '127.0.0.1',
        explanation: why('stranger'),
      },
      {
        method: 'POST',
        path: '/payments/v1/sessions',
        operation: 'createSession',
        username: 'boots',
        address: '127.0.0.1',
        explanation: why('boots'),
      },
    ],
  );
  t.equal(all.dropped, 0);
  t.notMatch(JSON.stringify(all), /wrong|guess|d2ludGVy/, 'no secrets');
  const own = (await as('boots', 'winter')('listRefusals')).body.items;
  t.strictSame(
    own.map(({ username }: { username: string }) => username),
    ['boots'],
  );
  t.strictSame((await as('shoes', 'summer')('listRefusals')).body.items, []);
});

t.test('a wrong admin token makes no world either', async (t) => {
  const { server, as } = await startSandbox(t, { adminToken: 'open sesame' });
  t.equal((await as('stranger')('readClock')).status, 401);
  t.strictSame(server.app.worlds.all(), []);
  t.equal((await as('boots', 'open sesame')('listRefusals')).body.items[0].username, 'stranger');
});

t.test('where any credentials work, the password `invalid` still stands in the journal of the name', async (t) => {
  const { as } = await startSandbox(t);
  t.equal((await as('boots', 'invalid')('createSession', { body: purchase })).status, 401);
  t.equal((await as('boots')('readJournal')).body.items[0].status, 401);
  t.strictSame((await as('boots')('listRefusals')).body, { items: [], dropped: 0 });
});

t.test('passwords may be hashes in a merchants file', async (t) => {
  const merchants = [{ username: 'boots', password: await hashPassword('winter', CHEAP) }];
  const { url, as } = await startSandbox(t, { merchants, play: playGiven });
  t.equal((await as('boots', 'winter')('createSession', { body: purchase })).status, 200);
  t.equal((await as('boots', 'winter')('readJournal')).body.items.length, 1);
  t.equal((await as('boots', 'summer')('readJournal')).status, 401);
  t.equal((await as('boots', merchants[0]?.password)('readJournal')).status, 401, 'the hash opens nothing');
  const played = await as('boots', 'winter')('playScenario', { body: { name: 'mixed-payments/pay-in-4-by-card' } });
  t.match(played.body, { result: 'passed' }, 'the sandbox plays as the merchant without knowing its password');

  const { headers } = await fetch(url);
  const cookie = String(headers.get('set-cookie')).split(';', 1)[0] as string;
  const unlock = (password: string) =>
    fetch(`${url}/sandbox/v1/unlock`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ merchant: 'boots', password }),
    });
  t.equal((await unlock('summer')).status, 403);
  t.equal((await unlock('winter')).status, 204, 'the live page is unlocked by the password');
  const statuses = new Set<number>();
  for (let tries = 0; tries < 200 && !statuses.has(429); tries++) statuses.add((await unlock(`wrong ${tries}`)).status);
  t.strictSame([...statuses], [403, 429], 'wrong ones are limited here as well');
});

t.test('the methods of a sandbox work for a merchant whose password is a hash', async (t) => {
  const merchants = [{ username: 'test', password: await hashPassword('winter', CHEAP) }];
  const klarna = await startOwn({ merchants });
  t.teardown(() => klarna.close());
  t.ok(await klarna.clock.now());
  t.match(await klarna.replay('mixed-payments/pay-in-4-by-card'), { result: 'passed' });
  const { username, password } = klarna.credentials;
  const answer = await fetch(`${klarna.url}/payments/v1/sessions/none`, {
    headers: { authorization: basic(username, password) },
  });
  t.equal(answer.status, 404, 'and its credentials open Klarna’s APIs');
});

t.test('too many wrong passwords get 429 in the form of each API, and make no refusal', async (t) => {
  const merchants = [{ username: 'boots', password: 'winter' }];
  const wall = { now: () => 0, monotonic: () => 0, later: () => () => {} };
  const { url, as } = await startSandbox(t, { merchants, wall });
  await times(20, (n) => as(`m${n}`)('readClock'));
  const operations = [
    'createSession',
    'readCustomerToken',
    'readOrder',
    'readHostedSession',
    'readClock',
    'readJournal',
  ];
  for (const operation of operations) {
    const answer = await as('boots', 'guess')(operation, {
      path: { order_id: '1', customerToken: '1', session_id: '1' },
      ...(operation === 'createSession' && { body: purchase }),
    });
    t.equal(answer.status, 429, operation);
    t.match(answer.why, 'more than 20 wrong ones within a second');
  }
  t.equal((await as('boots', 'guess')('readClock')).body.error_code, 'TOO_MANY_TRIES');
  const nowhere = await fetch(`${url}/payments/v1/nothing`, { headers: { authorization: basic('boots', 'guess') } });
  t.equal(nowhere.status, 429);
  t.equal((await as('boots', 'winter')('readClock')).status, 200, 'who is right comes in');
  const { body } = await as('boots', 'winter')('listRefusals');
  t.strictSame(body, { items: [], dropped: 0 });
});
