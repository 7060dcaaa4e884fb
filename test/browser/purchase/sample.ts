import type { OfferedOption, OfferedSource, Purchase } from '../../../src/browser/purchase/purchase.js';

export const visa: OfferedSource = {
  funding_source: { type: 'card', brand: 'VISA', masked_number: '************1111' },
  payment_method_categories: ['pay_now'],
  label: 'VISA ****1111',
  brings: 'approved',
  tokenizes: { payment_method_type: 'PAY_BY_CARD', sentence: 'Klarna will keep the card.' },
  pays: { type: 'pay_by_card', label: 'Pay by card' },
};

export const empty: OfferedSource = {
  ...visa,
  funding_source: { type: 'card', brand: 'VISA', masked_number: '************0002' },
  label: 'VISA ****0002',
  brings: 'denied',
  tokenizes: null,
};

export const invoice: OfferedSource = {
  funding_source: { type: 'none' },
  payment_method_categories: ['pay_later'],
  label: 'No card or account',
  brings: 'approved',
  tokenizes: { payment_method_type: 'INVOICE', sentence: 'Klarna will keep Pay Later in 30 days.' },
  pays: { type: 'invoice', label: 'Pay later' },
};

export const payNow: OfferedOption = { payment_option: 'pay_now', label: 'Pay now', sources: [visa, empty] };
export const payLater: OfferedOption = { payment_option: 'pay_later', label: 'Pay later', sources: [invoice] };

/** A purchase as the sandbox gives it to a page, with changes. */
export const samplePurchase = (changes: Partial<Purchase> = {}): Purchase => ({
  session_id: '6f1c8a52-5d0b-4c1e-9a54-2f7e0b6c3d11',
  merchant: 'boots',
  purchase_country: 'SE',
  purchase_currency: 'SEK',
  locale: 'sv-SE',
  intent: 'buy_and_default_tokenize',
  status: 'incomplete',
  expires_at: '2026-03-04T09:00:00.000Z',
  order_amount: 10000,
  order_lines: [{ name: 'Winter boots', quantity: 2, unit_price: 5000, total_amount: 10000 }],
  payment_method_categories: [],
  person: { given_name: 'Elsa', family_name: 'Lind', email: 'elsa@example.com', phone: '+46701740650', country: 'SE' },
  options: [payNow, payLater],
  tokenizes_rule: 'Klarna keeps what can be charged again.',
  scenario: null,
  scripted: null,
  ...changes,
});

type Hosted = NonNullable<Purchase['hosted']>;

/** What a hosted session adds to it. */
export const onHosted = (changes: Partial<Hosted> = {}): Hosted => ({
  session_id: '81d5f0c3-2b96-4e7a-a3c8-6f0b19d7e452',
  status: 'IN_PROGRESS',
  place_order_mode: 'NONE',
  expires_at: '2026-03-04T08:00:00.000Z',
  page_url: 'http://localhost:5527/hpp/payments/81d5f0c3-2b96-4e7a-a3c8-6f0b19d7e452',
  ...changes,
});
