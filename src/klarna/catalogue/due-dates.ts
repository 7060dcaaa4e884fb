import type { PaymentMethod } from '../records.js';
import type { Evidence } from './evidence.js';

/** A price list for extending due dates, shared by some markets. Amounts in minor units. */
interface PriceList {
  /** The currency of each of its markets, by country. */
  currencies: Readonly<Record<string, string>>;
  /** The lowest order amounts of the three ranges by which fees rise. */
  from: readonly [number, number, number];
  /** Fees by number of days, in the order of the ranges. */
  fees: Readonly<Record<number, readonly [number, number, number]>>;
}

const fees = {
  2: [0, 0, 0],
  10: [1_00, 1_00, 1_00],
  30: [1_99, 4_99, 7_99],
  60: [4_99, 9_99, 12_99],
} as const;

const nordicFees = {
  2: [0, 0, 0],
  10: [10_00, 10_00, 10_00],
  30: [19_00, 49_00, 79_00],
  60: [49_00, 99_00, 129_00],
} as const;

/**
 * Payment methods and prices of extending a due date. Where Klarna's page says "under" and "above" a value, the value
 * itself belongs to the middle range; for the United Kingdom the page has 300 in the lowest.
 */
export const dueDateTerms: {
  evidence: Evidence;
  source: string;
  methods: readonly Partial<PaymentMethod>[];
  prices: readonly PriceList[];
  /** Numbers of days that are offered once per order, for all its captures together. */
  oncePerOrder: readonly number[];
} = {
  evidence: 'docs',
  source: 'Klarna: extend payment date; extend payment date pricing',
  // Pay in 30 days and Pay in 4.
  methods: [{ number_of_days: 30 }, { number_of_installments: 4 }],
  prices: [
    {
      currencies: { AT: 'EUR', BE: 'EUR', DE: 'EUR', FI: 'EUR', NL: 'EUR' },
      from: [0, 300_00, 750_01],
      fees,
    },
    { currencies: { GB: 'GBP' }, from: [0, 300_01, 750_01], fees },
    { currencies: { DK: 'DKK', NO: 'NOK', SE: 'SEK' }, from: [0, 3000_00, 7500_01], fees: nordicFees },
  ],
  oncePerOrder: [2],
};
