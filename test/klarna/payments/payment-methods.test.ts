import {
  chooseMethod,
  methodOf,
  refusedPaymentMethod,
  tokenizedMethodOf,
} from '../../../src/klarna/payments/payment-methods.js';
import type { FundingSource, Intent, PaymentOption } from '../../../src/klarna/records.js';
import t from '../../tap.js';
import { badValue, bodyOf, orderOf, purchase, refuses, tokenRequest, World } from '../world.js';

const card = { brand: 'MASTERCARD', masked_number: '************4242', expiry_date: '07/2030' };
const direct_debit = { masked_number: '**********7788' };

/** The shopper's funding source, as the control API takes it. */
const sources: Record<FundingSource['type'], FundingSource> = {
  card: { type: 'card', ...card },
  direct_debit: { type: 'direct_debit', ...direct_debit },
  bank_transfer: { type: 'bank_transfer' },
  none: { type: 'none' },
};

/** What reading a customer token answers of its method. */
const PAY_BY_CARD = { payment_method_type: 'PAY_BY_CARD', card };
const DIRECT_DEBIT = { payment_method_type: 'DIRECT_DEBIT', direct_debit };
const INVOICE = { payment_method_type: 'INVOICE' };

interface Row {
  option: PaymentOption;
  source: FundingSource['type'];
  /** The payment method of the first order, of which its answer says the type alone. */
  order: Record<string, unknown>;
  /** The token when the chosen option itself is tokenized, and the payment method of it and its orders. */
  own: [read: Record<string, unknown>, charged: Record<string, unknown>];
  /** The same with the mixed-payments rule. */
  mixed: [read: Record<string, unknown>, charged: Record<string, unknown>];
}

const byCard: Row['own'] = [PAY_BY_CARD, { type: 'pay_by_card', card }];
const byDebit: Row['own'] = [DIRECT_DEBIT, { type: 'direct_debit', direct_debit }];
const byInvoice: Row['own'] = [INVOICE, { type: 'invoice', number_of_days: 30 }];

/** Payment option × funding source, cell by cell. */
const table: Row[] = [
  {
    option: 'pay_now',
    source: 'card',
    order: { type: 'pay_by_card', card },
    own: byCard,
    mixed: byCard,
  },
  {
    option: 'pay_now',
    source: 'direct_debit',
    order: { type: 'direct_debit', direct_debit },
    own: byDebit,
    mixed: byDebit,
  },
  {
    option: 'pay_now',
    source: 'bank_transfer',
    order: { type: 'direct_bank_transfer' },
    own: byInvoice,
    mixed: byInvoice,
  },
  {
    option: 'pay_later',
    source: 'none',
    order: { type: 'invoice', number_of_days: 30 },
    own: byInvoice,
    mixed: byInvoice,
  },
  {
    option: 'pay_later',
    source: 'card',
    order: { type: 'pay_later_by_card', number_of_days: 30 },
    own: [{ payment_method_type: 'PAY_LATER_BY_CARD' }, { type: 'pay_later_by_card', number_of_days: 30 }],
    mixed: byCard,
  },
  {
    option: 'pay_in_3',
    source: 'card',
    order: { type: 'slice_it_by_card', number_of_installments: 3 },
    own: [{ payment_method_type: 'SLICE_IT_BY_CARD' }, { type: 'slice_it_by_card', number_of_installments: 3 }],
    mixed: byCard,
  },
  {
    option: 'pay_in_4',
    source: 'card',
    order: { type: 'slice_it_by_card', number_of_installments: 4 },
    own: [{ payment_method_type: 'SLICE_IT_BY_CARD' }, { type: 'slice_it_by_card', number_of_installments: 4 }],
    mixed: byCard,
  },
  {
    option: 'pay_in_3',
    source: 'direct_debit',
    order: { type: 'fixed_amount', number_of_installments: 3 },
    own: [{ payment_method_type: 'FIXED_AMOUNT' }, { type: 'fixed_amount', number_of_installments: 3 }],
    mixed: byDebit,
  },
  {
    option: 'pay_in_4',
    source: 'direct_debit',
    order: { type: 'fixed_amount', number_of_installments: 4 },
    own: [{ payment_method_type: 'FIXED_AMOUNT' }, { type: 'fixed_amount', number_of_installments: 4 }],
    mixed: byDebit,
  },
  {
    option: 'financing',
    source: 'card',
    order: { type: 'fixed_sum_credit', number_of_installments: 12 },
    own: [{ payment_method_type: 'FIXED_SUM_CREDIT' }, { type: 'fixed_sum_credit', number_of_installments: 12 }],
    mixed: byCard,
  },
  {
    option: 'financing',
    source: 'direct_debit',
    order: { type: 'fixed_sum_credit', number_of_installments: 12 },
    own: [{ payment_method_type: 'FIXED_SUM_CREDIT' }, { type: 'fixed_sum_credit', number_of_installments: 12 }],
    mixed: byDebit,
  },
  {
    option: 'financing',
    source: 'none',
    order: { type: 'fixed_sum_credit', number_of_installments: 12 },
    own: [{ payment_method_type: 'FIXED_SUM_CREDIT' }, { type: 'fixed_sum_credit', number_of_installments: 12 }],
    mixed: byInvoice,
  },
];

