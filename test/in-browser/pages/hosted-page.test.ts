import { control } from '../../../src/client/control.js';
import { makeSession } from '../../../src/client/states.js';
import t, { type Test } from '../../tap.js';
import { openPage, sandbox, shopPage } from '../browser.js';
import { findings, isTooWide, looks } from '../look.js';

/** Opens the hosted page of a new session; without addresses of the shop unless they are given. */
async function opened(t: Test, { merchant_urls = {}, options = {}, scenario }: Record<string, any> = {}) {
  const { url, merchant, target } = await sandbox(t);
  if (scenario) await merchant.scenario.choose(scenario);
  const payment_session_url = `${target.url}/payments/v1/sessions/${await makeSession(target)}`;
  const body = { payment_session_url, merchant_urls, options };
  const id = (await control(target, 'createHostedSession', { body })).session_id;
  const shown = await openPage(t);
  const address = `${url}/hpp/payments/${id}`;
  await shown.page.goto(address);
  const button = (name: string) => shown.page.getByRole('button', { name, exact: true });
  const status = () => shown.page.locator('#status').textContent();
  return { ...shown, url, address, id, merchant, button, status };
}

/** Addresses of a shop whose every page answers. */
async function shopUrls(t: Test) {
  const shop = await shopPage(t, '<!doctype html><title>Shop</title><h1>Shop</h1>');
  const at = (path: string) => `${shop}${path}?page={{session_id}}`;
  return { success: at('success'), failure: at('failure'), cancel: at('cancel'), back: at('back') };
}

t.test('the shopper pays, and the browser goes on to the shop', async (t) => {
  const merchant_urls = await shopUrls(t);
  const { page, id, status, errors, strangers } = await opened(t, {
    merchant_urls,
    options: { purchase_type: 'SUBSCRIBE', page_title: 'Your boots' },
  });
  await page.locator('#phone').waitFor();
  t.equal(await status(), 'IN_PROGRESS');
  t.equal(await page.locator('h1').textContent(), 'Your boots');
  t.equal(await page.locator('#onContinue').textContent(), 'Subscribe');
  await page.locator('#onContinue').click();
  await page.locator('#otp_field').fill('123456');
  await page.keyboard.press('Enter');
  await page.waitForURL(merchant_urls.success.replace('{{session_id}}', id));
  t.strictSame([errors, strangers], [[], []]);
});

t.test('the other ends lead where the shop says', async (t) => {
  const merchant_urls = await shopUrls(t);
  for (const [name, place] of [
    ['Decline', 'failure'],
    ['Go back', 'back'],
    ['Cancel', 'cancel'],
  ] as const) {
    const { page, id, address, button } = await opened(t, { merchant_urls });
    await button(name).click();
    await page.waitForURL(merchant_urls[place].replace('{{session_id}}', id));
    await page.goto(address);
    if (name === 'Cancel') await page.getByText('This page is CANCELLED').waitFor();
    else await page.locator('#phone').waitFor();
  }
});

t.test('where the shop named no address the page says so, and how it stands', async (t) => {
  const { page, button, status } = await opened(t);
  await button('Decline').click();
  await page.getByText('The shop named no address to go on to.').waitFor();
  t.equal(await status(), 'FAILED');
  await button('Approve without a code').click();
  await page.getByText('Approved', { exact: true }).waitFor();
  t.equal(await status(), 'COMPLETED');
  t.equal(await page.locator('#onContinue').count(), 0);
  await page.reload();
  await page.getByText('Nothing is left to pay here').waitFor();
});

t.test('it follows what happens elsewhere, and the time', async (t) => {
  const { page, merchant, id } = await opened(t, { merchant_urls: await shopUrls(t) });
  await page.locator('#phone').waitFor();
  await merchant.completeHostedSession(id);
  await page.getByText('This page is COMPLETED').waitFor();
  t.equal(await page.getByRole('link').count(), 1, 'the way to the shop');
  const late = await opened(t);
  await late.page.locator('#phone').waitFor();
  await late.merchant.clock.advance('PT47H');
  await late.page.getByText('This page is TIMEOUT').waitFor();
});

t.test('a scenario’s shopper needs no click', async (t) => {
  const merchant_urls = await shopUrls(t);
  const scenario = { title: 'Refused', evidence: 'inferred', shopper: { result: 'denied' } };
  const { page, id } = await opened(t, { merchant_urls, scenario });
  await page.waitForURL(merchant_urls.failure.replace('{{session_id}}', id));
});

t.test('the link is handed out, with its QR code', async (t) => {
  const { page, url, address, id, context, strangers } = await opened(t);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${url}/hpp/distributions/${id}`);
  await page.getByRole('button', { name: 'Copy the link' }).click();
  await page.getByText('Copied.').waitFor();
  t.equal(await page.evaluate('navigator.clipboard.readText()'), address);
  t.equal(await page.evaluate('document.querySelector("img").naturalWidth > 0'), true, 'it is a picture');
  t.strictSame([await findings(page), strangers], [[], []]);
});

t.test('axe finds nothing, and nothing is too wide, in any size and colour', async (t) => {
  const { page, button, url } = await opened(t, { options: { logo_url: `https://boots.example/${'x'.repeat(200)}` } });
  await page.locator('#phone').waitFor();
  for (const { viewport, colorScheme } of looks) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    t.strictSame([await findings(page), await isTooWide(page)], [[], false], `${viewport.width} ${colorScheme}`);
  }
  await button('Decline').click();
  await page.getByText('Declined').first().waitFor();
  t.strictSame(await findings(page), [], 'declined');
  await button('Approve without a code').click();
  await page.getByText('Approved', { exact: true }).waitFor();
  t.strictSame(await findings(page), [], 'paid');
  await page.goto(`${url}/hpp/payments/nobody`);
  t.strictSame(await findings(page), [], 'not found');
  await page.goto(`${url}/kp/frames/purchase`);
  await page.getByText('This page belongs to a shop').waitFor();
  t.strictSame(await findings(page), [], 'alone');
});
