import t from '../../tap.js';
import { INIT, openShopPage, type ShopOptions, stopClock } from './shop-page.js';

const TOKEN = /^[-0-9a-f]{36}$/;
const NOT_LOADED = 'The application has not yet been loaded. Call `load` first to load it.';

/** Opens a page whose shopper does as a scenario says. */
async function scripted(t: Parameters<typeof openShopPage>[0], shopper: object, options: ShopOptions = {}) {
  const opened = await openShopPage(t, options);
  await opened.merchant.scenario.choose({ title: 'Shopper', evidence: 'inferred', shopper });
  return opened;
}

/** A call after init, with one argument for its callback. */
const call = (text: string) => `(note) => { ${INIT}; ${text} }`;
const AUTHORIZE = call('Klarna.Payments.authorize({}, {}, note)');

t.test('a wrong authorize calls back first, then throws, by the first thing that is wrong', async (t) => {
  const { run, page } = await openShopPage(t);
  const authorize = (options: string) => run(`(note) => Klarna.Payments.authorize(${options}, {}, note)`);
  const refused = (name: string, message: string) => [
    ['answer', { show_form: false, approved: false }],
    ['thrown', name, message],
  ];
  t.strictSame(await authorize('{}'), refused('ApplicationNotLoadedError', NOT_LOADED), 'before init');
  await run(`() => void ${INIT}`);
  t.strictSame(
    await authorize('{ payment_method_category: "gold", instance_id: "a b" }'),
    refused('PaymentMethodCategoryNotSupportedError', 'This payment method category is not supported: gold'),
  );
  t.equal((await authorize('{ instance_id: "a b" }'))[1]?.[1], 'InvalidInstanceIDError');
  t.equal(await page.locator('iframe').count(), 0);
});

t.test('authorize works without load, unless the script is strict', async (t) => {
  const lenient = await scripted(t, { result: 'approved' });
  t.match(await lenient.answerTo(AUTHORIZE), { approved: true, authorization_token: TOKEN });
  t.equal(lenient.lines.filter((line) => line.includes('without a load of the same instance')).length, 1);

  const strict = await scripted(t, { result: 'approved' }, { attributes: 'data-strict' });
  t.strictSame((await strict.run(AUTHORIZE))[1], ['thrown', 'ApplicationNotLoadedError', NOT_LOADED]);
  await strict.run(call('Klarna.Payments.load({ container: "#klarna", payment_method_category: "klarna" }, note)'));
  await strict.settled();
  t.strictSame((await strict.run(AUTHORIZE))[1]?.[1], 'ApplicationNotLoadedError', 'load had a category');
  const named = call('Klarna.Payments.authorize({ payment_method_category: "klarna" }, null, note)');
  t.match(await strict.answerTo(named), { approved: true, authorization_token: TOKEN });
});

t.test('each end of the shopper has its answer', async (t) => {
  const { merchant, answerTo, newToken, page } = await openShopPage(t);
  const ends: [object, object][] = [
    [{ result: 'abandoned' }, { approved: false, show_form: true }],
    [{ result: 'denied' }, { approved: false, show_form: false }],
    [
      { result: 'fix_required', invalid_fields: ['billing_address.email'] },
      { approved: false, show_form: true, error: { invalid_fields: ['billing_address.email'] } },
    ],
    [{ result: 'finalize_required' }, { approved: true, show_form: true, finalize_required: true }],
  ];
  for (const [shopper, answer] of ends) {
    await page.evaluate(`window.token = ${JSON.stringify((await newToken()).client_token)}`);
    await merchant.scenario.choose({ title: 'Shopper', evidence: 'inferred', shopper });
    t.strictSame(await answerTo(AUTHORIZE), answer);
    t.equal(await page.locator('iframe').count(), 0, 'the page is gone');
  }
  await page.evaluate(`window.token = ${JSON.stringify((await newToken()).client_token)}`);
  await merchant.scenario.end();
  await merchant.scenario.choose({ title: 'Shopper', evidence: 'inferred', shopper: { result: 'approved' } });
  const { authorization_token: token, ...rest } = await answerTo(AUTHORIZE);
  t.match(token, TOKEN);
  t.strictSame(rest, { approved: true, show_form: true });
});

