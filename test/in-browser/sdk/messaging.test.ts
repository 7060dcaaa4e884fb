import t, { type Test } from '../../tap.js';
import { openPage, sandbox, shopPage } from '../browser.js';

const PLACEMENT =
  '<klarna-placement data-key="credit-promotion-badge" data-locale="sv-SE" data-purchase-amount="34900"></klarna-placement>';

async function open(t: Test, body: (url: string) => string) {
  const { url } = await sandbox(t);
  const opened = await openPage(t);
  await opened.page.goto(
    await shopPage(
      t,
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><body>${body(url)}</body></html>`,
    ),
  );
  const text = () => opened.page.locator('klarna-placement p').textContent();
  return { ...opened, url, text };
}

for (const script of ['/lib.js', '/web-sdk/v1/klarna.js']) {
  t.test(`${script} draws placements, and draws them anew when it is asked to`, async (t) => {
    const { page, text, errors, strangers } = await open(
      t,
      (url) => `${PLACEMENT}
<script>window.KlarnaOnsiteService = []; KlarnaOnsiteService.push({ eventName: 'refresh-placements' })</script>
<script src="${url}${script}" data-client-id="boots" data-environment="playground"></script>`,
    );
    t.match(await text(), /“credit-promotion-badge” for 349,00.kr, in Swedish \(Sweden\)/);
    const amount = (value: number) => `document.querySelector('klarna-placement').dataset.purchaseAmount = '${value}'`;
    await page.evaluate(amount(100));
    t.match(await text(), /349,00/, 'not before a refresh');
    await page.evaluate(`KlarnaOnsiteService.push({ eventName: 'refresh-placements' })`);
    t.match(await text(), /for 1,00/);
    await page.evaluate(amount(200));
    await page.evaluate('Klarna.OnsiteMessaging.refresh()');
    t.match(await text(), /for 2,00/);
    await page.evaluate(`document.body.append(document.querySelector('klarna-placement').cloneNode())`);
    t.equal(await page.locator('klarna-placement p').count(), 2, 'one that comes later is drawn as well');
    t.strictSame([errors, strangers], [[], []]);
  });
}

t.test('on-site messaging and payments get along on one page, in either order', async (t) => {
  for (const order of [
    ['/lib.js', '/kp/lib/v1/api.js'],
    ['/kp/lib/v1/api.js', '/web-sdk/v1/klarna.js'],
  ]) {
    const { page, errors } = await open(t, (url) =>
      order.map((path) => `<script src="${url}${path}"></script>`).join(''),
    );
    t.strictSame(await page.evaluate('[typeof Klarna.Payments.load, typeof Klarna.OnsiteMessaging.refresh]'), [
      'function',
      'function',
    ]);
    t.strictSame(errors, []);
  }
});

t.test('what a page gave a placement is shown as text', async (t) => {
  const { text, errors } = await open(
    t,
    (url) =>
      `<klarna-placement data-key="<img src=x onerror=boom()>" data-locale="!" data-purchase-amount="1e9"></klarna-placement><script src="${url}/lib.js"></script>`,
  );
  t.match(await text(), /“<img src=x onerror=boom\(\)>”, in English/);
  t.strictSame(errors, []);
});

t.test('version 1 of the Web SDK says of each call that it is not there yet', async (t) => {
  const { page, lines } = await open(
    t,
    (url) =>
      `<script>window.KlarnaSDKCallback = (klarna) => { window.given = klarna }</script><script src="${url}/web-sdk/v1/klarna.js"></script>`,
  );
  const thrown = (call: string) =>
    page.evaluate(`(() => { try { ${call} } catch (error) { return error.message } })()`);
  t.match(
    await thrown('given.Payment.request({})'),
    /^mock-klarna: Klarna\.Payment\.request\(\) is not there yet: .*docs\/guides\/browser-sdk\.md/,
  );
  t.match(await thrown('Klarna.Payment.button()'), /Klarna\.Payment\.button\(\) is not there yet/);
  t.ok(lines.some((line) => line.includes('info: mock-klarna: Klarna.Payment.request() is not there yet')));
});

for (const [module, version] of [
  ['/web-sdk/v1/klarna.mjs', 'v1'],
  ['/web-sdk/v2/klarna.mjs', 'v2'],
]) {
  t.test(`${module} is a module that says the same`, async (t) => {
    const { page, lines, url } = await open(t, () => '<div id="here"></div>');
    const said = await page.evaluate(`(async () => {
      const { KlarnaSDK } = await import('${url}${module}');
      window.klarna = await KlarnaSDK({ clientId: 'boots', products: ['PAYMENT', 'MESSAGING'] });
      try { klarna.Payment.button({}).mount('#here') } catch (error) { return error.message }
    })()`);
    t.match(said, /Klarna\.Payment\.button\(\) is not there yet/);
    t.ok(lines.some((line) => line.includes(`the Web SDK ${version} is a stand-in`)));
  });
}

t.test('version 2 of the Web SDK mounts placements', async (t) => {
  const { page, text, url } = await open(t, () => '<div id="here"></div>');
  await page.evaluate(`(async () => {
    const { KlarnaSDK } = await import('${url}/web-sdk/v2/klarna.mjs');
    const klarna = await KlarnaSDK({ clientId: 'boots', products: ['MESSAGING'] });
    klarna.Messaging.placement({ key: 'top-strip-promotion-auto-size', amount: 5000, locale: 'de-DE', theme: 'dark' }).mount('#here');
  })()`);
  t.match(await text(), /“top-strip-promotion-auto-size” for 50,00.€, in German \(Germany\)/);
});
