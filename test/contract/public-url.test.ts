import { startSandbox as startLibrary } from '../../src/index.js';
import { readPublicUrl } from '../../src/server/public-url.js';
import t from '../tap.js';
import { claimsOf, page, start } from './page.js';
import { basic, purchase } from './sandbox.js';

const confirmation = 'https://boots.example/thanks';
const session = { ...purchase, intent: 'buy_and_tokenize', merchant_urls: { confirmation } };

/** Everything that a shop is given to open in a browser, when it calls the sandbox by a host name. */
async function linksBy(url: string, host: string) {
  const headers = { host, authorization: basic('boots') };
  const { ask } = page(url, undefined);
  const post = async (path: string, body: object) => (await request(url, path, body, headers)).body;
  const { client_token, session_id } = await post('/payments/v1/sessions', session);
  const { authorization_token } = await post(`/sandbox/v1/sessions/${session_id}/authorize`, {});
  const token = await post(`/payments/v1/authorizations/${authorization_token}/customer-token`, {
    description: 'Care',
    intended_use: 'SUBSCRIPTION',
  });
  const order = await post(`/payments/v1/authorizations/${authorization_token}/order`, session);
  const charge = await post(`/customer-token/v1/tokens/${token.token_id}/order`, {
    ...purchase,
    merchant_urls: { confirmation },
  });
  const other = await post('/payments/v1/sessions', session);
  const hosted = await post('/hpp/v1/sessions', {
    payment_session_url: `http://x/payments/v1/sessions/${other.session_id}`,
  });
  const qr = await ask('GET', new URL(hosted.qr_code_url).pathname);
  return { base_url: claimsOf(client_token).base_url as string, token, order, charge, hosted, qr };
}

/** A request whose header Host is another than its address, which fetch does not let us send. */
async function request(url: string, path: string, body: object, headers: Record<string, string>) {
  const { request } = await import('node:http');
  return new Promise<{ status: number; body: any }>((resolve, reject) => {
    const asked = request(
      url + path,
      { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } },
      async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode as number, body: JSON.parse(text) });
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}

t.test('links lead to the host that the shop called', async (t) => {
  const { url } = await start(t);
  for (const host of ['mock-klarna:5527', 'klarna.test', 'localhost:5527', '[::2]:5527']) {
    const { base_url, token, order, charge, hosted } = await linksBy(url, host);
    t.equal(base_url, `http://${host}/kp`);
    for (const link of [token.redirect_url, order.redirect_url, charge.redirect_url]) {
      t.ok(link.startsWith(`http://${host}/kp/v1/sessions/`), link);
    }
    for (const [name, link] of Object.entries({ ...hosted, ...hosted.distribution_module })) {
      if (name.endsWith('_url')) t.ok(String(link).startsWith(`http://${host}/hpp/`), `${name}: ${link}`);
    }
  }
});

/** The URL under which a session's token says that the sandbox is, when it is called with some headers. */
async function claimed(url: string, headers: Record<string, string>): Promise<string> {
  const { body } = await request(url, '/payments/v1/sessions', purchase, { authorization: basic('boots'), ...headers });
  return claimsOf(body.client_token).base_url;
}

t.test('a proxy on this machine forwards scheme and host, and nothing that is none', async (t) => {
  const { url } = await start(t);
  const host = 'direct.test';
  for (const [forwarded, base] of [
    [{}, 'http://direct.test'],
    [{ 'x-forwarded-proto': 'https' }, 'https://direct.test'],
    [{ 'x-forwarded-proto': 'HTTPS' }, 'https://direct.test'],
    [{ 'x-forwarded-host': 'klarna.test:8443' }, 'http://klarna.test:8443'],
    [{ 'x-forwarded-host': '[2001:db8::1]:1', 'x-forwarded-proto': 'https' }, 'https://[2001:db8::1]:1'],
    [{ 'x-forwarded-host': 'shop_1', 'x-forwarded-proto': 'http' }, 'http://shop_1'],
    ...['javascript', 'ftp', 'https://evil.test/?', 'http:', ' '].map((proto) => [
      { 'x-forwarded-proto': proto },
      'http://direct.test',
    ]),
    ...[
      'evil.test/path',
      'user@evil.test',
      'evil.test?x',
      'evil.test#',
      'evil test',
      '"><script>',
      'evil.test:x',
      'evil.test:123456',
      '.',
      '[evil]',
      'a..b',
    ].map((bad) => [{ 'x-forwarded-host': bad }, 'http://direct.test']),
  ] as [Record<string, string>, string][]) {
    t.equal(await claimed(url, { host, ...forwarded }), `${base}/kp`, JSON.stringify(forwarded));
  }
});

t.test('a host that is none is no part of a URL', async (t) => {
  const { url } = await start(t);
  const { port } = new URL(url);
  for (const host of ['evil.test/path', '"><script>', 'user@evil.test', 'evil.test:99999999']) {
    t.equal(await claimed(url, { host }), `http://localhost:${port}/kp`, host);
  }
});