/** The sources of each option, as a refusal names them. */
const pairs: Record<PaymentOption, string> = {
  pay_now: 'card or direct_debit or bank_transfer',
  pay_later: 'none or card',
  pay_in_3: 'card or direct_debit',
  pay_in_4: 'card or direct_debit',
  financing: 'card or direct_debit or none',
};

const [options, types] = [Object.keys(pairs) as PaymentOption[], Object.keys(sources) as FundingSource['type'][]];

for (const { option, source, order, own, mixed } of table) {
  t.test(`${option} with ${source}`, async (t) => {
    const shopper = { payment_option: option, funding_source: sources[source] };

    for (const intent of ['buy', 'tokenize', 'buy_and_tokenize', 'buy_and_default_tokenize', 'buy_and_link'] as const) {
      const world = new World();
      const { id } = world.authorization(purchase({ intent }), shopper);
      t.strictSame(world.get('authorization', id).choice, { option, source: sources[source] });
      if (intent === 'buy' || intent === 'buy_and_link') {
        t.equal('refusal' in world.createCustomerToken(id), true, `${intent}: no token`);
      } else {
        const [read, charged] = intent === 'buy_and_default_tokenize' ? mixed : own;
        const token = String(bodyOf(world.createCustomerToken(id)).token_id);
        t.strictSame(bodyOf(world.readCustomerToken(token)), { ...read, status: 'ACTIVE' }, `${intent}: the token`);
        t.strictSame(world.get('customer_token', token).method, charged, `${intent}: the token's method`);
        const order = world.charge(token);
        t.strictSame(bodyOf(order).authorized_payment_method, { type: charged.type }, `${intent}: the charge's answer`);
        t.strictSame(world.orderOf(order).method, charged, `${intent}: the token's order`);
      }
      if (intent === 'tokenize') continue;
      const placed = world.createOrder(id);
      t.strictSame(bodyOf(placed).authorized_payment_method, { type: order.type }, `${intent}: the order's answer`);
      t.strictSame(world.orderOf(placed).method, order, `${intent}: the order`);
      t.strictSame(world.orderOf(placed).choice, { option, source: sources[source] });
    }
  });
}

t.test('a card or an account that cannot be kept leaves Pay Later in 30 days, whatever is tokenized', async (t) => {
  const method = { type: 'invoice', number_of_days: 30 };
  const kept: [FundingSource['type'], string][] = [
    ['card', 'card'],
    ['direct_debit', 'account'],
  ];
  for (const [type, word] of kept) {
    for (const { option, source, order } of table.filter((row) => row.source === type)) {
      for (const intent of ['tokenize', 'buy_and_tokenize', 'buy_and_default_tokenize'] as const) {
        const about = `${option} with ${type}, ${intent}`;
        const world = new World();
        const funding_source = { ...sources[source], reusable: false };
        const { id } = world.authorization(purchase({ intent }), { payment_option: option, funding_source });
        t.strictSame(world.get('authorization', id).choice, { option, source: funding_source }, about);
        const created = world.createCustomerToken(id);
        const text = `funding_source.reusable: the ${word} cannot be kept, so Pay Later in 30 days was tokenized; read the customer token before it is charged`;
        t.strictSame(created.because, { rule: 'source-kept', text }, about);
        const token = String(bodyOf(created).token_id);
        t.strictSame(bodyOf(world.readCustomerToken(token)), { ...INVOICE, status: 'ACTIVE' }, about);
        t.strictSame(world.get('customer_token', token).method, method, about);
        const charged = world.charge(token);
        t.strictSame(bodyOf(charged).authorized_payment_method, { type: 'invoice' }, about);
        t.strictSame(world.orderOf(charged).method, method, about);
        if (intent === 'tokenize') continue;
        t.strictSame(world.orderOf(world.createOrder(id)).method, order, `${about}: what is bought is paid as chosen`);
      }
    }
  }
  const usual = new World();
  const { id } = usual.authorization(purchase({ intent: 'buy_and_default_tokenize' }), {
    payment_option: 'pay_in_4',
    funding_source: { ...sources.card, reusable: true },
  });
  const created = usual.createCustomerToken(id);
  t.equal(created.because, undefined, 'a card that can be kept needs no explanation');
  t.strictSame(bodyOf(usual.readCustomerToken(String(bodyOf(created).token_id))), { ...PAY_BY_CARD, status: 'ACTIVE' });
});

