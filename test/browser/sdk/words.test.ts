import { readLook } from '../../../src/browser/sdk/button-look.js';
import type { Show } from '../../../src/browser/sdk/messages.js';
import { notThere } from '../../../src/browser/sdk/not-there.js';
import { placementText } from '../../../src/browser/sdk/placement-text.js';
import { type WidgetPurchase, widgetText } from '../../../src/browser/sdk/widget-text.js';
import t from '../../tap.js';

/** Intl writes spaces that do not break. */
const plain = (text: string) => text.replace(/\s/g, ' ');

const purchase: WidgetPurchase = {
  merchant: 'boots',
  purchase_currency: 'SEK',
  locale: 'sv-SE',
  order_amount: 34900,
  payment_method_categories: [
    { identifier: 'pay_later', name: 'Pay later' },
    { identifier: 'pay_now', name: 'Pay now' },
    { identifier: 'pay_over_time', name: 'Financing' },
  ],
};
const show: Show = { kind: 'show', token: 'a.b.c', view: 'widget' };

t.test('the frame in the container says what would be paid, to whom and by what', async (t) => {
  const one = widgetText({ ...show, category: 'pay_now' }, purchase);
  t.strictSame([one.title, plain(one.amount), one.lines], ['Pay now', '349,00 kr', []]);
  t.match(one.about, /^To boots\./);
  t.strictSame(widgetText(show, purchase).lines, ['Pay later', 'Pay now', 'Financing']);
  t.strictSame(widgetText({ ...show, categories: ['pay_now', 'pay_over_time'] }, purchase).lines, [
    'Pay now',
    'Financing',
  ]);
  t.strictSame(
    widgetText({ ...show, category: 'klarna' }, purchase).title,
    'Klarna',
    'a category that the session has not',
  );
  t.equal(plain(widgetText({ ...show, amount: 100, locale: 'en-GB' }, purchase).amount), 'SEK 1.00');
  t.equal(widgetText(show, { ...purchase, order_amount: undefined }).amount, 'No amount yet');
  t.equal(widgetText(show, { ...purchase, locale: 'no_locale' }).amount, '349.00 SEK');
  t.match(widgetText({ ...show, view: 'review' }, purchase), { title: 'Payment review' });
});

t.test('a placeholder says key, amount and language', async (t) => {
  t.equal(
    plain(placementText('credit-promotion-badge', '34900', 'sv-SE')),
    'Klarna’s message “credit-promotion-badge” for 349,00 kr, in Swedish (Sweden) (sandbox placeholder)',
  );
  t.match(plain(placementText('a', '100', 'de-DE')), /for 1,00 €, in German \(Germany\)/);
  t.match(plain(placementText('a', '100', 'en_US')), /for \$1\.00, in English \(United States\)/);
  t.match(placementText(null, null, null), /“without a data-key”, in English/);
  for (const amount of ['', '1.5', '-1', 'a lot']) t.notMatch(placementText('a', amount, 'sv-SE'), / for /, amount);
  t.match(placementText('<b>', '1', '!'), /^Klarna’s message “<b>” for €0\.01, in English/);
});

t.test('a button is of a known theme and shape, and in the language of its locale', async (t) => {
  const told: string[] = [];
  const look = (given: object) => readLook(given, (sentence) => told.push(sentence));
  t.strictSame(look({ theme: 'outlined', shape: 'pill', locale: 'sv-SE' }), {
    theme: 'outlined',
    shape: 'pill',
    language: 'sv',
    text: 'Betala med Klarna',
  });
  t.strictSame(look({}), { theme: 'default', shape: 'default', language: 'en', text: 'Pay with Klarna' });
  for (const theme of ['default', 'light', 'dark', 'outlined']) t.equal(look({ theme }).theme, theme);
  for (const shape of ['default', 'rect', 'pill']) t.equal(look({ shape }).shape, shape);
  t.strictSame(told, []);
  t.match(look({ theme: 'pink', shape: 'toString', locale: 'constructor' }), {
    theme: 'default',
    shape: 'default',
    language: 'en',
  });
  t.equal(told.length, 3);
});

t.test('what is not there says so when it is called, to any depth', async (t) => {
  const said: unknown[] = [];
  t.capture(console, 'info', (sentence: unknown) => said.push(sentence));
  const klarna = notThere('Klarna', { there: 7 }) as { there: number; Payment: { button: () => void }; then: unknown };
  t.strictSame([klarna.there, klarna.then], [7, undefined]);
  t.throws(() => klarna.Payment.button(), { message: /Klarna\.Payment\.button\(\) is not there yet/ });
  t.equal(said.length, 1);
  t.match(said[0], /^mock-klarna: Klarna\.Payment\.button\(\) is not there yet: .+ docs\/guides\/browser-sdk\.md/);
  t.equal(await Promise.resolve(klarna), klarna, 'it is no promise');
});
