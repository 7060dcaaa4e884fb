import { type Fields, fieldsOf, textOf } from '../exchange/fields.js';

/** The types of lines that accompany goods, such as fees and discounts. */
export const sideLines: ReadonlySet<unknown> = new Set([
  'shipping_fee',
  'discount',
  'sales_tax',
  'gift_card',
  'store_credit',
  'surcharge',
]);

/** Tells whether a line has a subscription object. */
export const isRecurring = (line: Fields): boolean => line.subscription !== undefined;

/** Returns the text that identifies a line: its reference, or else its name. */
export const lineName = (line: Fields): string => textOf(line.reference) ?? String(line.name);

/** Returns a line's subscription in words: `"Boot care", every 1 MONTH`. */
export function describeSubscription(line: Fields): string {
  const { name, interval, interval_count } = fieldsOf(line.subscription);
  return `${JSON.stringify(name)}, every ${interval_count} ${interval}`;
}
