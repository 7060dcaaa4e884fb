import { Library, shippedScenarios } from '../../src/scenario/library.js';
import t from '../tap.js';
import { openShop } from './shop.js';

/** Returns what a scenario says that its customer token is of. */
function tokenizedBy(scenario: { steps: readonly { operation: { name: string }; expect?: { body?: unknown } }[] }) {
  const types = scenario.steps
    .filter(({ operation }) => operation.name === 'readCustomerToken')
    .map(({ expect }) => (expect?.body as { payment_method_type?: string } | undefined)?.payment_method_type);
  return types.find((type) => type !== undefined);
}

t.test('a person buys boots in four payments by clicking, and the care is charged a month later', async (t) => {
  const { page, merchant, open, errors, strangers } = await openShop(t);
  await open();
  await page.click('#checkout');
  await page.click('#buy');
  const klarna = page.frameLocator('#klarna-apf-iframe');
  await klarna.getByLabel(/4 payments|Pay in 4/i).check();
  await klarna.locator('#onContinue').click();
  await klarna.locator('#otp_field').fill('123456');
  await klarna.locator('#onContinue').click();
  await page.getByText('Bought.').waitFor();
  t.match(await page.textContent('#story'), /The care will be charged by PAY_BY_CARD/);
  await page.click('#month');
  await page.getByText('now.').waitFor();
  await page.click('#renew');
  await page.getByText('Charged:').waitFor();
  t.equal(await page.locator('#klarna-apf-iframe').count(), 0, 'the page of Klarna is gone');
  const { findings } = await merchant.report();
  t.strictSame(
    findings.filter(({ severity }) => severity !== 'note').map(({ check, message }) => `${check}: ${message}`),
    [],
  );
  t.strictSame([errors, strangers], [[], []]);
});

t.test('with a scenario of mixed payments nobody has to click on Klarna’s page', async (t) => {
  const scenarios = (await Library.open(shippedScenarios).all()).filter(({ name }) =>
    name.startsWith('mixed-payments/'),
  );
  t.ok(scenarios.length > 20, `${scenarios.length} scenarios`);
  const { page, merchant, open, errors } = await openShop(t);
  for (const scenario of scenarios) {
    await merchant.scenario.choose(scenario.name);
    await open();
    await page.click('#checkout');
    await page.click('#buy');
    await page.getByText('The care will be charged by').waitFor();
    const type = tokenizedBy(scenario);
    const story = await page.textContent('#story');
    if (type !== undefined) t.match(story, new RegExp(`charged by ${type}\\.`), scenario.name);
  }
  t.strictSame(errors, []);
});
