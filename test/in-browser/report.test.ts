import { chooseScenarios } from '../../src/replay/choose.js';
import { replayScenarios } from '../../src/replay/replay.js';
import { makeReport } from '../../src/replay/report.js';
import { formats } from '../../src/report/formats.js';
import { readScenario } from '../../src/scenario/read.js';
import { startServer } from '../../src/server/start.js';
import { exchange, found, sample } from '../report/sample.js';
import t, { type Test } from '../tap.js';
import { openPage, shopPage } from './browser.js';
import { findings as faults, isTooWide, looks } from './look.js';

const CONNECTION_LOST = `title: What fails
evidence: docs
steps:
  - readHealth:
    expect: { status: 503 }
`;

/** The page of a replay: a scenario with a clock and two shops, one that fails, one that passes. */
const replayed = (() => {
  let page: Promise<string> | undefined;
  return (t: Test) => {
    page ??= play(t);
    return page;
  };
})();

async function play(t: Test): Promise<string> {
  const { url, close } = await startServer({ port: 0, seed: 'page' });
  t.teardown(close);
  const scenarios = await chooseScenarios(['mixed-payments/shared-token', 'declines/shopper-denied']);
  const failing = readScenario(CONNECTION_LOST, 'failing.yaml', 'failing');
  const target = { url, username: 'M', password: 'p', host: 'klarna.test' };
  const results = await replayScenarios([...scenarios, failing], target, { seed: 'page' });
  return formats.html(makeReport(results, results.length, url));
}

const judged = () => formats.html(sample({ exchanges: [exchange()] }));

t.test('the pages of reports keep what axe asks for, and fit every window, in light and dark', async (t) => {
  for (const html of [await replayed(t), judged()]) {
    const url = await shopPage(t, html);
    for (const look of looks) {
      const { page, lines, errors } = await openPage(t, look);
      await page.goto(url);
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      t.strictSame(await faults(page), []);
      t.notOk(await isTooWide(page), `${look.viewport.width}`);
      t.strictSame([...lines, ...errors], []);
    }
  }
});

t.test('on a narrow page the picture keeps its size, and scrolls', async (t) => {
  const { page } = await openPage(t, { viewport: { width: 360, height: 740 } });
  await page.goto(await shopPage(t, await replayed(t)));
  const [figure] = (await page.$$eval('figure', (all) =>
    all.map((each) => ({
      shown: each.clientWidth,
      whole: each.scrollWidth,
      drawn: (each.firstElementChild as SVGElement).getBoundingClientRect().width,
      asked: Number((each.firstElementChild as SVGElement).getAttribute('width')),
    })),
  )) as [{ shown: number; whole: number; drawn: number; asked: number }];
  t.equal(figure.drawn, figure.asked);
  t.ok(figure.whole > figure.shown && figure.shown < 360);
});

t.test('no label of the picture runs under a band or a box, nor out of it', async (t) => {
  const { page } = await openPage(t);
  await page.goto(await shopPage(t, await replayed(t)));
  const overlaps = await page.$$eval('svg', (pictures) =>
    pictures.flatMap((picture) => {
      const box = (element: Element) => (element as SVGGraphicsElement).getBBox();
      const rects = [...picture.querySelectorAll('rect:not(.actor)')];
      return [...picture.querySelectorAll('text:not(.name)')].flatMap((text) => {
        const one = box(text);
        return rects.flatMap((rect) => {
          const other = box(rect);
          const own = rect.parentElement === text.parentElement;
          const apart =
            one.x + one.width <= other.x ||
            other.x + other.width <= one.x ||
            one.y + one.height <= other.y ||
            other.y + other.height <= one.y;
          const inside = other.x <= one.x && one.x + one.width <= other.x + other.width;
          return (own ? inside : apart)
            ? []
            : [
                `${text.textContent}: ${JSON.stringify([one.x, one.width])} and ${JSON.stringify([other.x, other.width])}`,
              ];
        });
      });
    }),
  );
  t.strictSame(overlaps, []);
});

t.test('an arrow leads to its step, which unfolds; so does the address', async (t) => {
  const { page } = await openPage(t);
  const url = await shopPage(t, await replayed(t));
  await page.goto(url);
  const step = page.locator('#s2-2');
  t.equal(await step.getAttribute('open'), null);
  await page.locator('svg a[href="#s2-2"]').first().click();
  t.not(await step.getAttribute('open'), null);
  t.equal(new URL(page.url()).hash, '#s2-2');
  await step.locator('summary').click();
  await page.locator('svg a[href="#s2-2"]').first().click();
  t.not(await step.getAttribute('open'), null, 'again, though the address is the same');
  await page.goto(`${url}#s3-1`);
  t.not(await page.locator('#s3-1').getAttribute('open'), null);
});

t.test('scenarios are filtered by their result, and found by their words', async (t) => {
  const { page } = await openPage(t);
  await page.goto(await shopPage(t, await replayed(t)));
  const shown = () => page.locator('main section:visible h2').allTextContents();
  const linked = () => page.locator('nav li:visible').count();
  t.equal((await shown()).length, 3);
  t.equal((await shown())[0], 'failed failing');
  t.equal(await page.locator('output').textContent(), '3 of 3');
  await page.getByLabel('passed 2').uncheck();
  t.strictSame(await shown(), ['failed failing']);
  t.equal(await linked(), 1);
  await page.getByLabel('passed 2').check();
  await page.getByLabel('Search').fill('DENIED  declines/shopper');
  t.strictSame(await shown(), ['passed declines/shopper-denied']);
  t.equal(await page.locator('output').textContent(), '1 of 3');
  await page.getByLabel('Search').press('Enter');
  t.strictSame(await shown(), ['passed declines/shopper-denied'], 'Enter sends nothing');
  await page.getByLabel('Search').fill('nothing has these words');
  t.strictSame(await shown(), []);
});

t.test('findings are filtered by severity, and found by check, place and what was sent', async (t) => {
  const { page } = await openPage(t);
  const findings = [
    ...sample().findings,
    found({ check: 'contract/other', where: { exchange: 3, merchant: 'boots' } }),
  ];
  await page.goto(await shopPage(t, formats.html(sample({ findings, exchanges: [exchange()] }))));
  const shown = () => page.locator('.findings > li:visible').count();
  t.equal(await shown(), 6);
  await page.getByLabel('violation 3').uncheck();
  t.equal(await shown(), 3);
  t.equal(await page.locator('main section:visible h2').first().textContent(), 'Violations', 'a note is among them');
  await page.getByLabel('note 2').uncheck();
  t.equal(await page.locator('main section:visible h2').first().textContent(), 'Warnings');
  t.equal(await page.locator('nav li:visible').count(), 3, 'what has no findings stays');
  await page.getByLabel('violation 3').check();
  await page.getByLabel('Search').fill('contract/other');
  t.equal(await shown(), 1);
  await page.getByLabel('Search').fill('bad_value');
  t.equal(await shown(), 2, 'in the answers');
});
