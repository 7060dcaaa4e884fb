import type { Violation } from './decision.js';
import type { Intent, OrderLine } from './records.js';

/** The fields of a line that the amount rules read. Amounts in minor units; `tax_rate` has two implicit decimals. */
export type AmountLine = Pick<
  OrderLine,
  'quantity' | 'unit_price' | 'total_amount' | 'total_discount_amount' | 'tax_rate' | 'total_tax_amount'
> & { type?: string };

/** The fields of a session or an order that the amount rules read. Amounts in minor units. */
export interface Amounts {
  order_amount?: number;
  order_tax_amount?: number;
  order_lines?: readonly AmountLine[];
}

/** A tax rate of 100 %, with its two implicit decimals. */
const WHOLE = 10_000;

/** Returns the exact total of a line in minor units: quantity × unit price − discount. */
export function exactTotal({ quantity, unit_price, total_discount_amount = 0 }: AmountLine): number {
  return quantity * unit_price - total_discount_amount;
}

/** Checks the total of a line. Unit prices are often rounded, so each piece may be off by one minor unit. */
function checkLineTotal(line: AmountLine, index: number): Violation | undefined {
  const { quantity, unit_price, total_amount, total_discount_amount = 0 } = line;
  const exact = exactTotal(line);
  if (Math.abs(total_amount - exact) <= quantity) return undefined;
  const field = `order_lines[${index}].total_amount`;
  return {
    rule: 'line-total',
    field,
    text: `${field}: given ${total_amount}, expected ${exact} +/-${quantity} = ${quantity} * ${unit_price} - ${total_discount_amount} +/- quantity`,
  };
}

function checkLineTax(line: AmountLine, index: number): Violation | undefined {
  const rate = line.tax_rate ?? 0;
  const given = line.total_tax_amount ?? 0;
  // |given − total·rate/(10000+rate)| ≤ 1, multiplied by the divisor, so that only whole numbers are compared.
  const divisor = WHOLE + rate;
  if (Math.abs(given * divisor - line.total_amount * rate) <= divisor) return undefined;
  const expected = Math.round((line.total_amount * rate) / divisor);
  const field = `order_lines[${index}].total_tax_amount`;
  return {
    rule: 'line-tax',
    field,
    text: `${field}: given ${given}, expected ${expected} +/-1 for total_amount ${line.total_amount} at tax_rate ${rate}`,
  };
}

/** Returns the violations of the rules for lines: the total and the tax of each line. */
export function checkLines(lines: readonly AmountLine[]): Violation[] {
  const violations: Violation[] = [];
  lines.forEach((line, index) => {
    const total = checkLineTotal(line, index);
    if (total) violations.push(total);
    const tax = checkLineTax(line, index);
    if (tax) violations.push(tax);
  });
  return violations;
}

const sum = (lines: readonly AmountLine[], amount: (line: AmountLine) => number) =>
  lines.reduce((total, line) => total + amount(line), 0);

const isSalesTax = (line: AmountLine) => line.type?.toLowerCase() === 'sales_tax';

function checkOrderTax(given: number, lines: readonly AmountLine[]): Violation | undefined {
  const field = 'order_tax_amount';
  if (lines.some(isSalesTax)) {
    const expected = sum(lines.filter(isSalesTax), (line) => line.total_amount);
    if (given === expected) return undefined;
    return { rule: 'sales-tax', field, text: `${field}: given ${given}, expected ${expected}, the sales_tax line` };
  }
  const expected = sum(lines, (line) => line.total_tax_amount ?? 0);
  if (Math.abs(given - expected) <= lines.length) return undefined;
  return {
    rule: 'order-tax',
    field,
    text: `${field}: given ${given}, expected ${expected} +/-${lines.length}, the sum of all total_tax_amount`,
  };
}

/**
 * Returns the violations of the rules for the whole purchase: its sum, its tax, and an amount of zero, which only the
 * intent `tokenize` may have.
 * @param intent the intent of the session; absent where the request has none, and zero is not checked
 */
export function checkTotals({ order_amount, order_tax_amount, order_lines }: Amounts, intent?: Intent): Violation[] {
  const violations: Violation[] = [];
  if (order_amount !== undefined && order_lines) {
    const expected = sum(order_lines, (line) => line.total_amount);
    if (order_amount !== expected) {
      violations.push({
        rule: 'order-total',
        field: 'order_amount',
        text: `order_amount: given ${order_amount}, expected ${expected}, the sum of all total_amount`,
      });
    }
  }
  if (order_amount === 0 && intent !== undefined && intent !== 'tokenize') {
    violations.push({
      rule: 'zero-amount',
      field: 'order_amount',
      text: `order_amount: given 0 with intent ${intent}, expected more than 0, or intent tokenize`,
    });
  }
  if (order_tax_amount !== undefined && order_lines) {
    const violation = checkOrderTax(order_tax_amount, order_lines);
    if (violation) violations.push(violation);
  }
  return violations;
}

/** Returns the violations of the lines or, if there are none, those of the totals. */
export function checkAmounts(amounts: Amounts, intent?: Intent): Violation[] {
  const lines = checkLines(amounts.order_lines ?? []);
  return lines.length > 0 ? lines : checkTotals(amounts, intent);
}
