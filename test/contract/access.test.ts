import { request } from 'node:http';
import t from '../tap.js';
import { basic, purchase, startSandbox } from './sandbox.js';

interface Got {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Sends a request with exactly these headers; fetch would not let a test choose Host and Origin. */
function ask(url: string, path: string, headers: Record<string, string>, method = 'GET', body?: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { method, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode as number, headers: answer.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const authorization = basic('boots');

/** Returns the cookies that a page is given, as it sends them. */
async function pageOf(url: string): Promise<string> {
  const { headers } = await ask(url, '/', {});
  return (headers['set-cookie'] as string[]).map((cookie) => cookie.split(';')[0]).join('; ');
}

t.test('a foreign Host is refused by control API and pages, and by nothing else', async (t) => {
  const { url } = await startSandbox(t);
  const host = 'pay.klarna.com';
  for (const path of ['/sandbox/v1/clock', '/%73andbox/v1/clock', '//sandbox/v1/health', '/sandbox/v1/events']) {
    const { status, body } = await ask(url, path, { authorization, host });
    t.equal(status, 421, path);
    t.match(JSON.parse(body), { error_code: 'MISDIRECTED_REQUEST', error_messages: Array }, path);
    t.match(
      body,
      /Host: given pay\.klarna\.com, which is no name of this sandbox; allow it with --allow-host pay\.klarna\.com/,
    );
  }
  for (const path of ['/', '/docs', '/docs/payments.v1.json', '/live/scenario.schema.json']) {
    const { status, body, headers } = await ask(url, path, { host: 'evil.example.com:5527' });
    t.strictSame([status, headers['content-type']], [421, 'text/plain;charset=utf-8'], path);
    t.equal(body.trim().split('\n').length, 1, 'one sentence');
    t.equal(headers['set-cookie'], undefined, 'and no cookie');
  }
  const klarnas = await ask(url, '/payments/v1/sessions/none', { authorization, host });
  t.equal(klarnas.status, 404, 'Klarna’s own APIs take any host');
  t.equal((await ask(url, '/hpp/payments/none', { host })).status, 404, 'and so do pages for shoppers');
  const { url: allowing } = await startSandbox(t, { allowHosts: ['pay.klarna.com'] });
  t.equal((await ask(allowing, '/sandbox/v1/clock', { authorization, host })).status, 200);
});

t.test('a foreign Origin is refused, and a page of ours without its cookie', async (t) => {
  const { url } = await startSandbox(t);
  const { host, origin } = new URL(url);
  const json = { authorization, 'content-type': 'application/json' };
  const advance = (headers: Record<string, string>) =>
    ask(url, '/sandbox/v1/clock/advance', { ...json, ...headers }, 'POST', '{"by":"PT1S"}');
  for (const foreign of ['http://evil.example.com', 'null', 'http://localhost:3000', `ftp://${host}`, '']) {
    const { status, body } = await advance({ origin: foreign });
    t.match([status, JSON.parse(body)].join(), /^403/, foreign);
    t.match(JSON.parse(body), { error_code: 'FORBIDDEN_ORIGIN' }, foreign);
  }
  t.match(JSON.parse((await advance({ origin })).body), { error_code: 'PAGE_UNKNOWN' });
  const cookie = await pageOf(url);
  t.equal((await advance({ origin, cookie })).status, 200);
  t.match(JSON.parse((await advance({ origin, cookie: `${cookie}x` })).body), { error_code: 'PAGE_UNKNOWN' });
  t.equal((await advance({})).status, 200, 'who sends no Origin needs no cookie');
  const elsewhere = await ask(url, '/payments/v1/sessions/none', { authorization, origin: 'http://shop.example.com' });
  t.equal(elsewhere.status, 404, 'Klarna’s own APIs ask for none');
});

t.test('a page names its merchant, and needs no password where nobody does', async (t) => {
  const { url, as } = await startSandbox(t);
  await as('schuhe für alle')('createSession', { body: purchase });
  const cookie = await pageOf(url);
  const merchant = encodeURIComponent('schuhe für alle');
  const { status, body } = await ask(url, '/sandbox/v1/journal', { cookie, 'mock-klarna-merchant': merchant });
  t.equal(status, 200);
  t.equal(JSON.parse(body).items[0].operation, 'createSession');
  const { body: merchants } = await ask(url, '/sandbox/v1/merchants', { cookie, 'mock-klarna-merchant': 'boots' });
  t.strictSame(JSON.parse(merchants), { items: [{ merchant: 'schuhe für alle', exchanges: 1 }] });
  for (const wrong of ['', '%', 'a%3Ab', '%0A', 'x'.repeat(256)]) {
    const { status } = await ask(url, '/sandbox/v1/journal', { cookie, 'mock-klarna-merchant': wrong });
    t.equal(status, 403, wrong.slice(0, 9));
  }
  const stale = await ask(url, '/sandbox/v1/journal', { 'mock-klarna-merchant': 'boots' });
  t.match(JSON.parse(stale.body), { error_code: 'PAGE_UNKNOWN' }, 'without a cookie');
  t.equal(stale.headers['www-authenticate'], undefined);
  t.equal(
    (await ask(url, '/payments/v1/sessions/none', { cookie, 'mock-klarna-merchant': 'boots' })).status,
    401,
    'Klarna’s own APIs know no cookie',
  );
});

t.test('with an admin token the control API asks for it, and Klarna’s APIs for nothing', async (t) => {
  const { url, as } = await startSandbox(t, { adminToken: 'open sesame' });
  t.equal((await as('boots')('createSession', { body: purchase })).status, 200);
  t.match(await as('boots')('readJournal'), { status: 401 });
  t.equal((await as('boots', 'open sesame')('readJournal')).body.items.length, 1);
  t.match(await as('boots', 'open sesame ')('readJournal'), { status: 401 });
  t.equal((await fetch(`${url}/sandbox/v1/health`)).status, 200);

  const cookie = await pageOf(url);
  const named = { cookie, 'mock-klarna-merchant': 'boots' };
  const { status, body, headers } = await ask(url, '/sandbox/v1/journal', named);
  t.equal(status, 403);
  t.match(JSON.parse(body), { error_code: 'PAGE_LOCKED' });
  t.equal(headers['www-authenticate'], undefined, 'no browser asks by itself');
  const { origin } = new URL(url);
  const unlock = (given: object, more: object = { cookie, origin }) =>
    ask(url, '/sandbox/v1/unlock', { 'content-type': 'application/json', ...more }, 'POST', JSON.stringify(given));
  const wrong = await unlock({ merchant: 'boots', password: 'guess' });
  t.match([wrong.status, JSON.parse(wrong.body).error_code], { 0: 403, 1: 'PASSWORD_WRONG' });
  t.notMatch(wrong.body, 'guess');
  t.equal((await unlock({ merchant: 'boots' })).status, 400);
  t.equal((await unlock({ merchant: 'boots', password: 'open sesame' }, {})).status, 403, 'only pages can ask');
  const right = await unlock({ merchant: 'boots', password: 'open sesame' });
  t.equal(right.status, 204);
  const [key = ''] = right.headers['set-cookie'] as string[];
  t.match(key, /; Path=\/sandbox\/v1; HttpOnly; SameSite=Strict$/);
  const opened = `${cookie}; ${key.split(';')[0]}`;
  for (const merchant of ['boots', 'shoes']) {
    const answer = await ask(url, '/sandbox/v1/journal', { cookie: opened, 'mock-klarna-merchant': merchant });
    t.equal(answer.status, 200, `${merchant}: the token opens every merchant`);
  }
});

t.test('with a merchants file a page gives each merchant’s password once', async (t) => {
  const merchants = [
    { username: 'boots', password: 'winter' },
    { username: 'shoes', password: 'summer' },
  ];
  const { url, as } = await startSandbox(t, { merchants, adminToken: 'open sesame' });
  await as('boots', 'winter')('createSession', { body: purchase });
  await as('shoes', 'summer')('createSession', { body: purchase });
  t.strictSame((await as('boots', 'winter')('listMerchants')).body.items, [{ merchant: 'boots', exchanges: 1 }]);
  t.equal((await as('boots', 'open sesame')('listMerchants')).body.items.length, 2);
  t.match(await as('boots', 'winter')('readReport', { query: { merchants: 'all' } }), { status: 400 });
  t.match(await as('boots', 'open sesame')('readReport', { query: { merchants: 'all' } }), { status: 200 });
  t.match(await as('boots', 'summer')('readJournal'), { status: 401 });

  const page = await pageOf(url);
  const { origin } = new URL(url);
  const jar = new Map([page.split('=', 2) as [string, string]]);
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const unlock = async (merchant: string, password: string) => {
    const headers = { 'content-type': 'application/json', origin, cookie: cookies() };
    const answer = await ask(url, '/sandbox/v1/unlock', headers, 'POST', JSON.stringify({ merchant, password }));
    for (const cookie of (answer.headers['set-cookie'] as string[] | undefined) ?? []) {
      const [name = '', value = ''] = (cookie.split(';')[0] as string).split('=', 2);
      jar.set(name, value);
    }
    return answer.status;
  };
  const look = async (merchant: string) =>
    (await ask(url, '/sandbox/v1/journal', { cookie: cookies(), 'mock-klarna-merchant': merchant })).status;
  t.strictSame([await look('boots'), await look('shoes')], [403, 403]);
  t.equal(await unlock('boots', 'summer'), 403);
  t.equal(await unlock('boots', 'winter'), 204);
  t.strictSame([await look('boots'), await look('shoes')], [200, 403]);
  t.equal(await unlock('shoes', 'summer'), 204);
  t.strictSame([await look('boots'), await look('shoes')], [200, 200], 'what was unlocked before stays');
});

t.test('the live page is served with a policy, and nothing of another host', async (t) => {
  const { url } = await startSandbox(t);
  const { status, headers, body } = await ask(url, '/', {});
  t.equal(status, 200);
  const policy = String(headers['content-security-policy']);
  t.match(policy, /default-src 'none'/);
  t.notMatch(policy, 'unsafe');
  const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? [];
  t.ok(body.includes(`content="${nonce}"`));
  t.not((await ask(url, '/', {})).headers['content-security-policy'], policy, 'a nonce is used once');
  t.notMatch(body, /https?:\/\//);
  t.notMatch(body, /<script>|style=/);
  const schema = await ask(url, '/live/scenario.schema.json', {});
  t.match(JSON.parse(schema.body), { $schema: String });
});
