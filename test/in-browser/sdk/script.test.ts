import { gzipSync } from 'node:zlib';
import t from '../../tap.js';
import { openShopPage, tokenOf } from './shop-page.js';

const INVALID = 'The client token is invalid. Make sure it has not been tampered with in any way.';

t.test('the script adds four namespaces to what the page has, and calls the page back at once', async (t) => {
  const { page, errors, lines } = await openShopPage(t, {
    query: '?timestamp=1732924800',
    before: `
      window.calls = [];
      window.Klarna = { mine: 7 };
      window.klarnaAsyncCallback = function () { calls.push([arguments.length, typeof Klarna.Payments.load]) };`,
  });
  t.strictSame(await page.evaluate('calls'), [[0, 'function']]);
  t.equal(await page.evaluate('Klarna.mine'), 7);
  const namesOf = (namespace: string) => page.evaluate(`Object.keys(Klarna.${namespace}).sort()`);
  const common = ['authorize', 'init', 'load', 'off', 'on'];
  const wanted = {
    Payments: [...common, 'Buttons', 'finalize', 'initialized', 'loadPaymentReview', 'reauthorize'],
    Credit: [...common, 'loadPaymentReview', 'reauthorize'],
    DirectDebit: [...common, 'reauthorize'],
    DirectBankTransfer: [...common, 'finalize'],
  };
  for (const [namespace, names] of Object.entries(wanted))
    t.strictSame(await namesOf(namespace), names.sort(), namespace);
  t.strictSame([errors, lines], [[], []]);
});

