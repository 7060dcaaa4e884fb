import { dueDateTerms } from '../catalogue/due-dates.js';
import type { Capture, Order, PaymentMethod } from '../records.js';

/** A choice for the due date of a capture. */
export interface DueDateOption {
  /** What the shop pays, in minor units. */
  amount: number;
  number_of_days: number;
}

/** Tells whether a due date of the payment method can be put off anywhere. */
function isCovered(method: PaymentMethod): boolean {
  return dueDateTerms.methods.some(
    ({ number_of_days: days, number_of_installments: parts }) =>
      (days !== undefined && days === method.number_of_days) ||
      (parts !== undefined && parts === method.number_of_installments),
  );
}

/** Returns by how many days the due date of a capture can still be put off, and for what fee; none where it cannot. */
export function dueDateOptions({ data, method, captures }: Order): DueDateOption[] {
  const country = data.purchase_country.toUpperCase();
  const list = dueDateTerms.prices.find(
    ({ currencies }) => currencies[country] === data.purchase_currency.toUpperCase(),
  );
  if (!list || !isCovered(method)) return [];
  const range = list.from.findLastIndex((lowest) => data.order_amount >= lowest);
  const taken = captures.flatMap(({ extensions = [] }: Capture) => extensions);
  return Object.entries(list.fees)
    .map(([days, byRange]) => ({ amount: byRange[range] as number, number_of_days: Number(days) }))
    .filter(({ number_of_days: days }) => !(dueDateTerms.oncePerOrder.includes(days) && taken.includes(days)));
}
