import { dueDateTerms } from '../catalogue/due-dates.js';
import type { Capture, Order, PaymentMethod } from '../records.js';

/** An extension of the due date that can be chosen for a capture. */
export interface DueDateOption {
  /** Fee that the shop pays, in minor units. */
  amount: number;
  number_of_days: number;
}

/** Tells whether the due date of a payment method can be extended in any market. */
function isCovered(method: PaymentMethod): boolean {
  return dueDateTerms.methods.some(
    ({ number_of_days: days, number_of_installments: parts }) =>
      (days !== undefined && days === method.number_of_days) ||
      (parts !== undefined && parts === method.number_of_installments),
  );
}

/** Returns the extensions of the due date that an order still offers, with their fees; empty where there are none. */
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
