import { sampleSources } from '../../../src/klarna/catalogue/sample-sources.js';
import { chooseMethod } from '../../../src/klarna/payments/payment-methods.js';
import {
  type PurchaseView,
  purchaseView,
  tokenizesRule,
  tokenizesView,
} from '../../../src/klarna/payments/purchase-view.js';
import type { Choice, FundingSource, Intent, PaymentOption } from '../../../src/klarna/records.js';
import t from '../../tap.js';
import { line, purchase, START, World } from '../world.js';

const view = (data = purchase(), more: Partial<Parameters<typeof purchaseView>[0]> = {}): PurchaseView =>
  purchaseView({ session: new World().session(data), now: START, ...more });

const visa: FundingSource = { type: 'card', brand: 'VISA', masked_number: '************1111', expiry_date: '12/2028' };
const account: FundingSource = { type: 'direct_debit', masked_number: '**********0131' };

t.test('what is tokenized is said in one sentence', async (t) => {
  const nothing = 'Nothing that can be charged again backs this: Pay Later in 30 days is kept.';
  const cases: [Intent, PaymentOption, FundingSource, string, string][] = [
    [
      'buy_and_default_tokenize',
      'pay_in_4',
      visa,
      'PAY_BY_CARD',
      'Klarna will keep the card VISA ****1111 and charge it by Pay Now next time.',
    ],
    [
      'buy_and_default_tokenize',
      'financing',
      account,
      'DIRECT_DEBIT',
      'Klarna will keep the account ****0131 and charge it by Pay Now next time.',
    ],
    ['buy_and_default_tokenize', 'pay_later', { type: 'none' }, 'INVOICE', nothing],
    ['buy_and_default_tokenize', 'financing', { type: 'none' }, 'INVOICE', nothing],
    ['buy_and_default_tokenize', 'pay_now', { type: 'bank_transfer' }, 'INVOICE', nothing],
    [
      'buy_and_default_tokenize',
      'pay_now',
      { ...visa, reusable: false },
      'INVOICE',
      'Klarna cannot keep the card VISA ****1111: Pay Later in 30 days is kept.',
    ],
    [
      'buy_and_tokenize',
      'pay_in_4',
      { ...account, reusable: false },
      'INVOICE',
      'Klarna cannot keep the account ****0131: Pay Later in 30 days is kept.',
    ],
    [
      'buy_and_tokenize',
      'pay_now',
      visa,
      'PAY_BY_CARD',
      'Klarna will keep the card VISA ****1111 and charge it by Pay Now next time.',
    ],
    [
      'buy_and_tokenize',
      'pay_in_4',
      visa,
      'SLICE_IT_BY_CARD',
      'Klarna will keep the card VISA ****1111 and charge it by Pay in 4 next time.',
    ],
    [
      'tokenize',
      'pay_in_3',
      account,
      'FIXED_AMOUNT',
      'Klarna will keep the account ****0131 and charge it by Pay in 3 next time.',
    ],
    [
      'tokenize',
      'pay_later',
      visa,
      'PAY_LATER_BY_CARD',
      'Klarna will keep the card VISA ****1111 and charge it by Pay Later in 30 days next time.',
    ],
    ['tokenize', 'pay_later', { type: 'none' }, 'INVOICE', 'Klarna will keep Pay Later in 30 days.'],
    ['tokenize', 'financing', { type: 'none' }, 'FIXED_SUM_CREDIT', 'Klarna will keep Financing over 12 months.'],
    ['tokenize', 'pay_now', { type: 'bank_transfer' }, 'INVOICE', nothing],
  ];
  for (const [intent, option, source, payment_method_type, sentence] of cases) {
    t.strictSame(tokenizesView({ option, source }, intent), { payment_method_type, sentence }, `${intent} ${option}`);
  }
  for (const intent of ['buy', 'buy_and_link'] as const) {
    t.equal(tokenizesView({ option: 'pay_now', source: visa }, intent), null);
    t.equal(tokenizesRule(intent), null);
  }
  t.match(tokenizesRule('buy_and_default_tokenize'), /^Whatever is chosen, Klarna keeps Pay Now /);
  t.match(tokenizesRule('buy_and_tokenize'), /^Klarna keeps what is chosen/);
  t.match(tokenizesRule('tokenize'), /^Nothing is bought now: /);
});

