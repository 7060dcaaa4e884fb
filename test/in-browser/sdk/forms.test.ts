import { usualPurchase } from '../../../src/client/states.js';
import t from '../../tap.js';
import { INIT, openShopPage, type ShopOptions, stopClock, tokenOf } from './shop-page.js';

const TOKEN = /^[-0-9a-f]{36}$/;
const APPROVED = { approved: true, show_form: true, authorization_token: TOKEN };
const ORDER = JSON.stringify(usualPurchase('SE'));

const call = (text: string) => `(note) => { ${INIT}; ${text} }`;

/** Opens a page whose shopper does as a scenario says. */
async function scripted(t: Parameters<typeof openShopPage>[0], shopper: object, options: ShopOptions = {}) {
  const opened = await openShopPage(t, options);
  const choose = (acts: object) =>
    opened.merchant.scenario.choose({ title: 'Shopper', evidence: 'inferred', shopper: acts });
  await choose(shopper);
  return { ...opened, choose };
}

t.test('reauthorize and finalize take their arguments in every order', async (t) => {
  const { answerTo } = await scripted(t, { result: 'approved' });
  t.match(await answerTo(call('Klarna.Payments.authorize(note)')), APPROVED);
  for (const verb of ['reauthorize', 'finalize']) {
    for (const given of [
      'note',
      '{}, note',
      '{}, undefined, note',
      '{ payment_method_category: "klarna" }, note',
      '{ billing_address: { city: "Lund" } }, { payment_method_category: "klarna" }, note',
    ]) {
      t.match(await answerTo(`(note) => Klarna.Payments.${verb}(${given})`), APPROVED, `${verb}(${given})`);
    }
  }
});

t.test('every category and every preferred method that Klarna’s script knows is taken', async (t) => {
  const categories = ['pay_later', 'pay_over_time', 'pay_now'];
  const { answerTo } = await openShopPage(t, { categories });
  for (const name of ['card', 'direct_bank_transfer', 'direct_debit', 'pay_in_parts']) {
    const load = `Klarna.Payments.load({ container: "#klarna", payment_method_category: "${name}" }, note)`;
    // Known to the script; the session does not have it.
    t.strictSame(await answerTo(call(load)), { show_form: false }, name);
  }
  const methods = ['base_account', 'deferred_interest', 'direct_bank_transfer', 'direct_debit', 'fixed_amount'];
  for (const name of [...methods, 'invoice', 'b2b_invoice', 'pix']) {
    const load = `Klarna.Payments.load({ container: "#klarna", preferred_payment_method: "${name}" }, note)`;
    t.strictSame(await answerTo(call(load)), { show_form: true }, name);
  }
});

t.test('a preferred method that is none is told by name, and only for sessions of payments', async (t) => {
  const { run, url } = await openShopPage(t);
  const load = 'Klarna.Payments.load({ container: "#klarna", preferred_payment_method: "cash" }, note)';
  t.strictSame(await run(call(load)), [
    ['answer', { show_form: false }],
    ['thrown', 'PreferredPaymentMethodNotSupportedError', 'This preferred payment method is not supported: cash'],
  ]);
  const credit = tokenOf({ base_url: `${url}/kp`, session_id: 's', session_type: 'CREDIT' });
  const other = `Klarna.Payments.init({ client_token: '${credit}' })`;
  const log = await run(
    `(note) => { ${other}; Klarna.Payments.load({ container: '#klarna', payment_method_category: 'gold' }, note) }`,
  );
  t.notOk(
    log.some(([what]) => what === 'thrown'),
    'no category is checked for another type',
  );
});

t.test('frames have the name of the instance, of the category, or of the type of session', async (t) => {
  const { page, run, settled, url } = await openShopPage(t);
  await run(call('Klarna.Payments.load({ container: "#klarna", instance_id: "Left_1" }, note)'));
  await settled();
  await page.locator('#klarna-left-1-fullscreen').waitFor({ state: 'attached' });
  t.equal(await page.locator('#klarna-left-1-fullscreen').getAttribute('name'), 'klarna-left-1-fullscreen');
  t.equal(await page.locator('#klarna-left-1-main').getAttribute('name'), 'klarna-left-1-main');
  const bare = tokenOf({ base_url: `${url}/kp`, session_id: 's' });
  await run(`(note) => {
    Klarna.Credit.init({ client_token: '${bare}' });
    Klarna.Credit.load({ container: '#klarna' }, note);
  }`);
  t.equal(await page.locator('#klarna-credit-main').getAttribute('name'), 'klarna-credit-main');
});