t.test('nothing but a card or an account can be said to be kept', async (t) => {
  for (const [payment_option, type] of [
    ['pay_now', 'bank_transfer'],
    ['pay_later', 'none'],
  ] as const) {
    for (const reusable of [true, false]) {
      const world = new World();
      const { id } = world.session();
      const text = `funding_source.reusable: given ${reusable} for ${type}, expected it with card or direct_debit alone, since nothing else can be charged again`;
      const expected = badValue('funding_source.reusable', 'source-kept', text);
      refuses(t, world.authorize(id, { payment_option, funding_source: { type, reusable } }), expected, type);
    }
  }
});

t.test('every other pair is refused, with the pairs that exist', async (t) => {
  const known = table.map(({ option, source }) => `${option} ${source}`);
  const others = options.flatMap((option) =>
    types.filter((source) => !known.includes(`${option} ${source}`)).map((source) => [option, source] as const),
  );
  t.strictSame(others.map((pair) => pair.join(' ')).sort(), [
    'financing bank_transfer',
    'pay_in_3 bank_transfer',
    'pay_in_3 none',
    'pay_in_4 bank_transfer',
    'pay_in_4 none',
    'pay_later bank_transfer',
    'pay_later direct_debit',
    'pay_now none',
  ]);
  for (const [payment_option, source] of others) {
    const world = new World();
    const { id } = world.session();
    const text = `funding_source: given ${source} for ${payment_option}, expected ${pairs[payment_option]}`;
    const expected = badValue('funding_source', 'option-and-source', text);
    refuses(t, world.authorize(id, { payment_option, funding_source: sources[source] }), expected, payment_option);
  }
});

t.test('what the shopper leaves open is usual', async (t) => {
  const visa = { type: 'card', brand: 'VISA', masked_number: '************1111', expiry_date: '12/2028' } as const;
  const usual: Record<PaymentOption, FundingSource> = {
    pay_now: visa,
    pay_later: { type: 'none' },
    pay_in_3: visa,
    pay_in_4: visa,
    financing: visa,
  };
  for (const option of options) t.strictSame(chooseMethod(option), { option, source: usual[option] }, option);
  t.strictSame(chooseMethod(), { option: 'pay_now', source: visa }, 'no option either');
  t.strictSame(chooseMethod(undefined, { type: 'bank_transfer' }), {
    option: 'pay_now',
    source: { type: 'bank_transfer' },
  });
  t.strictSame(
    chooseMethod('pay_now', { type: 'card', masked_number: '************9999' }),
    { option: 'pay_now', source: { ...visa, masked_number: '************9999' } },
    'what is said of a card stands',
  );
  t.strictSame(chooseMethod('financing', { type: 'direct_debit' }), {
    option: 'financing',
    source: { type: 'direct_debit', masked_number: '**********0131' },
  });
});

t.test('a source of which nothing is known shows nothing', async (t) => {
  t.strictSame(methodOf({ option: 'pay_now', source: { type: 'card' } }), {
    type: 'pay_by_card',
    card: { brand: '', masked_number: '', expiry_date: '' },
  });
  t.strictSame(
    tokenizedMethodOf({ option: 'financing', source: { type: 'direct_debit' } }, 'buy_and_default_tokenize'),
    {
      type: 'direct_debit',
      direct_debit: { masked_number: '' },
    },
  );
});

t.test('a session that does not tokenize gives no customer token', async (t) => {
  const intents: [Intent, string[]][] = [
    ['buy', ['Not allowed to create customer token for intent buy']],
    ['buy_and_link', []],
  ];
  for (const [intent, messages] of intents) {
    const world = new World();
    const { id } = world.authorization(purchase({ intent }));
    const text = `intent of the session is ${intent}, expected one that tokenizes`;
    refuses(t, world.createCustomerToken(id), [403, 'INVALID_OPERATION', messages, 'intent-token', text], intent);
    // The intent is judged before the body.
    const elsewhere = tokenRequest({ purchase_country: 'DE' });
    refuses(t, world.createCustomerToken(id, elsewhere), [403, 'INVALID_OPERATION', messages, 'intent-token', text]);
    t.equal(bodyOf(world.createOrder(id, orderOf())).order_id, 'order-1', `${intent} buys`);
  }
});

t.test('the refusal of a charge calls every method by card a card', async (t) => {
  for (const type of ['pay_by_card', 'slice_it_by_card', 'pay_later_by_card'] as const) {
    t.strictSame(refusedPaymentMethod({ type, number_of_days: 30 }), { type: 'card' }, type);
  }
  for (const type of ['invoice', 'direct_debit', 'fixed_amount', 'fixed_sum_credit'] as const) {
    t.strictSame(refusedPaymentMethod({ type, number_of_installments: 12 }), { type }, type);
  }
});