t.test('every option has a sample of each source that can back it', async (t) => {
  const { options } = view();
  const labels = options.map(({ label, sources }) => [label, ...sources.map((source) => source.label)].join(' | '));
  const cards = 'VISA ****1111 | MASTERCARD ****4444, cannot be kept | VISA ****0002';
  t.strictSame(labels, [
    `Pay Now | ${cards} | Account ****0131 | Bank transfer`,
    `Pay Later in 30 days | No card or account | ${cards}`,
    `Pay in 3 | ${cards} | Account ****0131`,
    `Pay in 4 | ${cards} | Account ****0131`,
    `Financing | ${cards} | Account ****0131 | No card or account`,
  ]);
  for (const { payment_option, sources } of options) {
    for (const { funding_source } of sources) {
      t.ok('option' in (chooseMethod(payment_option, funding_source) as Choice), `${payment_option} takes it as it is`);
    }
  }
  const brought = options[0]?.sources.map(({ brings, tokenizes }) => [brings, tokenizes]);
  t.strictSame(brought, [
    ['approved', null],
    ['approved', null],
    ['denied', null],
    ['approved', null],
    ['approved', null],
  ]);
  for (const { evidence, from } of sampleSources) t.ok(evidence && from);
});

t.test('a page shows the purchase as it was given, and the sample person where nobody is', async (t) => {
  const { person, order_lines, locale, purchase_country } = view({
    purchase_country: 'se',
    purchase_currency: 'sek',
    order_amount: 20000,
    order_lines: [
      line({
        subscription: { name: 'Boot care', interval: 'MONTH', interval_count: 1 },
        image_url: 'https://a.test/b.png',
      }),
      line({ subscription: { name: 'Boot care', interval: 'WEEK', interval_count: 2 }, total_discount_amount: 1 }),
    ],
  } as never);
  t.strictSame([locale, purchase_country], ['en-US', 'SE']);
  t.match(person, { given_name: 'Alice', city: 'Stockholm', country: 'SE' });
  t.strictSame(
    order_lines?.map(({ subscription }) => subscription),
    ['Boot care, every month', 'Boot care, every 2 weeks'],
  );
  t.matchLists(order_lines, [{ image_url: 'https://a.test/b.png' }, { total_discount_amount: 1 }]);
  const own = view(purchase({ billing_address: { given_name: 'Elsa', country: 'SE' } }));
  t.strictSame(own.person, { given_name: 'Elsa', country: 'SE' });
  t.strictSame(view({ purchase_country: 'US', purchase_currency: 'USD' }).person.region, 'NY');
  const bare = view({ purchase_country: 'SE', purchase_currency: 'SEK' });
  t.notOk('order_lines' in bare || 'order_amount' in bare || 'order_tax_amount' in bare);
});

t.test('test triggers and categories decide what is offered', async (t) => {
  const denied = view(purchase({ billing_address: { email: 'customer+se+denied@klarna.com', country: 'SE' } }));
  t.ok(denied.options.every(({ sources }) => sources.every(({ brings }) => brings === 'denied')));
  const { options, payment_method_categories } = view(purchase(), { offered: ['direct_debit', 'pay_over_time'] });
  t.strictSame(
    payment_method_categories.map(({ identifier }) => identifier),
    ['direct_debit', 'pay_over_time'],
  );
  t.strictSame(
    options.map(({ payment_option, sources }) => [payment_option, sources[0]?.payment_method_categories]),
    [
      ['pay_now', ['direct_debit']],
      ['pay_in_3', ['pay_over_time']],
      ['pay_in_4', ['pay_over_time']],
      ['financing', ['pay_over_time']],
    ],
  );
  const both = view(purchase(), { offered: ['klarna', 'pay_now'] }).options[0]?.sources[0];
  t.strictSame(both?.payment_method_categories, ['klarna', 'pay_now']);
  const script = { name: 'a/b', title: 'A title', shopper: { result: 'denied' as const } };
  t.match(view(purchase(), { script }), {
    scenario: { name: 'a/b', title: 'A title' },
    scripted: { result: 'denied' },
  });
  t.match(view(purchase(), { script: { name: 'a/b', title: 'A title' } }), { scripted: null });
});

t.test('a line has its unit where the shop gave one', (t) => {
  const [first] = view(purchase({ order_lines: [{ ...line(), quantity_unit: 'pair' }] })).order_lines ?? [];
  t.equal(first?.quantity_unit, 'pair');
  t.notOk(Object.hasOwn(view().order_lines?.[0] ?? {}, 'quantity_unit'));
  t.end();
});