t.test('load tells of fields that can be mended, and of a shopper whom nothing is shown', async (t) => {
  const { answerTo } = await openShopPage(t);
  const load = (email: string) =>
    call(`Klarna.Payments.load({ container: '#klarna' },
      { billing_address: { country: 'SE', email: ${JSON.stringify(email)} } }, note)`);
  t.strictSame(await answerTo(load('no address')), {
    show_form: true,
    error: { invalid_fields: ['billing_address.email'] },
  });
  t.strictSame(await answerTo(load('customer+se+red@klarna.com')), { show_form: false });
});

t.test('a window is 500 wide and 700 high, and its approval has a token and nothing to finalize', async (t) => {
  const { page, settled } = await openShopPage(t, { attributes: 'data-popup', body: '<button id="buy">Buy</button>' });
  await page.evaluate(`
    window.opened = [];
    const open = window.open.bind(window);
    window.open = (url, name, features) => { opened.push(features); return open(url, name, features) };
    buy.addEventListener('click', () => run(${call('Klarna.Payments.authorize({}, {}, note)')}))`);
  const opening = page.waitForEvent('popup');
  await page.click('#buy');
  const popup = await opening;
  await popup.locator('#invoice_kp-purchase-approval-form-continue-button').click();
  t.match((await settled())[0], { 0: 'answer', 1: { ...APPROVED, finalize_required: false } });
  const [features] = (await page.evaluate('opened')) as string[];
  t.match(features, /width=500\b/);
  t.match(features, /height=700\b/);
});

t.test('authorize takes several categories, as texts and as the session has them', async (t) => {
  const { answerTo, run } = await scripted(t, { result: 'approved' });
  const session = JSON.stringify([{ identifier: 'klarna', name: 'Pay with Klarna', asset_urls: {} }]);
  for (const categories of ['["klarna"]', session]) {
    const given = `{ payment_method_categories: ${categories}, instance_id: 'one' }`;
    t.match(await answerTo(call(`Klarna.Payments.authorize(${given}, {}, note)`)), APPROVED, categories);
  }
  const wrong = await run(
    call('Klarna.Payments.authorize({ payment_method_categories: ["gold"], instance_id: "one" }, note)'),
  );
  t.strictSame(wrong[0], ['answer', { show_form: false, approved: false }]);
  t.equal(wrong[1]?.[1], 'PaymentMethodCategoryNotSupportedError');
});

t.test('a strict authorize finds the instance that was loaded', async (t) => {
  const { run, settled, answerTo } = await scripted(t, { result: 'approved' }, { attributes: 'data-strict' });
  await run(call('Klarna.Payments.load({ container: "#klarna", instance_id: "one" }, note)'));
  await settled();
  t.match(await answerTo('(note) => Klarna.Payments.authorize({ instance_id: "one" }, {}, note)'), APPROVED);
});

t.test('reauthorize and finalize that come to nothing say why', async (t) => {
  const { run, answerTo, choose } = await scripted(t, { result: 'approved' });
  for (const verb of ['reauthorize', 'finalize']) {
    const wrong = await run(call(`Klarna.Payments.${verb}({ instance_id: 'a b' }, note)`));
    t.strictSame(wrong[0], ['answer', { show_form: false, approved: false }]);
    t.equal(wrong[1]?.[1], 'InvalidInstanceIDError');
  }
  await answerTo(call('Klarna.Payments.authorize({}, {}, note)'));
  const again = '(note) => Klarna.Payments.reauthorize({}, {}, note)';
  await choose({ result: 'denied' });
  t.match(await answerTo(again), { approved: false, show_form: false });
  await choose({ result: 'fix_required', invalid_fields: ['billing_address.phone'] });
  t.match(await answerTo(again), { approved: false, show_form: true, error: Object });
  const mended = `(note) => Klarna.Payments.finalize({}, { billing_address: { country: 'SE', email: 'none' } }, note)`;
  await choose({ result: 'finalize_required' });
  await answerTo('(note) => Klarna.Payments.authorize({}, {}, note)');
  t.strictSame(await answerTo(mended), {
    approved: false,
    show_form: true,
    error: { invalid_fields: ['billing_address.email'] },
  });
});

t.test('the review of a payment is 80 pixels high at first, in the United States alone, after an init', async (t) => {
  const american = await openShopPage(t, { purchase: usualPurchase('US') });
  const review = 'Klarna.Payments.loadPaymentReview({ container: "#klarna" }, note)';
  t.equal((await american.run(`(note) => ${review}`)).at(-1)?.[0], 'thrown', 'before init');
  await american.run(call(review));
  const height = `document.querySelector('#klarna-payment-review-main').style.height`;
  t.equal(await american.page.evaluate(`run(${call(review)}); ${height}`), '80px', 'at first');
  t.strictSame(await american.answer(), { show_form: true });
});

