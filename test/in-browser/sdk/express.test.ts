import { usualPurchase } from '../../../src/client/states.js';
import t from '../../tap.js';
import { openShopPage } from './shop-page.js';

const TOKEN = /^[-0-9a-f]{36}$/;
const ORDER = JSON.stringify(usualPurchase('SE'));

/** Draws a button for the merchant, whose click authorizes. */
const draw = (authorize: string, init = `{ client_id: 'boots' }`, look = '') => `(note) => {
  window.shown = [];
  Klarna.Payments.Buttons.init(${init}).load(
    { container: '#klarna', ${look} on_click: (authorize) => run((note) => { authorize(${authorize}) }) },
    (answer) => shown.push(answer)
  );
}`;

t.test('a button is drawn in the shadow root of the container, and can be used by keyboard', async (t) => {
  const { page, run, errors } = await openShopPage(t);
  await run(draw(`{}, ${ORDER}, note`, undefined, `theme: 'outlined', shape: 'pill', locale: 'sv-SE',`));
  await page.waitForFunction('shown.length > 0');
  t.strictSame(await page.evaluate('shown'), [{ show_form: true }]);
  const button = page.getByRole('button', { name: /Betala med Klarna/ });
  t.equal(await button.count(), 1);
  t.strictSame(
    await page.evaluate(`(() => {
      const button = klarna.shadowRoot.querySelector('button');
      const { borderRadius, color } = getComputedStyle(button);
      return [klarna.childElementCount, button.lang, button.dataset.theme, borderRadius, color];
    })()`),
    [0, 'sv', 'outlined', '999px', 'rgb(29, 29, 36)'],
  );
  await run(draw(`{}, ${ORDER}, note`));
  t.equal(await page.getByRole('button').count(), 1, 'a second load takes the place of the first');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('#klarna-apf-iframe').waitFor();
  t.strictSame(errors, []);
});

t.test('what is wrong with a button is said', async (t) => {
  const { run, lines } = await openShopPage(t);
  const init = (options: string) => run(`() => void Klarna.Payments.Buttons.init(${options})`);
  for (const options of ['', '{}', '{ client_id: 7 }', '{ client_id: "" }']) {
    t.equal((await init(options))[0]?.[1], 'TypeError', options);
  }
  for (const token of ['"x"', '"e30.e30.e30"']) {
    t.equal((await init(`{ client_token: ${token} }`))[0]?.[1], 'InvalidClientTokenError', token);
  }
  t.strictSame(
    (
      await run(`(note) => Klarna.Payments.Buttons.init({ client_id: 'boots' }).load({ container: '#none' }, note)`)
    ).map(([what, name]) => [what, what === 'answer' ? name : name]),
    [
      ['answer', { show_form: false }],
      ['thrown', 'InvalidContainerSelectorError'],
    ],
  );
  const said = lines.length;
  await run(
    `() => void Klarna.Payments.Buttons.init({ client_key: 'boots' }).load({ container: '#klarna', theme: 'pink' })`,
  );
  t.match(lines[said], /options\.theme is “pink”/);
});

t.test('one step: the answer has the token', async (t) => {
  const { page, run, answer, merchant } = await openShopPage(t);
  await merchant.scenario.choose({ title: 'Shopper', evidence: 'inferred', shopper: { result: 'approved' } });
  await run(draw(`{ collect_shipping_address: false }, ${ORDER}, note`));
  await page.getByRole('button').click();
  const { authorization_token: token, ...rest } = await answer();
  t.match(token, TOKEN);
  t.strictSame(rest, { approved: true, show_form: true, finalize_required: false });
});

t.test('several steps: the answer has what finalize needs, and the address that was collected', async (t) => {
  const { page, run, answer, purchasePage, readSession } = await openShopPage(t);
  await run(draw(`{ auto_finalize: false, collect_shipping_address: true }, ${ORDER}, note`));
  await page.getByRole('button').click();
  await purchasePage.locator('#shipping-city').fill('Visby');
  await purchasePage.locator('#onContinue').click();
  await purchasePage.locator('#otp_field').fill('123456');
  await purchasePage.locator('#onContinue').click();
  const first = await answer();
  t.match(first, {
    approved: true,
    show_form: true,
    finalize_required: true,
    client_token: /^[\w-]+\.[\w-]+\.[\w-]+$/,
    session_id: TOKEN,
    collected_shipping_address: { city: 'Visby' },
  });
  t.equal(first.payment_method_categories[0].identifier, 'klarna');
  t.notOk('authorization_token' in first);
  t.match(await readSession(first.session_id), { order_amount: 10_000 });

  await page.reload();
  await run(`(note) => {
    Klarna.Payments.init({ client_token: ${JSON.stringify(first.client_token)} });
    Klarna.Payments.finalize({}, ${ORDER}, note);
  }`);
  t.match(await answer(), {
    approved: true,
    show_form: true,
    authorization_token: TOKEN,
    collected_shipping_address: { city: 'Visby' },
  });
});

t.test('a button of an open session uses it', async (t) => {
  const { page, run, answer, merchant, session_id } = await openShopPage(t);
  await merchant.scenario.choose({ title: 'Shopper', evidence: 'inferred', shopper: { result: 'approved' } });
  await run(draw(`{ auto_finalize: false }, {}, note`, '{ client_token: token }'));
  await page.getByRole('button').click();
  const given = await answer();
  t.match(given, { approved: true, finalize_required: true, session_id });
  t.equal(given.payment_method_categories.length, 1);
});

t.test('an order that no session can be opened for, and a client nobody knows, are answered', async (t) => {
  const { page, run, settled, lines } = await openShopPage(t);
  for (const order of ['null', '{}', '{ purchase_country: "XX" }']) {
    await run(draw(`{}, ${order}, note`));
    await page.getByRole('button').click();
    t.strictSame(await settled(), [['answer', { finalize_required: false, show_form: false, approved: false }]], order);
    t.match(
      lines.at(-1),
      /mock-klarna: Klarna\.Payments\.authorize: the sandbox refused POST \/v1\/express-sessions: /,
    );
    t.equal(await page.locator('#klarna-apf-iframe').count(), 0);
  }
});

t.test('a second click while the first one runs is ignored', async (t) => {
  const { page, run, settled, purchasePage } = await openShopPage(t);
  await run(draw(`{}, ${ORDER}, note`));
  await page.getByRole('button').click();
  await purchasePage.locator('#onContinue').waitFor();
  await page.evaluate(`klarna.shadowRoot.querySelector('button').click()`);
  t.equal(await page.locator('#klarna-apf-iframe').count(), 1);
  await purchasePage.locator('[data-decision=close]').click();
  t.equal((await settled()).length, 1);
});
