import { renderAmount, renderMoment } from '../../../src/browser/purchase/formats.js';
import t from '../../tap.js';

/** The text with plain blanks, where Intl puts those that do not break. */
const plain = (text: string) => text.replace(/\s/g, ' ');

t.test('an amount has the digits of its currency and the signs of the locale', async (t) => {
  for (const [minor, currency, locale, expected] of [
    [10000, 'SEK', 'sv-SE', '100,00 kr'],
    [-550, 'USD', 'en-US', '-$5.50'],
    [1299, 'JPY', 'en-US', '¥1,299'],
    [12345, 'KWD', 'en-US', 'KWD 12.345'],
    [9_007_199_254_740_991, 'EUR', 'de-DE', '90.071.992.547.409,91 €'],
    [0, 'EUR', 'en_GB', '€0.00'],
  ] as const) {
    t.equal(plain(renderAmount(minor, currency, locale)), expected);
  }
});

t.test('what is no currency or no locale breaks nothing', async (t) => {
  t.equal(renderAmount(500, '<b>', 'sv-SE'), '500 <b>');
  t.match(renderAmount(500, 'SEK', 'not a locale'), /5[.,]00/);
  t.match(renderAmount(500, 'SEK'), /5[.,]00/);
});

t.test('a moment is written in the manner of the locale, and as it came where it is none', async (t) => {
  t.match(renderMoment('2026-03-04T08:00:00.000Z', 'en-US'), /^Mar [34], 2026/);
  t.equal(renderMoment('soon', 'en-US'), 'soon');
  t.match(renderMoment('2026-03-04T08:00:00.000Z', '!!'), /2026/);
});
