import type { ConsoleEntry } from '../../src/report/console.js';
import { type ServerOptions, startServer } from '../../src/server/start.js';
import { followEvents } from '../contract/event-reader.js';
import t, { type Test } from '../tap.js';
import { run } from './run.js';

const purchase = {
  purchase_country: 'SE',
  purchase_currency: 'SEK',
  order_amount: 10000,
  order_lines: [{ name: 'Boots', quantity: 1, unit_price: 10000, total_amount: 10000 }],
};

/** Starts a sandbox; returns its URL, a function that calls it as a merchant, and one that runs the command on it. */
async function sandbox(t: Test, options: ServerOptions = {}) {
  const { url, close } = await startServer({ port: 0, seed: 'journal', ...options });
  t.teardown(close);
  const ask = async (username: string, path: string, body: object = {}, password = 'secret') => {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await answer.text();
    return answer.headers.get('content-type') === 'application/json' ? JSON.parse(text) : text;
  };
  const journal = async (...args: string[]) => {
    const { code, out, err } = run('journal', '--target', url, ...args);
    return { code: await code, out: out(), err: err() };
  };
  return { url, ask, journal };
}

const SESSIONS = '/payments/v1/sessions';

t.test('exchanges are listed as the console has them, oldest first', async (t) => {
  const told: string[] = [];
  const tell = (entry: object) => 'exchange' in entry && told.push(JSON.stringify(entry));
  const { ask, journal } = await sandbox(t, { tell });
  await ask('boots', SESSIONS, purchase);
  await ask('boots', SESSIONS, { ...purchase, order_amount: 1 });
  const { code, out, err } = await journal('--username', 'boots');
  t.strictSame([code, err], [0, '']);
  t.match(
    out,
    /^#1 boots {2}POST \/payments\/v1\/sessions 200 \d+\.\d ms\n#2 boots {2}POST \/payments\/v1\/sessions 400 \d+\.\d ms {2}order-total: order_amount: given 1, .*\n$/,
  );
  const json = await journal('--merchant', 'boots', '--json');
  const lines = json.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.matchLists(lines, [
    { merchant: 'boots', number: 1, operation: 'createSession', status: 200 },
    { merchant: 'boots', number: 2, explanation: { rule: 'order-total' } },
  ]);
  t.strictSame(
    told
      .map((line) => JSON.parse(line))
      .filter(({ exchange }) => exchange !== undefined)
      .map(({ exchange }) => exchange),
    lines.map(({ number }) => number),
    'the console had the same numbers',
  );
});