t.test('auto_finalize: false leaves the token to finalize', async (t) => {
  const { answerTo } = await scripted(t, { result: 'approved' });
  t.strictSame(await answerTo(call('Klarna.Payments.authorize({ auto_finalize: false }, {}, note)')), {
    approved: true,
    show_form: true,
    finalize_required: true,
  });
  t.match(await answerTo('(note) => Klarna.Payments.finalize({}, {}, note)'), {
    approved: true,
    show_form: true,
    authorization_token: TOKEN,
  });
});

t.test('every order of arguments is understood', async (t) => {
  const { run, answerTo, settled, readSession, newToken, page, lines } = await scripted(t, { result: 'approved' });
  // Where the page says nothing, the shopper is the sample person.
  const untold = 'Stockholm';
  const data = (city: string) => `{ billing_address: { city: '${city}', country: 'SE' } }`;
  const orders: [string, string][] = [
    ['note', untold],
    ['{}, note', untold],
    [`{}, null, note`, untold],
    [`null, ${data('One')}, note`, 'One'],
    [`{ payment_method_category: 'klarna' }, ${data('Two')}, note`, 'Two'],
    [`${data('Three')}, { payment_method_category: 'klarna' }, note`, 'Three'],
    [`${data('Four')}, { instance_id: 'one' }, note`, 'Four'],
    [`${data('Five')}, note`, untold],
  ];
  for (const [order, city] of orders) {
    const { session_id, client_token } = await newToken();
    await page.evaluate(`window.token = ${JSON.stringify(client_token)}`);
    t.match(await answerTo(call(`Klarna.Payments.authorize(${order})`)), { approved: true }, order);
    t.equal((await readSession(session_id)).billing_address?.city, city, order);
  }
  t.ok(lines.some((line) => /billing_address stand in the place of the options and are lost/.test(line)));
  t.strictSame(await run(call('Klarna.Payments.authorize({}, {})')), [], 'a callback may be missing');
  await page.locator('#klarna-apf-iframe').waitFor({ state: 'detached' });
  t.strictSame(await settled(0), []);
});

t.test('data of load and authorize come together in the session', async (t) => {
  const { run, settled, answerTo, readSession, session_id } = await scripted(t, { result: 'approved' });
  const load = `Klarna.Payments.load({ container: '#klarna' }, { billing_address: { city: 'Lund', given_name: 'Elsa', country: 'SE' } }, note)`;
  await run(call(load));
  await settled();
  await answerTo(`(note) => Klarna.Payments.authorize({}, { billing_address: { city: 'Visby' } }, note)`);
  t.match(await readSession(session_id), { billing_address: { city: 'Visby', given_name: 'Elsa' } });
});

t.test('while one authorize runs, another one of the instance is ignored', async (t) => {
  const { run, page, settled, purchasePage } = await openShopPage(t);
  t.strictSame(await run(AUTHORIZE), []);
  await purchasePage.locator('#onContinue').waitFor();
  t.strictSame(await run('() => { Klarna.Payments.authorize({}, {}, () => log.push(["answer", "second"])) }'), []);
  t.equal(await page.locator('#klarna-apf-iframe').count(), 1);
  await run('() => {}');
  await purchasePage.locator('[data-decision=close]').click();
  t.strictSame(await page.waitForFunction('!document.querySelector("iframe")').then(() => page.evaluate('log')), [
    ['answer', { approved: false, show_form: true }],
  ]);
  await run('(note) => Klarna.Payments.authorize({}, {}, note)');
  await purchasePage.locator('#onContinue').waitFor();
  await purchasePage.locator('[data-decision=close]').click();
  t.equal((await settled()).length, 1, 'after its end there may be another one');
});

