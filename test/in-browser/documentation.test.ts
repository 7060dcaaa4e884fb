import t from '../tap.js';
import { openPage, sandbox } from './browser.js';

t.test('the documentation page runs under its policy: operations are shown, and can be tried', async (t) => {
  const { url } = await sandbox(t);
  const { page, errors, lines, strangers } = await openPage(t);
  await page.goto(`${url}/docs`);
  await page.locator('#operations-Sessions-createSession, .opblock').first().waitFor();
  await page.locator('.topbar-wrapper a').first().waitFor();
  const name = await page
    .locator('.topbar-wrapper a')
    .first()
    .evaluate((link) => getComputedStyle(link, '::before').content);
  t.equal(name, '"mock-klarna"', 'our style applies');
  await page.locator('.download-url-wrapper select').selectOption({ label: 'mock-klarna control API' });
  const health = page.locator('.opblock', { hasText: '/sandbox/v1/health' }).first();
  await health.locator('.opblock-summary-control').click();
  await health.getByRole('button', { name: 'Try it out' }).click();
  await health.getByRole('button', { name: 'Execute' }).click();
  await health.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
  t.strictSame(errors, []);
  t.strictSame(
    lines.filter((line) => /Content Security Policy|Refused/i.test(line)),
    [],
  );
  t.strictSame(strangers, []);
});
