import { makeSession, usualPurchase } from '../../src/client/states.js';
import t, { type Test } from '../tap.js';
import { openPage, sandbox, shopPage } from './browser.js';

/** Opens a page of a shop that was written for Klarna's script, with the address of the script alone changed. */
async function shopWith(t: Test, script: string, { categories = ['klarna'], body = '', scenario = '' } = {}) {
  const { url, merchant, target } = await sandbox(t);
  if (scenario !== '') await merchant.scenario.choose(scenario);
  if (categories[0] !== 'klarna')
    await merchant.scenario.choose({ title: 'Three', evidence: 'recorded', payment_method_categories: categories });
  const session_id = await makeSession(target, usualPurchase('SE'));
  const session = await fetch(`${target.url}/payments/v1/sessions/${session_id}`, {
    headers: { authorization: `Basic ${btoa(`${target.username}:${target.password}`)}` },
  });
  const { client_token } = (await session.json()) as { client_token: string };
  const address = await shopPage(
    t,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><body>${body}
<script>window.token = ${JSON.stringify(client_token)}; window.answers = [];</script>
<script>${script}</script>
<script src="${url}/kp/lib/v1/api.js" async></script></body></html>`,
  );
  const opened = await openPage(t);
  await opened.page.goto(address);
  const answers = async (count: number) => {
    await opened.page.waitForFunction(
      (wanted) => (window as never as { answers: unknown[] }).answers.length >= wanted,
      count,
    );
    return opened.page.evaluate(() => (window as never as { answers: Record<string, unknown>[] }).answers);
  };
  return { ...opened, merchant, answers };
}

t.test('in the manner of WooCommerce: polling, a load for each category, the old order of arguments', async (t) => {
  const categories = ['pay_later', 'pay_over_time', 'pay_now'];
  const { page, answers, errors } = await shopWith(
    t,
    `
    const categories = ${JSON.stringify(categories)}
    const wait = setInterval(() => {
      if (!window.Klarna || !window.Klarna.Payments) return
      clearInterval(wait)
      Klarna.Payments.init({ client_token: token })
      for (const category of categories) {
        Klarna.Payments.load(
          { container: '#payment_method_klarna_' + category + '_container', payment_method_category: category, purchase_amount: 10000 },
          function (answer) { answers.push({ loaded: category, ...answer }) }
        )
      }
    }, 20)
    window.buy = (address) => Klarna.Payments.authorize(address, { payment_method_category: 'pay_later' }, function (answer) {
      answers.push(answer)
    })`,
    { categories, body: categories.map((each) => `<div id="payment_method_klarna_${each}_container"></div>`).join('') },
  );
  t.strictSame(
    (await answers(3)).map(({ loaded, show_form }) => [loaded, show_form]).sort(),
    [...categories].sort().map((category) => [category, true]),
  );
  t.equal(await page.locator('#klarna-pay-later-main').count(), 1);
  await page.evaluate(() =>
    (window as never as { buy(address: object): void }).buy({ billing_address: { given_name: 'Elsa', country: 'SE' } }),
  );
  const klarna = page.frameLocator('#klarna-apf-iframe');
  await klarna.locator('#phone').fill('+46701740650');
  await klarna.locator('#onContinue').click();
  await klarna.locator('#otp_field').fill('123456');
  await klarna.locator('#onContinue').click();
  const [, , , answer] = await answers(4);
  t.match(answer, { approved: true, show_form: true, authorization_token: /^[-0-9a-f]{36}$/ });
  t.strictSame(errors, []);
});

t.test('in the manner of the SFRA and SAP cartridges: authorize without finalizing, then finalize', async (t) => {
  const { page, answers, merchant, errors } = await shopWith(
    t,
    `
    window.klarnaAsyncCallback = function () {
      Klarna.Payments.init({ client_token: token, integrator: { name: 'x' }, originators: [] })
      Klarna.Payments.load({ container: '#klarna', payment_method_category: 'klarna' }, {}, function (answer) { answers.push(answer) })
    }
    window.buy = () => Klarna.Payments.authorize({ payment_method_category: 'klarna', auto_finalize: false }, {}, function (answer) {
      answers.push(answer)
      if (answer.finalize_required) Klarna.Payments.finalize({ payment_method_category: 'klarna' }, {}, function (last) { answers.push(last) })
    })`,
    { body: '<div id="klarna"></div>', scenario: 'mixed-payments/pay-now-by-card' },
  );
  await answers(1);
  await page.evaluate(() => (window as never as { buy(): void }).buy());
  const [, authorized, finalized] = await answers(3);
  t.match(authorized, { approved: true, show_form: true, finalize_required: true });
  t.notOk(Object.hasOwn(authorized as object, 'authorization_token'), 'no token before it is finalized');
  t.match(finalized, { approved: true, show_form: true, authorization_token: /^[-0-9a-f]{36}$/ });
  t.ok((await merchant.journal.exchanges({ operation: 'finalizePurchase' })).length >= 1);
  t.strictSame(errors, []);
});
