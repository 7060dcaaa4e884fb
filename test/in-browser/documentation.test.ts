import t from '../tap.js';
import { openPage, sandbox } from './browser.js';

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