t.test('what other proxies forward is not believed', async (t) => {
  const forwarded = { host: 'direct.test', 'x-forwarded-host': 'klarna.test', 'x-forwarded-proto': 'https' };
  for (const [trustProxy, base] of [
    [undefined, 'https://klarna.test'],
    [['loopback'], 'https://klarna.test'],
    [['192.0.2.7', '127.0.0.0/8'], 'https://klarna.test'],
    [['192.0.2.7'], 'http://direct.test'],
    [['uniquelocal', 'linklocal'], 'http://direct.test'],
    [['none'], 'http://direct.test'],
    [[], 'http://direct.test'],
  ] as const) {
    const { url } = await start(t, { trustProxy });
    t.equal(await claimed(url, forwarded), `${base}/kp`, JSON.stringify(trustProxy));
  }
});

t.test('what is no proxy is refused at start, with the nearest word', async (t) => {
  for (const [given, hint] of [
    ['loopbak', ' (did you mean "loopback"?)'],
    ['non', ' (did you mean "none"?)'],
    ['1', ''],
    ['true', ''],
    ['proxy.test', ''],
    ['192.0.2.7/33', ''],
    ['0.0.0.0/0', ''],
    ['2001:db8::/129', ''],
    ['192.0.2.256', ''],
    ['', ''],
  ] as const) {
    await t.rejects(
      startLibrary({ trustProxy: ['192.0.2.7/32', '2001:db8::/128', given] }),
      new TypeError(
        `trustProxy: given ${JSON.stringify(given)}, expected addresses or networks of proxies (192.0.2.7, 10.0.0.0/8), loopback, linklocal, uniquelocal, or none alone${hint}`,
      ),
    );
  }
  await t.rejects(startLibrary({ trustProxy: ['none', 'loopback'] }), {
    message: /given "none", expected .* or none alone/,
  });
});

t.test('the loopback address is localhost in the claim only', async (t) => {
  const { url } = await start(t);
  for (const [host, said] of [
    ['127.0.0.1:5527', 'localhost:5527'],
    ['127.0.0.1', 'localhost'],
    ['[::1]:5527', 'localhost:5527'],
    ['127.0.0.1.test', '127.0.0.1.test'],
  ] as const) {
    const { base_url, order, hosted } = await linksBy(url, host);
    t.equal(base_url, `http://${said}/kp`);
    t.ok(order.redirect_url.startsWith(`http://${host}/`));
    t.ok(hosted.redirect_url.startsWith(`http://${host}/`));
  }
});

t.test('with a public URL what a browser opens is there, and what the shop calls is where it called', async (t) => {
  const publicUrl = 'https://klarna.shop.test:8443';
  const { url } = await start(t, { publicUrl: `${publicUrl}/` });
  for (const host of ['mock-klarna:5527', '127.0.0.1:5527']) {
    const { base_url, token, order, charge, hosted, qr } = await linksBy(url, host);
    t.equal(base_url, `${publicUrl}/kp`);
    for (const link of [token.redirect_url, order.redirect_url, charge.redirect_url])
      t.ok(link.startsWith(`${publicUrl}/kp/`));
    for (const link of [hosted.redirect_url, hosted.qr_code_url, hosted.distribution_module.standalone_url]) {
      t.ok(link.startsWith(`${publicUrl}/hpp/`), link);
    }
    t.ok(hosted.session_url.startsWith(`http://${host}/hpp/v1/sessions/`));
    t.ok(hosted.distribution_url.startsWith(`http://${host}/hpp/v1/sessions/`));
    t.equal(qr.status, 200);
  }
});

t.test('a public URL is scheme, host and port', async (t) => {
  for (const [given, read] of [
    ['http://localhost:5527', 'http://localhost:5527'],
    ['HTTPS://Klarna.Test/', 'https://klarna.test'],
    ['https://klarna.test:443', 'https://klarna.test'],
    ['http://[::1]:80/', 'http://[::1]'],
  ] as const) {
    t.equal(readPublicUrl(given), read, given);
  }
  for (const given of [
    '',
    'klarna.test',
    'localhost:5527',
    'ftp://klarna.test',
    'https://klarna.test/sub',
    'https://a:b@klarna.test',
    'https://klarna.test?x',
    'https://klarna.test/#',
    'http://',
    'javascript:alert(1)',
  ]) {
    t.throws(() => readPublicUrl(given), { message: /^given ".*", expected scheme, host and port/ }, given);
  }
  await t.rejects(startLibrary({ publicUrl: 'klarna.test' }), {
    name: 'TypeError',
    message: /^publicUrl: given "klarna.test"/,
  });
});

t.test('a sandbox of the library takes a public URL', async (t) => {
  const sandbox = await startLibrary({ publicUrl: 'http://klarna.test' });
  t.teardown(() => sandbox.close());
  const { body } = await request(sandbox.url, '/payments/v1/sessions', purchase, { authorization: basic('boots') });
  t.equal(claimsOf(body.client_token).base_url, 'http://klarna.test/kp');
});

t.test('the host of the public URL may call the control API, another public name may not', async (t) => {
  const { url } = await start(t, { publicUrl: 'https://klarna.shop.example' });
  const advance = async (host: string) => {
    const headers = { host, authorization: basic('boots') };
    return (await request(url, '/sandbox/v1/clock/advance', { by: 'PT1S' }, headers)).status;
  };
  t.equal(await advance('klarna.shop.example'), 200);
  t.equal(await advance('klarna.other.example'), 421);
});
