/**
 * Takes the pictures of docs/pictures/ from what is built: npm run screenshots. With a folder as argument, every page in
 * every state, light and dark, wide and narrow, to look at before a change of the pages is called done.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { lacking, launch } from './browser/chromium.js';

const none = lacking();
if (none) {
  console.error(none);
  process.exit(1);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const [given] = process.argv.slice(2);
const folder = given === undefined ? join(root, 'docs/pictures') : resolve(given);
mkdirSync(folder, { recursive: true });
const ours = (path) => import(new URL(`../${path}`, import.meta.url).href);
const { startSandbox } = await ours('dist/index.js');
const { makeShop } = await ours('examples/shop/shop.js');

/** @type {({ name: string } & import('playwright-core').BrowserContextOptions)[]} */
const LOOKS = given
  ? [
      { name: 'light-wide', colorScheme: 'light', viewport: { width: 1600, height: 1000 } },
      { name: 'dark-wide', colorScheme: 'dark', viewport: { width: 1600, height: 1000 } },
      { name: 'light-narrow', colorScheme: 'light', viewport: { width: 360, height: 740 } },
      { name: 'dark-narrow', colorScheme: 'dark', viewport: { width: 360, height: 740 } },
    ]
  : [{ name: '', colorScheme: 'light', viewport: { width: 1100, height: 760 } }];

const server = await launch();
const browser = await chromium.connect(server.wsEndpoint());

/** A sandbox with the example shop, whose clock and ids are the same each time. */
async function open() {
  const sandbox = await startSandbox({ seed: 'pictures', merchant: 'boot-shop' });
  const shop = makeShop({ klarna: sandbox.url, ...sandbox.credentials });
  await shop.listen({ port: 0, host: '127.0.0.1' });
  const { port } = shop.server.address();
  return {
    sandbox,
    shop: `http://localhost:${port}/`,
    live: `${sandbox.url.replace('127.0.0.1', 'localhost')}/`,
    close: async () => {
      await shop.close();
      await sandbox.close();
    },
  };
}

async function checkOut(page, { shop }) {
  await page.goto(shop);
  await page.click('#checkout');
  await page.click('#buy');
}

/** The pictures: what is done before each, by its name. */
const SCENES = {
  shop: async (page, { shop }) => {
    await page.goto(shop);
    await page.click('#checkout');
    await page.locator('#buy').waitFor();
    await page.waitForTimeout(500);
  },
  purchase: async (page, place) => {
    await checkOut(page, place);
    await page.frameLocator('#klarna-apf-iframe').locator('#onContinue').waitFor();
  },
  live: async (page, place) => {
    const { live, sandbox } = place;
    await sandbox.scenario.choose('mixed-payments/pay-in-4-by-card');
    await checkOut(page, place);
    await page.getByText('The care will be charged by').waitFor();
    await page.click('#month');
    await page.getByText('now.').waitFor();
    await page.click('#renew');
    await page.getByText('Charged:').waitFor();
    await page.goto(live);
    await page.getByLabel('Merchant').fill('boot-shop');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(1500);
  },
  ...(given && {
    'live-empty': async (page, { live }) => {
      await page.goto(live);
      await page.waitForTimeout(1000);
    },
    documentation: async (page, { live }) => {
      await page.goto(`${live}docs`);
      await page.locator('.opblock').first().click();
      await page.getByText('Evidence').first().waitFor();
    },
    'documentation-answers': async (page, { live }) => {
      await page.goto(`${live}docs`);
      await page.locator('.opblock').first().click();
      await page.locator('.responses-table').first().scrollIntoViewIfNeeded();
      await page.waitForTimeout(500);
    },
    grades: async (page, { live }) => {
      await page.goto(`${live}docs/evidence`);
    },
    code: async (page, place) => {
      await checkOut(page, place);
      const klarna = page.frameLocator('#klarna-apf-iframe');
      await klarna.locator('#onContinue').click();
      await klarna.locator('#otp_field').fill('999999');
      await klarna.locator('#onContinue').click();
      await page.waitForTimeout(500);
    },
  }),
};

try {
  for (const [scene, act] of Object.entries(SCENES)) {
    for (const { name, ...look } of LOOKS) {
      const place = await open();
      const page = await browser.newPage(look);
      await act(page, place);
      await page.screenshot({ path: join(folder, `${scene}${name && `-${name}`}.png`) });
      await page.close();
      await place.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
