import { type Fields, fieldsOf, textOf } from '../exchange/fields.js';

/** Lines that go with goods and are none. */
export const sideLines: ReadonlySet<unknown> = new Set([
  'shipping_fee',
  'discount',
  'sales_tax',
  'gift_card',
  'store_credit',
  'surcharge',
]);

/** Whether a line says that it recurs. */
export const isRecurring = (line: Fields): boolean => line.subscription !== undefined;

/** What tells a line from the others of a shop: its reference, or else its name. */
export const lineName = (line: Fields): string => textOf(line.reference) ?? String(line.name);

/** A subscription in words: `"Boot care", every 1 MONTH`. */
export function describeSubscription(line: Fields): string {
  const { name, interval, interval_count } = fieldsOf(line.subscription);
  return `${JSON.stringify(name)}, every ${interval_count} ${interval}`;
}