t.test('the purchase page lies over the shop’s, with the focus, and gives it back', async (t) => {
  const { page, settled, purchasePage, errors } = await openShopPage(t, {
    body: '<button id="buy">Buy</button><div id="klarna"></div>',
  });
  await page.evaluate(`
    window.events = [];
    for (const name of ['fullscreenOverlayShown', 'fullscreenOverlayHidden']) {
      Klarna.Payments.on(name, (...all) => events.push([name, ...all]));
    }
    buy.addEventListener('click', () => run(${AUTHORIZE}))`);
  await page.focus('#buy');
  await page.keyboard.press('Enter');
  await purchasePage.locator('#onContinue').waitFor();
  t.strictSame(
    await page.evaluate(`(() => {
      const frame = document.querySelector('body > #klarna-apf-iframe');
      const { position, width, height } = getComputedStyle(frame);
      return [frame.name, frame.title, position, width, height, document.activeElement.id, buy.inert, events];
    })()`),
    [
      'klarna-apf-iframe',
      'Klarna Payments (sandbox)',
      'fixed',
      '1000px',
      '800px',
      'klarna-apf-iframe',
      true,
      [['fullscreenOverlayShown']],
    ],
  );
  await purchasePage.locator('[data-decision=close]').click();
  await settled();
  t.strictSame(await page.evaluate('[document.activeElement.id, buy.inert, events]'), [
    'buy',
    false,
    [['fullscreenOverlayShown'], ['fullscreenOverlayHidden']],
  ]);
  t.strictSame(errors, []);
});

t.test('a page that takes the frame away is answered as by a shopper who closed it', async (t) => {
  const { page, run, settled, purchasePage } = await openShopPage(t);
  await run(AUTHORIZE);
  await purchasePage.locator('#onContinue').waitFor();
  await page.evaluate(`document.querySelector('#klarna-apf-iframe').remove()`);
  t.strictSame(await settled(), [['answer', { approved: false, show_form: true }]]);
});

t.test('data-popup opens a window of its own, whose answer has finalize_required', async (t) => {
  const { page, run, settled } = await openShopPage(t, {
    attributes: 'data-popup',
    body: '<button id="buy">Buy</button>',
  });
  await page.evaluate(`buy.addEventListener('click', () => run(${AUTHORIZE}))`);
  const opening = page.waitForEvent('popup');
  await page.click('#buy');
  const popup = await opening;
  await popup.locator('#onContinue').waitFor();
  t.match(await popup.title(), /^Klarna Payments/);
  const closing = popup.waitForEvent('close');
  await popup.locator('[data-decision=close]').click();
  await closing;
  t.equal((await settled())[0]?.[0], 'answer');

  const again = page.waitForEvent('popup');
  await page.click('#buy');
  const second = await again;
  await second.locator('[data-decision=deny]').click();
  t.strictSame(await settled(), [['answer', { finalize_required: false, approved: false, show_form: false }]]);
  await run('() => {}');
  const third = page.waitForEvent('popup');
  await page.click('#buy');
  await (await third).close();
  t.strictSame(await settled(), [['answer', { approved: false, show_form: true }]], 'closed by hand');
});

t.test('where the policy of the page forbids the frame, the purchase page opens in a window', async (t) => {
  const { page, settled } = await openShopPage(t, {
    body: '<button id="buy">Buy</button>',
    headers: () => ({ 'content-security-policy': "frame-src 'none'" }),
  });
  await page.evaluate(`buy.addEventListener('click', () => run(${AUTHORIZE}))`);
  const opening = page.waitForEvent('popup');
  await page.click('#buy');
  const popup = await opening;
  t.equal(await page.locator('#klarna-apf-iframe').count(), 0);
  await popup.locator('[data-decision=close]').click();
  t.match(await settled(), { 0: { 0: 'answer', 1: { approved: false, show_form: true } } });
});

t.test('a purchase page that never comes is answered, not thrown', async (t) => {
  const { page, run, settled, url, lines } = await openShopPage(t);
  await page.route(`${url}/kp/frames/**`, (route) => route.abort());
  await page.evaluate('window.open = () => null');
  await stopClock(page);
  await run(AUTHORIZE);
  await page.clock.fastForward(10_100);
  t.strictSame(await settled(), [['answer', { show_form: false, approved: false }]]);
  t.match(lines.at(-1), /Klarna\.Payments\.authorize: the browser blocked both frame and window/);
  t.equal(await page.locator('iframe').count(), 0);
});

t.test('data-fullscreen has the purchase page in the frame of the instance', async (t) => {
  const { page, run, settled } = await openShopPage(t, { attributes: 'data-fullscreen' });
  await run(call('Klarna.Payments.load({ container: "#klarna", payment_method_category: "klarna" }, note)'));
  await settled();
  await run('(note) => Klarna.Payments.authorize({ payment_method_category: "klarna" }, note)');
  const frame = page.frameLocator('#klarna-klarna-fullscreen');
  await frame.locator('#onContinue').waitFor();
  t.equal(await page.locator('#klarna-apf-iframe').count(), 0);
  await frame.locator('[data-decision=close]').click();
  t.strictSame(await settled(), [['answer', { approved: false, show_form: true }]]);
  t.equal(await page.locator('#klarna-klarna-fullscreen').isVisible(), false);
});

