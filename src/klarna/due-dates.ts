import type { Evidence } from './evidence.js';
import type { Capture, Order, PaymentMethod } from './records.js';

/** The price list of some currencies for putting a due date off. Amounts in minor units. */
interface PriceList {
  currencies: readonly string[];
  /** The order values at which the fee rises: under the first, from it up to the second, above the second. */
  bounds: readonly [number, number];
  /** The fees of each number of days, in the order of the three ranges of order values. */
  fees: Readonly<Record<number, readonly [number, number, number]>>;
  /** The numbers of days that are offered once for an order, whatever its captures. */
  oncePerOrder: readonly number[];
}

/** Markets, payment methods and prices of putting a due date off, and where they are said. */
export const dueDateTerms: {
  evidence: Evidence;
  source: string;
  countries: readonly string[];
  methods: readonly Partial<PaymentMethod>[];
  prices: readonly PriceList[];
} = {
  evidence: 'docs',
  source: 'Klarna: extend payment date; extend customer due date, pricing',
  countries: ['AT', 'BE', 'DE', 'DK', 'FI', 'NL', 'NO', 'SE', 'GB'],
  // Pay in 30 days and Pay in 4.
  methods: [{ number_of_days: 30 }, { number_of_installments: 4 }],
  prices: [
    {
      currencies: ['EUR', 'GBP'],
      bounds: [300_00, 750_00],
      fees: { 2: [0, 0, 0], 10: [1_00, 1_00, 1_00], 30: [1_99, 4_99, 7_99], 60: [4_99, 9_99, 12_99] },
      oncePerOrder: [2],
    },
    {
      currencies: ['DKK', 'NOK', 'SEK'],
      bounds: [3000_00, 7500_00],
      fees: { 2: [0, 0, 0], 10: [10_00, 10_00, 10_00], 30: [19_00, 49_00, 79_00], 60: [49_00, 99_00, 129_00] },
      oncePerOrder: [2],
    },
  ],
};

/** A choice for the due date of a capture. */
export interface DueDateOption {
  /** What the shop pays, in minor units. */
  amount: number;
  number_of_days: number;
}

/** Returns by how many days the due date of a capture can still be put off, and for what fee; none where it cannot. */
export function dueDateOptions({ data, method, captures }: Order): DueDateOption[] {
  const { countries, methods, prices } = dueDateTerms;
  const list = prices.find(({ currencies }) => currencies.includes(data.purchase_currency.toUpperCase()));
  const covered = methods.some(
    ({ number_of_days: days, number_of_installments: parts }) =>
      (days !== undefined && days === method.number_of_days) ||
      (parts !== undefined && parts === method.number_of_installments),
  );
  if (!list || !covered || !countries.includes(data.purchase_country.toUpperCase())) return [];
  const [low, high] = list.bounds;
  const range = data.order_amount < low ? 0 : data.order_amount <= high ? 1 : 2;
  const taken = captures.flatMap(({ extensions = [] }: Capture) => extensions);
  return Object.entries(list.fees)
    .map(([days, fees]) => ({ amount: fees[range] as number, number_of_days: Number(days) }))
    .filter(({ number_of_days: days }) => !(list.oncePerOrder.includes(days) && taken.includes(days)));
}