t.test('off takes one handler of an event away, or all of them', async (t) => {
  const { page, run, settled } = await openShopPage(t);
  await page.evaluate(`
    window.seen = [];
    window.one = () => seen.push('one');
    Klarna.Payments.on('heightChanged', one);
    Klarna.Payments.on('heightChanged', () => seen.push('two'));
    Klarna.Payments.on('fullscreenOverlayShown', () => seen.push('shown'));
    Klarna.Payments.off('heightChanged', one);
    Klarna.Payments.off('fullscreenOverlayShown')`);
  await run(call('Klarna.Payments.load({ container: "#klarna" }, note)'));
  await settled();
  const seen = (await page.evaluate('seen')) as string[];
  t.ok(seen.length > 0 && seen.every((each) => each === 'two'), seen.join());
});

t.test('a button has each theme and shape', async (t) => {
  const { page, run } = await openShopPage(t);
  for (const [theme, shape] of [
    ['default', 'default'],
    ['light', 'rect'],
    ['dark', 'pill'],
    ['outlined', 'pill'],
  ]) {
    await run(`(note) => Klarna.Payments.Buttons.init({ client_id: 'boots', integrator: { name: 'x' }, originators: [] })
      .load({ container: '#klarna', theme: '${theme}', shape: '${shape}' }, note)`);
    await page.waitForFunction('log.length > 0');
    t.equal(await page.evaluate(`klarna.shadowRoot.querySelector('button').dataset.theme`), theme);
  }
});

t.test('a button of an open session authorizes by itself, in one step, with the address', async (t) => {
  const { page, run, answer, purchasePage, session_id } = await openShopPage(t);
  await page.evaluate(`
    window.button = Klarna.Payments.Buttons.init({ client_token: token });
    button.load({ container: '#klarna' }, () => {})`);
  await run('(note) => button.authorize({ collect_shipping_address: true }, {}, note)');
  await purchasePage.locator('#shipping-city').fill('Visby');
  await purchasePage.locator('#onContinue').click();
  await purchasePage.locator('#otp_field').fill('123456');
  await purchasePage.locator('#onContinue').click();
  const given = await answer();
  t.match(given, { ...APPROVED, finalize_required: false });
  t.match(given.collected_shipping_address, {
    city: 'Visby',
    country: 'SE',
    given_name: String,
    family_name: String,
    street_address: String,
    postal_code: String,
  });
  const [, claims = ''] = ((await page.evaluate('token')) as string).split('.');
  t.equal(JSON.parse(Buffer.from(claims, 'base64url').toString()).session_id, session_id);
});

t.test('after a button a page may load before it finalizes', async (t) => {
  const { page, run, settled, answer, answerTo } = await scripted(t, { result: 'approved' });
  await run(`(note) => {
    window.button = Klarna.Payments.Buttons.init({ client_id: 'boots' });
    button.authorize({ auto_finalize: false }, ${ORDER}, note);
  }`);
  const { client_token } = await answer();
  await page.evaluate(`window.token = ${JSON.stringify(client_token)}`);
  await run(call('Klarna.Payments.load({ container: "#klarna" }, note)'));
  await settled();
  t.match(await answerTo(`(note) => Klarna.Payments.finalize({}, ${ORDER}, note)`), APPROVED);
});

t.test('reauthorize works in a frame that nobody sees, and is answered where that never comes', async (t) => {
  const { page, run, settled, answerTo, url } = await scripted(t, { result: 'approved' });
  await answerTo(call('Klarna.Payments.authorize({}, {}, note)'));
  let release = () => {};
  const inTurn = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(`${url}/kp/frames/purchase`, async (route) => {
    await inTurn;
    await route.continue();
  });
  await run('(note) => Klarna.Payments.reauthorize({}, {}, note)');
  await page.locator('body > iframe').waitFor({ state: 'attached' });
  t.equal(await page.locator('body > iframe').isVisible(), false);
  release();
  t.match((await settled())[0], { 0: 'answer', 1: APPROVED });

  await page.unroute(`${url}/kp/frames/purchase`);
  await page.route(`${url}/kp/frames/**`, (route) => route.abort());
  await page.evaluate('window.open = () => null');
  await stopClock(page);
  await run('(note) => Klarna.Payments.finalize({}, {}, note)');
  await page.clock.fastForward(9_000);
  t.strictSame(await page.evaluate('log'), [], 'not yet');
  await page.clock.fastForward(30_000);
  t.strictSame(await settled(), [['answer', { show_form: false, approved: false }]]);
});
