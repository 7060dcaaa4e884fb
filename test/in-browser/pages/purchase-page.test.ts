import t, { type Test } from '../../tap.js';
import { findings, isTooWide, looks } from '../look.js';
import { INIT, openShopPage, type ShopOptions } from '../sdk/shop-page.js';

/** Opens the purchase page over a shop by a call of authorize. */
async function opened(t: Test, options: ShopOptions = {}, authorize = '{}, {}') {
  const shop = await openShopPage(t, options);
  await shop.run(`(note) => { ${INIT}; Klarna.Payments.authorize(${authorize}, note); }`);
  const frame = () => {
    const found = shop.page.frames().find((each) => each.url().endsWith('/kp/frames/purchase'));
    if (!found) throw new Error('no purchase page');
    return found;
  };
  const { purchasePage: klarna } = shop;
  return { ...shop, klarna, frame, button: (name: string) => klarna.getByRole('button', { name, exact: true }).last() };
}

t.test('it says who pays, what for, and what will be tokenized by the choice', async (t) => {
  const { klarna, merchant, answer } = await opened(t, { purchase: { intent: 'buy_and_default_tokenize' } });
  await klarna.locator('#phone').waitFor();
  t.match(await klarna.locator('.card').textContent(), /boots.*Cart.*Total.*Who pays/s);
  const sentence = () => klarna.locator('#tokenizes').textContent();
  t.match(await sentence(), /keep the card VISA/);
  await klarna.locator("[value='pay_later']").check();
  t.match(await sentence(), /Pay Later in 30 days is kept/);
  await klarna.locator('#invoice_kp-purchase-approval-form-continue-button').click();
  t.match(await answer(), { approved: true });
  const [exchange] = await merchant.journal.exchanges({ operation: 'authorizePurchase' });
  t.match(JSON.stringify(exchange), 'pay_later', 'what was chosen is what was sent');
});

t.test('a suite that fills phone and code and continues ends approved', async (t) => {
  const { klarna, answer, errors, strangers } = await opened(t);
  await klarna.locator('#collectPhonePurchaseFlow').waitFor();
  await klarna.locator('#phone').fill('0701740615');
  await klarna.locator('#onContinue[data-testid="kaf-button"]').click();
  await klarna.locator('#phoneOtp').waitFor();
  await klarna.locator('#otp_field').fill('999999');
  await klarna.locator('#onContinue').click();
  t.match(await klarna.getByRole('alert').textContent(), /999999 is wrong on purpose/);
  await klarna.locator('#otp_field').fill('123456');
  await klarna.locator('#onContinue').click();
  t.match(await answer(), { approved: true, show_form: true, authorization_token: String });
  t.strictSame([errors, strangers], [[], []]);
});

t.test('every end can be rehearsed', async (t) => {
  for (const [name, expected] of [
    ['Decline', { approved: false, show_form: false }],
    ['Close', { approved: false, show_form: true }],
    ['Finalize later', { approved: true, show_form: true, finalize_required: true }],
  ] as const) {
    const { button, answer } = await opened(t);
    await button(name).click();
    t.match(await answer(), expected, name);
  }
  const { klarna, button, answer } = await opened(t);
  await button('Correct fields…').click();
  await klarna.locator('[name="billing_address.email"]').uncheck();
  t.equal(await button('Have them corrected').isDisabled(), true, 'without a field');
  await klarna.locator('[name="customer.date_of_birth"]').check();
  await button('Have them corrected').click();
  t.matchLists(await answer(), { show_form: true, error: { invalid_fields: ['customer.date_of_birth'] } });
});

t.test('by the keyboard alone: the focus stays in the page, Escape closes it', async (t) => {
  const { page, klarna, frame, answer } = await opened(t);
  await klarna.locator('#phone').waitFor();
  const focused = () =>
    frame().evaluate('document.activeElement.id || document.activeElement.getAttribute("aria-label")');
  const stops: unknown[] = [];
  for (let step = 0; step < 14; step++) {
    await page.keyboard.press('Tab');
    stops.push(await focused());
  }
  t.equal(stops[0], 'Close');
  t.equal(stops.lastIndexOf('Close') > 5, true, `round and round: ${stops}`);
  t.equal(stops.includes('phone') && stops.includes('onContinue'), true);
  await klarna.locator('#phone').focus();
  await page.keyboard.press('Enter');
  await klarna.locator('#otp_field').waitFor();
  t.equal(await focused(), 'otp_field');
  await page.keyboard.press('Escape');
  t.match(await answer(), { approved: false, show_form: true });
});

t.test('what the shop sent is shown as text', async (t) => {
  const line = { quantity: 1, unit_price: 5000, total_amount: 5000 };
  const names = [`<img src=x onerror="alert(1)">${'x'.repeat(200)}`, 'مرحبا \u202e live 👢'];
  const { klarna, frame, page, errors } = await opened(t, {
    purchase: {
      order_amount: 10_000,
      order_tax_amount: 0,
      order_lines: names.map((name) => ({ ...line, name })),
    },
  });
  await klarna.locator('#phone').waitFor();
  t.strictSame(await klarna.locator('.cart li bdi').allTextContents(), names);
  await page.setViewportSize({ width: 360, height: 740 });
  t.equal(await isTooWide(frame()), false);
  t.strictSame(errors, []);
});

t.test('data of the call are shown; what the sandbox refuses is said, with the way back', async (t) => {
  const { klarna } = await opened(
    t,
    {},
    '{}, { order_amount: 700, order_tax_amount: 0, order_lines: [{ name: "Laces", quantity: 1, unit_price: 700, total_amount: 700 }] }',
  );
  await klarna.getByText('Laces').waitFor();
  const bad = await opened(t, {}, '{}, { order_amount: "many" }');
  await bad.klarna.getByText('refused as it stands').waitFor();
  t.match(await bad.klarna.getByRole('alert').textContent(), /order_amount.*Correct the data/s);
  await bad.button('Back to the shop').click();
  t.match(await bad.answer(), { approved: false, show_form: false });
});

t.test('a sandbox that is gone is said, and the shopper may try again', async (t) => {
  const { klarna, context, button, answer } = await opened(t);
  await klarna.locator('#phone').waitFor();
  await context.route('**/kp/v1/**', (route) => route.abort());
  await button('Approve without a code').click();
  await klarna.getByText('The sandbox does not answer').waitFor();
  await context.unroute('**/kp/v1/**');
  await button('Approve without a code').click();
  t.match(await answer(), { approved: true });
});

t.test('axe finds nothing, and nothing is too wide, in any size and colour', async (t) => {
  const { page, klarna, frame, button } = await opened(t);
  await klarna.locator('#phone').waitFor();
  for (const { viewport, colorScheme } of looks) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    t.strictSame(
      [await findings(frame()), await isTooWide(frame())],
      [[], false],
      `review ${viewport.width} ${colorScheme}`,
    );
  }
  await button('Correct fields…').click();
  t.strictSame(await findings(frame()), [], 'fields');
  await button('Back').click();
  await klarna.locator('#onContinue').click();
  await klarna.locator('#onContinue').click();
  await klarna.getByRole('alert').waitFor();
  t.strictSame(await findings(frame()), [], 'wrong code');
});
