import type { CategoryName, PaymentMethodCategory, PaymentOption } from '../records.js';
import type { Evidence } from './evidence.js';
import type { MarketCountry } from './markets.js';

interface Named {
  name: string;
  evidence: Evidence;
  source: string;
}

/** A payment method category: its name for the shopper, in all markets and in those where another was seen. */
interface CategoryFacts extends Named {
  byMarket?: Partial<Record<MarketCountry, Named>>;
  /** The payment options that belong to it, or some of their funding sources only. */
  options: readonly PaymentOption[];
  by?: 'direct_debit' | 'bank_transfer';
}

const saleor = 'recordings of saleor’s Klarna app, Sweden, 2023 and 2024';
const taken = 'taken from the other markets';

/** The payment method categories by identifier. */
export const paymentMethodCategories = {
  klarna: {
    name: 'Pay with Klarna',
    evidence: 'docs',
    source: 'Klarna guide: recover a failed charge',
    options: ['pay_now', 'pay_later', 'pay_in_3', 'pay_in_4', 'financing'],
  },
  pay_later: {
    name: 'Buy now, pay later',
    evidence: 'inferred',
    source: taken,
    byMarket: {
      SE: { name: 'Buy now, pay later', evidence: 'recorded', source: saleor },
      GB: { name: 'Pay Later', evidence: 'recorded', source: 'playground recordings 2021 (nebulab/klarna_proxy)' },
      US: { name: 'Pay later in 30 days', evidence: 'recorded', source: 'cassettes of workarea-klarna, 2020' },
    },
    options: ['pay_later'],
  },
  pay_over_time: {
    name: 'Monthly financing',
    evidence: 'inferred',
    source: taken,
    byMarket: {
      SE: { name: 'Monthly financing', evidence: 'recorded', source: saleor },
      US: {
        name: '4 interest-free payments',
        evidence: 'recorded',
        source: 'playground recordings 2021 (nebulab/klarna_proxy, solidus_klarna_payments)',
      },
    },
    options: ['pay_in_3', 'pay_in_4', 'financing'],
  },
  pay_now: {
    name: 'Pay now',
    evidence: 'inferred',
    source: taken,
    // In September 2023 it was "Direct debit".
    byMarket: { SE: { name: 'Pay now', evidence: 'recorded', source: saleor } },
    options: ['pay_now'],
  },
  direct_debit: {
    name: 'Direct debit',
    evidence: 'inferred',
    source: 'identifier in Klarna’s OpenAPI document for the Hosted Payment Page; the name is our choice',
    options: ['pay_now'],
    by: 'direct_debit',
  },
  direct_bank_transfer: {
    name: 'Bank transfer',
    evidence: 'inferred',
    source: 'identifier in Klarna’s OpenAPI document for the Hosted Payment Page; the name is our choice',
    options: ['pay_now'],
    by: 'bank_transfer',
  },
} as const satisfies Record<CategoryName, CategoryFacts>;

/**
 * The categories of a market's new sessions. Recorded sessions of 2020 to 2024 had several, by account and in varying
 * order; the newest documentation shows this one alone, and names no market that differs (docs).
 */
export const usualCategories: readonly CategoryName[] = ['klarna'];

/** The picture of every category (recorded, and docs). */
const BADGE = 'https://x.klarnacdn.net/payment-method/assets/badges/generic/klarna.svg';

/** Categories as sessions show them, by identifier and name. All sessions share them, which keeps sessions small. */
const shown = new Map<string, PaymentMethodCategory>();

/** Returns a category as sessions show it in a market: the same object each time. */
export function categoryIn(country: MarketCountry, identifier: CategoryName): PaymentMethodCategory {
  const facts: CategoryFacts = paymentMethodCategories[identifier];
  const { name } = facts.byMarket?.[country] ?? facts;
  const key = `${identifier} ${name}`;
  const known = shown.get(key);
  if (known) return known;
  const category = { identifier, name, asset_urls: { descriptive: BADGE, standard: BADGE } };
  shown.set(key, category);
  return category;
}

/** Lists of categories by their identifiers and market. All sessions of a market share one. */
const lists = new WeakMap<readonly CategoryName[], Partial<Record<MarketCountry, readonly PaymentMethodCategory[]>>>();

/** Returns categories as sessions show them in a market: the same list each time for the same list of identifiers. */
export function categoriesIn(
  country: MarketCountry,
  identifiers: readonly CategoryName[],
): readonly PaymentMethodCategory[] {
  const byMarket = lists.get(identifiers) ?? {};
  lists.set(identifiers, byMarket);
  byMarket[country] ??= identifiers.map((identifier) => categoryIn(country, identifier));
  return byMarket[country];
}

/** Tells whether a payment option by a kind of funding source belongs to a category. */
export function belongsTo(identifier: CategoryName, option: PaymentOption, source: string): boolean {
  const { options, by }: CategoryFacts = paymentMethodCategories[identifier];
  return options.includes(option) && (by === undefined || by === source);
}