t.test('an exchange has one number: on the console, in the journal, in its event and in the report', async (t) => {
  const told: ConsoleEntry[] = [];
  const { url, ask, journal } = await sandbox(t, { journal: 2, tell: (entry) => told.push(entry) });
  const authorization = `Basic ${Buffer.from('boots:secret').toString('base64')}`;
  const stream = await followEvents(t, `${url}/sandbox/v1/events`, { authorization });
  for (let n = 0; n < 3; n++) await ask('boots', SESSIONS, purchase);
  await ask('boots', SESSIONS, { ...purchase, order_amount: 1 });
  const { data } = await stream.until(({ event, data }) => event === 'exchange' && data.status === 400);
  const report = run('report', '--target', url);
  t.equal(await report.code, 1);
  t.strictSame(
    [
      told.flatMap((entry) => ('exchange' in entry && entry.status === 400 ? entry.exchange : [])),
      [data.number],
      (await journal('--status', '400')).out.match(/(?<=^#)\d+/gm)?.map(Number),
      [...report.out().matchAll(/ exchange (\d+) of boots$/gm)].map(([, number]) => Number(number)),
    ],
    Array(4).fill([4]),
  );
});

t.test('without a user name it is the journal of the merchant that called last', async (t) => {
  const { url, ask, journal } = await sandbox(t);
  t.strictSame(await journal(), { code: 0, out: '', err: `no merchant has called ${url} yet\n` });
  t.strictSame(await journal('1'), { code: 2, out: '', err: `mock-klarna: no merchant has called ${url} yet\n` });
  await ask('boots', SESSIONS, purchase);
  t.match(await journal(), { err: '', out: /^#1 boots {2}POST/ });
  for (const merchant of ['a', 'b', 'c']) await ask(merchant, SESSIONS);
  t.match(await journal(), { err: 'of c, who called last; --username names another: b, a, boots\n', out: /^#1 c / });
  await ask('d', SESSIONS);
  t.match(await journal(), { err: 'of d, who called last; --username names another: c, b, a and 1 more\n' });
});

t.test('the list is narrowed by operation and status, and to the latest', async (t) => {
  const { ask, journal } = await sandbox(t, { journal: 4 });
  for (let n = 0; n < 3; n++) await ask('boots', SESSIONS, purchase);
  await ask('boots', SESSIONS);
  await ask('boots', '/customer-token/v1/tokens/none/order');
  const numbers = async (...args: string[]) => {
    const { out, err } = await journal('--username', 'boots', ...args);
    return [out.split('\n').flatMap((line) => /^#(\d+)/.exec(line)?.[1] ?? []), err];
  };
  t.strictSame(await numbers(), [['2', '3', '4', '5'], '1 older ones are no longer kept\n']);
  t.strictSame(await numbers('--operation', 'createSession', '--status', '400'), [
    ['4'],
    '1 older ones are no longer kept\n',
  ]);
  t.strictSame(await numbers('--limit', '2'), [['4', '5'], 'older ones are left out; --limit lists more\n']);
  t.match(await numbers('--status', '500'), ['', /^no such exchange in the journal of boots\n/]);
});

t.test('one is shown whole: bodies, reason, evidence, and the callbacks it caused', async (t) => {
  const { ask, journal } = await sandbox(t);
  const merchant_urls = { authorization: 'https://shop.test/authorization' };
  const { session_id } = await ask('boots', SESSIONS, { ...purchase, merchant_urls });
  await ask('boots', `/sandbox/v1/sessions/${session_id}/authorize`);
  await ask('boots', SESSIONS, { ...purchase, order_amount: 1 });
  const refused = await journal('3', '--username', 'boots');
  t.equal(refused.code, 0, refused.err);
  t.match(
    refused.out,
    /^#3 boots {2}POST \/payments\/v1\/sessions 400 \d+\.\d ms\ncreateSession, 2026-01-01T12:00:00.000Z on the merchant's clock, correlation id [0-9a-f-]{36}\n\nWhy: order-total: order_amount: given 1, expected 10000/,
  );
  t.match(refused.out, /\n {5}The order_amount is the sum of the lines/);
  t.match(refused.out, /\n {2}authorization: \[redacted\]\n/);
  t.match(refused.out, /\n {2}\{\n {4}"purchase_country": "SE",\n/);
  t.match(refused.out, /\nAnswer 400\n[\s\S]*"error_code": "BAD_VALUE"/);
  t.notMatch(refused.out, /Callbacks/);

  const called = await journal('#2', '--username', 'boots');
  t.match(
    called.out,
    /\nCallbacks\n {2}authorization, attempt 1, 2026-01-01T12:00:00\.000Z: POST https:\/\/shop\.test\/authorization not sent: shop\.test is no name .*; allow it with --allow-callbacks shop\.test {2}\{"authorization_token":/,
  );
  const json = JSON.parse((await journal('2', '--username', 'boots', '--json')).out);
  t.matchLists(json, {
    merchant: 'boots',
    number: 2,
    operation: 'authorizeSession',
    callbacks: [{ on: 'authorization', attempt: 1, result: { refused: String } }],
  });
});

t.test('what cannot be shown is told in one line', async (t) => {
  const { ask, journal } = await sandbox(t, { journal: 2, merchants: [{ username: 'boots', password: 'winter' }] });
  const mine = ['--username', 'boots', '--password', 'winter'];
  for (let n = 0; n < 3; n++) await ask('boots', SESSIONS, {}, 'winter');
  for (const [args, message] of [
    [['1', ...mine], /the journal of boots has no exchange #1: it has #2 to #3$/],
    [['9', ...mine], /the journal of boots has no exchange #9: it has #2 to #3$/],
    [['x'], /argument 'x' is invalid.* Expected the number of an exchange, such as 12/],
    [['0'], /Expected the number of an exchange/],
    [['--status', '99'], /Expected a status such as 400/],
    [['--limit', '0'], /Expected a whole number from 1 to 999999/],
    [
      ['--operation', 'createSesion'],
      /--operation: given createSesion, which is no operation \(did you mean "?createSession"?\?\)$/,
    ],
    [[], /knows its merchants: name one with --username and --password$/],
    [['--username', 'boots'], /does not know --username boots by that --password$/],
    [
      ['--target', 'http://127.0.0.1:1'],
      /--target: \S+ does not answer \(.*\); is the sandbox running\? mock-klarna serve starts one$/,
    ],
  ] as const) {
    const { code, out, err } = await journal(...args);
    t.strictSame([code, out], [2, ''], args.join(' '));
    t.match(err.trimEnd().replace(/; see mock-klarna --help$/, ''), message);
    t.match(err, /^mock-klarna: [^\n]+\n$/, 'one line');
  }
  t.match(await journal('1', '--username', 'boots', '--password', 'x'), { code: 2 });
  const { journal: empty } = await sandbox(t);
  t.match((await empty('1', '--username', 'shoes')).err, /the journal of shoes has no exchange #1: it is empty\n$/);
});
