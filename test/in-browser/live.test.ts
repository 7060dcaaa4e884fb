import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { playGiven } from '../../src/replay/replay.js';
import { startServer } from '../../src/server/start.js';
import t from '../tap.js';
import { openPage, sandbox } from './browser.js';

const purchase = {
  purchase_country: 'SE',
  purchase_currency: 'SEK',
  order_amount: 10000,
  merchant_reference1: 'SHOP-1001',
  order_lines: [{ name: 'Boots', quantity: 1, unit_price: 10000, total_amount: 10000 }],
};

const authorization = `Basic ${Buffer.from('boots:secret').toString('base64')}`;

/** Calls one of Klarna's APIs as a shop does. */
async function ask(url: string, path: string, body: object = {}) {
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return text === '' ? {} : JSON.parse(text);
}

/** Buys by a card in four payments, with a customer token. */
async function buy(url: string) {
  const intent = 'buy_and_default_tokenize';
  const { session_id } = await ask(url, '/payments/v1/sessions', { ...purchase, intent });
  const { authorization_token } = await ask(url, `/sandbox/v1/sessions/${session_id}/authorize`, {
    payment_option: 'pay_in_4',
  });
  const of = `/payments/v1/authorizations/${authorization_token}`;
  await ask(url, `${of}/customer-token`, { description: 'Care', intended_use: 'SUBSCRIPTION' });
  const { order_id } = await ask(url, `${of}/order`, purchase);
  return { session_id, order_id };
}

t.test('a first visit shows what fills the page, and what happens then shows at once', async (t) => {
  const { url } = await sandbox(t);
  const { page, errors, lines, strangers } = await openPage(t);
  await page.goto(`${url}/?merchant=boots`);
  await page.getByText('Nothing has happened yet').waitFor();
  await ask(url, '/payments/v1/sessions', {
    ...purchase,
    order_amount: 1,
    merchant_data: '<script>window.bad = 1</script>\u202e',
  });
  await page.getByRole('option').filter({ hasText: 'createSession' }).click();
  await page.locator('.detail .notice', { hasText: 'order_amount: given 1, expected 10000' }).waitFor();
  await page.getByText('The order_amount is the sum of the lines').waitFor();
  t.match(await page.textContent('.message .body'), /<script>window\.bad = 1<\/script>\\u202e/);
  t.equal(await page.evaluate(() => 'bad' in globalThis), false);
  await page.getByRole('searchbox').fill('op:createOrder');
  await page.getByText('No exchange has').waitFor();
  await page.getByRole('searchbox').fill('status:4xx');
  t.equal(await page.getByRole('option').count(), 1);
  t.strictSame([errors, lines.filter((line) => line.startsWith('error')), strangers], [[], [], []]);
});

t.test('a purchase is one time line, with what was tokenized and why', async (t) => {
  const { url, merchant } = await sandbox(t, { seed: 'line' });
  const { page, errors } = await openPage(t);
  const { session_id, order_id } = await buy(url);
  await page.goto(`${url}/?merchant=boots#purchases/${session_id}`);
  await page.getByText('keeps what backs the purchase, whatever option was chosen').waitFor();
  await ask(url, `/ordermanagement/v1/orders/${order_id}/captures`, { captured_amount: 4000 });
  await page.getByText('capture of SEK 40.00').waitFor();
  await page.getByRole('button', { name: 'Have the next charge fail' }).click();
  await page.getByText('The next charge is refused with PAYMENT_METHOD_FAILED').waitFor();
  await page.getByRole('link', { name: 'Clock', exact: true }).click();
  await page.getByRole('button', { name: 'a month' }).click();
  await page.getByText('2026-02-01 12:00:00').waitFor();
  t.match(await merchant.clock.now(), /^2026-02-01/);
  t.strictSame(errors, []);
});

t.test('a scenario is chosen, edited and played', async (t) => {
  const { url, merchant } = await sandbox(t, { seed: 'scenario', play: playGiven });
  const { page, errors, lines } = await openPage(t);
  await page.goto(`${url}/?merchant=boots#scenario`);
  // All of them are read when somebody first asks.
  await page.getByText(/^\d+ of \d+$/).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Choose declines/charge-failed', exact: true }).click();
  await page.getByRole('cell', { name: 'createCustomerTokenOrder' }).waitFor();
  t.equal((await merchant.scenario.progress()).name, 'declines/charge-failed');
  await page.getByRole('button', { name: 'Edit declines/charge-failed', exact: true }).click();
  const text = page.getByRole('textbox', { name: 'Scenario file' });
  await text.waitFor();
  await page.getByText('It can be used.').waitFor();
  await page.getByRole('button', { name: 'Play its steps' }).click();
  await page.getByText('declines/charge-failed passed').waitFor({ timeout: 60_000 });
  const write = async (words: string) => {
    await text.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.type(words);
  };
  await write('titel: Nobody pays');
  await page.getByText(/mistakes?: line 1/).waitFor();
  t.equal(await page.getByRole('button', { name: 'Have it in force' }).isDisabled(), true);
  await write('ma');
  await page.keyboard.press('Control+Space');
  await page.getByRole('option', { name: /^market/ }).waitFor();
  t.strictSame([errors, lines.filter((line) => /Content Security Policy/.test(line))], [[], []]);
});

