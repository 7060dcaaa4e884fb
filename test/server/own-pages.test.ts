import { OwnPages } from '../../src/server/own-pages.js';
import t from '../tap.js';

const HOST = 'localhost:5527';

/** Returns what a browser sends back of a cookie that it was given. */
const sent = (cookie: string | undefined) => String(cookie).split(';', 1)[0] as string;

/** A browser that shows a page of a locked sandbox. */
function browse(pages: OwnPages, host: string | undefined = HOST) {
  const page = sent(pages.cookie(host));
  let key: string | undefined;
  const cookies = () => (key === undefined ? page : `${page}; ${key}`);
  return {
    cookies,
    key: () => key,
    unlock(merchant: string, everyone?: true) {
      key = sent(pages.unlock(host, cookies(), { merchant, everyone }));
    },
    opens: (...merchants: string[]) => merchants.filter((each) => pages.of(host, cookies())?.mayEnter(each)),
    everyone: () => pages.of(host, cookies())?.everyone,
  };
}

t.test('a request without the cookie of a page comes from none', (t) => {
  const pages = new OwnPages(false);
  for (const cookies of [undefined, '', 'other=1', 'mock-klarna-page-5527', 'mock-klarna-page-5527=wrong']) {
    t.equal(pages.of(HOST, cookies), undefined, String(cookies));
  }
  t.equal(pages.of(HOST, sent(new OwnPages(false).cookie(HOST))), undefined, 'that of another start');
  t.equal(pages.of('localhost:5528', sent(pages.cookie(HOST))), undefined, 'that of another port');
  t.end();
});

t.test('a page of a sandbox that is not locked may look at every merchant', (t) => {
  const browser = browse(new OwnPages(false));
  t.strictSame([browser.opens('boots', 'shoes'), browser.everyone()], [['boots', 'shoes'], true]);
  t.end();
});

t.test('only the control API gets the cookies, and no script reads them', (t) => {
  const pages = new OwnPages(true);
  const cookie = /^mock-klarna-(page|key)-5527=[\w-]{32}; Path=\/sandbox\/v1; HttpOnly; SameSite=Strict$/;
  t.match(pages.cookie(HOST), cookie);
  t.match(pages.unlock(HOST, undefined, { merchant: 'boots' }), cookie);
  t.end();
});

t.test('who unlocks one merchant after another may look at both', (t) => {
  const pages = new OwnPages(true);
  const browser = browse(pages);
  browser.unlock('boots');
  t.strictSame(browser.opens('boots', 'shoes'), ['boots']);
  const before = browser.cookies();
  browser.unlock('shoes');
  t.strictSame(browser.opens('boots', 'shoes', 'hats'), ['boots', 'shoes']);
  t.equal(browser.everyone(), false);
  t.equal(pages.of(HOST, before)?.mayEnter('boots'), false, 'the key before opens nothing any more');
  t.strictSame(browse(pages).opens('boots'), [], 'nor does a browser without the key');
  t.end();
});

t.test('who unlocks everyone keeps that when a merchant is unlocked beside', (t) => {
  const browser = browse(new OwnPages(true));
  browser.unlock('boots');
  browser.unlock('any', true);
  t.strictSame([browser.opens('boots', 'hats'), browser.everyone()], [['boots', 'hats'], true]);
  browser.unlock('shoes');
  t.strictSame([browser.opens('boots', 'hats'), browser.everyone()], [['boots', 'hats'], true]);
  t.end();
});

t.test('of more than 1,000 keys the oldest opens nothing', (t) => {
  const pages = new OwnPages(true);
  const browsers = Array.from({ length: 1_000 }, () => browse(pages));
  for (const browser of browsers) browser.unlock('boots');
  const [first, second] = browsers;
  t.strictSame(first?.opens('boots'), ['boots'], '1,000 are kept');
  browse(pages).unlock('shoes');
  t.strictSame([first?.opens('boots'), second?.opens('boots')], [[], ['boots']]);
  t.end();
});

t.test('a host without a port is that of port 80', (t) => {
  const pages = new OwnPages(true);
  for (const host of ['sandbox.test', undefined]) t.match(pages.cookie(host), /^mock-klarna-page-80=/);
  const browser = browse(pages, 'sandbox.test');
  browser.unlock('boots');
  t.match(browser.key(), /^mock-klarna-key-80=/);
  t.strictSame(browser.opens('boots', 'shoes'), ['boots']);
  t.end();
});
