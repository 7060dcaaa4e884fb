import t from '../tap.js';
import { openPage, sandbox } from './browser.js';
import { isTooWide, looks } from './look.js';

t.test('the documentation page runs under its policy: operations are shown, and can be tried', async (t) => {
  const { url } = await sandbox(t);
  const { page, errors, lines, strangers } = await openPage(t);
  await page.goto(`${url}/docs`);
  await page.locator('.opblock').first().waitFor();
  await page.locator('.topbar-wrapper a').first().waitFor();
  const name = await page
    .locator('.topbar-wrapper a')
    .first()
    .evaluate((link) => getComputedStyle(link, '::before').content);
  t.equal(name, '"mock-klarna"', 'our style applies');
  t.equal(
    await page.evaluate(async () => (await fetch('/sandbox/v1/health')).status),
    200,
    'what it shows can be tried',
  );
  t.strictSame(errors, []);
  t.strictSame(
    lines.filter((line) => /Content Security Policy|Refused/i.test(line)),
    [],
  );
  t.strictSame(strangers, []);
});

t.test('evidence stands in words, with a link to its grade and to its source', async (t) => {
  const { url } = await sandbox(t);
  for (const look of looks) {
    const { page, errors } = await openPage(t, look);
    await page.goto(`${url}/docs`);
    const operation = page.locator('.opblock', { hasText: '/payments/v1/sessions' }).first();
    await operation.click();
    const said = operation.locator('.opblock-description p', { hasText: 'Evidence' });
    t.match(await said.textContent(), /^Evidence: recorded – Playground recordings of 2021 in nebulab\/klarna_proxy/);
    t.strictSame(
      await said.locator('a').evaluateAll((links) => links.map((each) => (each as HTMLAnchorElement).href)),
      [
        `${url}/docs/evidence#recorded`,
        'https://github.com/nebulab/klarna_proxy',
        'https://github.com/solidusio-contrib/solidus_klarna_payments',
      ],
    );
    await operation.locator('.responses-table').waitFor();
    t.ok((await operation.locator('.responses-table p', { hasText: 'Evidence' }).count()) > 3, 'so do answers');
    t.notMatch(await page.locator('#swagger-ui').textContent(), 'x-evidence');
    t.notOk(await isTooWide(page), `${look.viewport.width} ${look.colorScheme}`);
    t.strictSame(errors, []);
  }
});