t.test('a sandbox that was started anew is found again, without loading the page', async (t) => {
  const first = await startServer({ port: 0 });
  const port = Number(new URL(first.url).port);
  const { page, errors } = await openPage(t);
  await page.goto(`http://localhost:${port}/?merchant=boots`);
  for (let n = 0; n < 3; n++) await ask(first.url, '/payments/v1/sessions', purchase);
  await page.getByRole('option').nth(2).waitFor();
  await first.close();
  await page.getByText('not connected, trying again').waitFor();
  const again = await startServer({ port });
  t.teardown(() => again.close());
  await page.getByText('Nothing has happened yet').waitFor({ timeout: 30_000 });
  await ask(again.url, '/payments/v1/sessions', purchase);
  await page.getByRole('option').waitFor();
  t.equal(await page.getByRole('option').count(), 1, 'what the one before had is gone');
  t.strictSame(errors, []);
});

t.test('a locked sandbox asks for the password once', async (t) => {
  const { url } = await sandbox(t, { merchants: [{ username: 'boots', password: 'winter' }] });
  const { page, errors } = await openPage(t);
  await page.goto(`${url}/?merchant=boots`);
  await page.getByLabel('Password or admin token').fill('summer');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByText('it is neither the password of "boots" nor the admin token').waitFor();
  await page.getByLabel('Password or admin token').fill('winter');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByText('Nothing has happened yet').waitFor();
  await page.reload();
  await page.getByText('Nothing has happened yet').waitFor();
  await page.getByText('1 request turned away, and in no journal').waitFor();
  await page.getByRole('button', { name: 'Seen' }).click();
  t.equal(await page.getByText('in no journal').count(), 0);
  await fetch(`${url}/payments/v1/sessions`, { method: 'POST', headers: { authorization } });
  await page.getByText('Authorization: user name boots with credentials nobody has').waitFor();
  t.strictSame(errors, []);
});

t.test('an exchange and its callback lead to each other by the number', async (t) => {
  const { url } = await sandbox(t, { seed: 'callbacks' });
  const { page, errors } = await openPage(t);
  const merchant_urls = { authorization: 'https://shop.test/authorization' };
  const { session_id } = await ask(url, '/payments/v1/sessions', { ...purchase, merchant_urls });
  await ask(url, `/sandbox/v1/sessions/${session_id}/authorize`, {});
  await page.goto(`${url}/?merchant=boots#callbacks`);
  await page.getByRole('link', { name: 'caused by #2' }).click();
  await page.getByRole('article', { name: 'Exchange 2' }).waitFor();
  await page.getByText('exchange #2, ').waitFor();
  await page.locator('.detail').getByText('allow it with --allow-callbacks shop.test').waitFor();
  await page.getByRole('option').filter({ hasText: '#1' }).waitFor();
  t.strictSame(errors, []);
});

t.test(
  'every view is for everybody: no finding of axe, nothing wider than a phone, and keys alone move through the journal',
  async (t) => {
    const { url } = await sandbox(t);
    const { session_id } = await buy(url);
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await openPage(t, { bypassCSP: true, colorScheme });
      for (const view of [
        'journal',
        'journal/2',
        `purchases/${session_id}`,
        'callbacks',
        'clock',
        'scenario',
        'report',
      ]) {
        await page.goto(`${url}/?merchant=boots#${view}`);
        await page.reload();
        await page.locator('main :is(h2, p, .windowed)').first().waitFor();
        await page.waitForTimeout(500);
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { violations } = await (globalThis as any).axe.run();
          return violations.map(
            ({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`,
          );
        });
        t.strictSame(found, [], `${view}, ${colorScheme}`);
        await page.setViewportSize({ width: 360, height: 740 });
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        t.ok(Number(over) <= 0, `${view} is no wider than 360 px`);
        await page.setViewportSize({ width: 1600, height: 900 });
      }
      await page.goto(`${url}/?merchant=boots#journal`);
      await page.getByRole('listbox').focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('article', { name: 'Exchange 4' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('article', { name: 'Exchange 3' }).waitFor();
    }
  },
);
