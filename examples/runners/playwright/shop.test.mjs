import { test as base, expect } from '@playwright/test';
import { startSandbox } from 'mock-klarna';
import { makeShop } from '../shop.cjs';

const test = base.extend({
  klarna: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names that a fixture takes
    async ({}, use) => {
      const klarna = await startSandbox(); // on a free port, and ready
      await use(klarna);
      await klarna.close();
    },
    { scope: 'worker' },
  ],
  shop: async ({ klarna }, use) => {
    await klarna.reset();
    await use(makeShop({ klarna: klarna.url, ...klarna.credentials }));
  },
});

const thanks = 'https://boots.example/thanks';

test.beforeEach(({ page }) => page.route(`${thanks}*`, (route) => route.fulfill({ body: 'Thank you' })));

test('the shopper pays on the hosted page', async ({ shop, page }) => {
  await page.goto(await shop.beginOnHostedPage(thanks));
  await page.locator('#onContinue').click();
  await page.locator('#otp_field').fill('123456');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Thank you')).toBeVisible();
});

test('Klarna declines the shopper', async ({ klarna, shop, page }) => {
  await klarna.scenario.choose('declines/shopper-denied');
  await page.goto(await shop.beginOnHostedPage(thanks));
  await expect(page.locator('#status')).toHaveText('FAILED');
});