t.test('the script is small, and stands for itself', async (t) => {
  const { script } = await openShopPage(t);
  const source = await (await fetch(script)).text();
  t.ok(gzipSync(source).length < 15_000, `${gzipSync(source).length} bytes`);
  t.notMatch(source, /\beval\(|new Function|innerHTML|sourceMappingURL/);
});

t.test('a second tag calls the page back again and keeps what is there', async (t) => {
  const { page, script, run } = await openShopPage(t, {
    before: 'window.calls = 0; window.klarnaAsyncCallback = () => { calls += 1 };',
  });
  await run('() => { Klarna.Payments.init({ client_token: token }); window.before = Klarna.Payments }');
  await page.addScriptTag({ url: script });
  t.strictSame(await page.evaluate('[calls, Klarna.Payments === before, Klarna.Payments.initialized]'), [
    2,
    true,
    true,
  ]);
});

t.test('a page without a callback, or with one that is no function, or late, is not called', async (t) => {
  const { page, errors } = await openShopPage(t, { before: 'window.klarnaAsyncCallback = 7' });
  await page.evaluate('window.late = 0; window.klarnaAsyncCallback = () => { late += 1 }');
  t.equal(await page.evaluate('late'), 0);
  t.strictSame(errors, []);
});

t.test('the script keeps verbs of a namespace that a page has taken apart', async (t) => {
  const { run } = await openShopPage(t);
  t.strictSame(
    await run('() => { const { init } = Klarna.Payments; return init({ client_token: token }) === Klarna.Payments }'),
    [['returned', true]],
  );
});

t.test('init takes a token of the sandbox, and returns its namespace', async (t) => {
  const { run, page, lines } = await openShopPage(t);
  t.equal(await page.evaluate('Klarna.Payments.initialized'), false);
  const options = '{ client_token: token, product: "x", integrator: { name: "x" }, originators: [] }';
  t.strictSame(await run(`() => Klarna.Payments.init(${options}) === Klarna.Payments`), [['returned', true]]);
  t.equal(await page.evaluate('Klarna.Payments.initialized'), true);
  for (const name of ['Credit', 'DirectDebit', 'DirectBankTransfer']) {
    t.strictSame(await run(`() => Klarna.${name}.init({ client_token: token }) === Klarna.${name}`), [
      ['returned', true],
    ]);
  }
  t.strictSame(lines, []);
});

t.test('init throws for what is no token', async (t) => {
  const { run, lines, reported, page } = await openShopPage(t);
  const broken = ['undefined', 'null', '7', '{}', '""', '"a.b"', '"a.!.c"', JSON.stringify(tokenOf([]))];
  for (const token of broken) {
    t.strictSame(
      await run(`() => Klarna.Payments.init({ client_token: ${token} })`),
      [['thrown', 'InvalidClientTokenError', INVALID]],
      token,
    );
  }
  t.strictSame(await run('() => Klarna.Payments.init()'), [['thrown', 'InvalidClientTokenError', INVALID]]);
  t.equal(lines.length, broken.length + 1);
  t.match(
    lines[0],
    /^info: mock-klarna: Klarna\.Payments\.init: InvalidClientTokenError, since “.*”; give options\.client_token/,
  );
  await run('() => void Klarna.Payments.init({ client_token: token })');
  await run('() => Klarna.Payments.init({ client_token: 7 })');
  t.equal(await page.evaluate('Klarna.Payments.initialized'), true, 'what was there stays');
  const [exchange] = await reported(1);
  t.match(exchange?.explanation?.text, /InvalidClientTokenError/, 'the journal has it as soon as a session is known');
});

t.test('init does nothing for a token of another sandbox, of Klarna, or of the documentation', async (t) => {
  const { run, lines, strangers } = await openShopPage(t);
  const foreign = [
    { foo: 'bar' },
    { base_url: 'https://js.playground.klarna.com/eu/kp' },
    { base_url: 'https://shop.example/kp' },
    { base_url: 7 },
  ];
  for (const claims of foreign) {
    const token = JSON.stringify(tokenOf(claims));
    t.strictSame(await run(`() => Klarna.Payments.init({ client_token: ${token} })`), [], JSON.stringify(claims));
    t.strictSame(await run('(note) => Klarna.Payments.load({ container: "#klarna" }, note)'), [
      ['answer', { show_form: false }],
      [
        'thrown',
        'ApplicationNotInitializedError',
        'The application has not yet been initialized. Call `init` first to initialize it.',
      ],
    ]);
  }
  t.match(lines[2], /Klarna’s own .*create the session at the sandbox/);
  t.strictSame(strangers, []);
});

t.test('a token whose base_url is at 127.0.0.1 is taken, unless the script is strict', async (t) => {
  const claims = tokenOf({ base_url: 'http://127.0.0.1:5527/kp', session_type: 'PAYMENTS', scheme: true });
  const init = `() => Klarna.Payments.init({ client_token: ${JSON.stringify(claims)} }) === Klarna.Payments`;
  t.strictSame(await (await openShopPage(t)).run(init), [['returned', true]]);
  t.strictSame(await (await openShopPage(t, { query: '?strict' })).run(init), [['returned', false]]);
  t.strictSame(await (await openShopPage(t, { attributes: 'data-strict' })).run(init), [['returned', false]]);
});

t.test('another token begins anew, the same one does not', async (t) => {
  const { page, run, settled, newToken } = await openShopPage(t);
  const load =
    '(note) => { Klarna.Payments.init({ client_token: token }); Klarna.Payments.load({ container: "#klarna" }, note) }';
  await run(load);
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
  await run('() => void Klarna.Payments.init({ client_token: token })');
  t.equal(await page.locator('#klarna iframe').count(), 1);
  await page.evaluate(`window.token = ${JSON.stringify((await newToken()).client_token)}`);
  await run('() => void Klarna.Payments.init({ client_token: token })');
  t.equal(await page.locator('iframe').count(), 0, 'the frames are gone');
  await run(load);
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
});

t.test('initialized wants the claim scheme, or a session of the type credit', async (t) => {
  const { page } = await openShopPage(t);
  const initialized = (claims: object) =>
    page.evaluate(
      `Klarna.Payments.init({ client_token: ${JSON.stringify(tokenOf(claims))} }), Klarna.Payments.initialized`,
    );
  const base_url = 'http://localhost/kp';
  t.equal(await initialized({ base_url, session_type: 'PAYMENTS' }), false);
  t.equal(await initialized({ base_url, session_type: 'PAYMENTS', scheme: true }), true);
  t.equal(await initialized({ base_url, session_type: 'CREDIT' }), true);
});

t.test('a page hears events of the SDK, and no others', async (t) => {
  const { run } = await openShopPage(t);
  for (const event of ['heightChanged', 'fullscreenOverlayShown', 'fullscreenOverlayHidden']) {
    t.strictSame(await run(`() => Klarna.Payments.on('${event}', () => {})`), []);
  }
  t.strictSame(await run(`() => Klarna.Payments.on('paymentMethodSelected', () => {})`), [
    ['thrown', 'EventNotSupportedError', 'This event name is not supported: paymentMethodSelected'],
  ]);
  for (const off of [`'heightChanged'`, `'heightChanged', () => {}`, `'nothing'`, '']) {
    t.strictSame(await run(`() => Klarna.Payments.off(${off})`), []);
  }
});