t.test('reauthorize and finalize need an init, and no load', async (t) => {
  const { run, answerTo, page } = await scripted(t, { result: 'approved' });
  const before = await run('(note) => Klarna.Payments.finalize({}, {}, note)');
  t.equal(before.length, 1, 'no callback');
  t.equal(before[0]?.[1], 'TypeError');
  t.equal((await run('(note) => Klarna.Payments.reauthorize(note)'))[0]?.[1], 'TypeError');

  const foreign = `Klarna.Payments.init({ client_token: 'e30.e30.e30' })`;
  for (const verb of ['reauthorize', 'finalize']) {
    t.strictSame(await run(`(note) => { ${foreign}; Klarna.Payments.${verb}(note) }`), [
      ['answer', { show_form: false, approved: false }],
      [
        'thrown',
        'ApplicationNotInitializedError',
        'The application has not yet been initialized. Call `init` first to initialize it.',
      ],
    ]);
    const wrong = await run(call(`Klarna.Payments.${verb}({ payment_method_category: 'gold' }, note)`));
    t.strictSame(wrong[0], ['answer', { show_form: false, approved: false }]);
    t.equal(wrong[1]?.[1], 'PaymentMethodCategoryNotSupportedError');
  }

  await page.evaluate(`window.seen = 0; Klarna.Payments.on('fullscreenOverlayShown', () => { seen += 1 })`);
  const first = await answerTo(AUTHORIZE);
  const second = await answerTo(
    `(note) => Klarna.Payments.reauthorize({}, { billing_address: { city: 'Lund' } }, note)`,
  );
  t.match(second, { approved: true, show_form: true, authorization_token: TOKEN });
  t.not(second.authorization_token, first.authorization_token, 'a new token');
  const last = await answerTo('(note) => Klarna.Payments.finalize({ payment_method_category: "klarna" }, {}, note)');
  t.strictSame(last, { authorization_token: second.authorization_token, approved: true, show_form: true });
  t.equal(await page.evaluate('seen'), 1, 'nothing was shown but for authorize');
  t.equal(await page.locator('iframe').count(), 0);
});

t.test('a session that is unknown to the sandbox is answered, not thrown', async (t) => {
  const { run, settled, lines, page } = await openShopPage(t);
  await page.evaluate(`window.token = token.split('.').slice(0, 2).join('.') + '.' + 'AAAA'`);
  await run(call('Klarna.Payments.load({ container: "#klarna" }, note)'));
  t.strictSame(await settled(), [['answer', { show_form: false }]]);
  await run(call('Klarna.Payments.finalize({}, {}, note)'));
  t.strictSame(await settled(), [['answer', { show_form: false, approved: false }]]);
  t.ok(lines.filter((line) => line.includes('mock-klarna:')).length >= 2);
});

t.test('messages of others are not heard', async (t) => {
  const { page, run, settled, purchasePage } = await openShopPage(t);
  await run(AUTHORIZE);
  await purchasePage.locator('#onContinue').waitFor();
  await page.evaluate(`new Promise((resolve) => {
    const answer = { mockKlarna: 1, kind: 'answer', answer: { approved: true, show_form: true, authorization_token: 'forged' } };
    window.postMessage(answer, '*');
    const other = document.createElement('iframe');
    other.srcdoc = '<script>parent.postMessage(' + JSON.stringify(answer) + ', "*")</' + 'script>';
    other.addEventListener('load', resolve);
    document.body.append(other);
  })`);
  t.strictSame(await page.evaluate('log'), []);
  await purchasePage.locator('[data-decision=close]').click();
  t.strictSame(await settled(), [['answer', { approved: false, show_form: true }]]);
});

t.test('Klarna.Credit has the same verbs', async (t) => {
  const { answerTo, run, settled } = await scripted(t, { result: 'approved' });
  await run(
    '(note) => { Klarna.Credit.init({ client_token: token }); Klarna.Credit.load({ container: "#klarna" }, note) }',
  );
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
  t.match(await answerTo('(note) => Klarna.Credit.authorize({}, note)'), {
    approved: true,
    authorization_token: TOKEN,
  });
});
