import type { Fields } from '../../replay/words.js';
import type { Random } from './random.js';

/** Tax rates with two implicit decimals. */
const RATES = [0, 250, 600, 1000, 1900, 2100, 2500];

/** Kinds of lines that add to a purchase, in the words of every API. */
const KINDS = ['physical', 'digital', 'shipping_fee', 'surcharge'];

const taxIn = (total: number, rate: number): number => Math.round((total * rate) / (10_000 + rate));

/**
 * Puts numbers that belong together into lines, amount and tax of a body, whatever stood there. Tax is within the lines, or
 * in a line of its own. Where there are no lines nothing happens.
 * @param knows whether bodies of the operation may have a field
 */
export function reckon(body: Fields, knows: (field: string) => boolean, random: Random): Fields {
  if (!Array.isArray(body.order_lines)) return body;
  const taxed = random.percent(75);
  const lines = (body.order_lines as Fields[]).map((line) => reckonLine(line, random, taxed));
  if (random.percent(20)) lines.push(takeOff(lines[0] as Fields, taxed));
  const sum = (field: string) => lines.reduce((total, line) => total + Number(line[field] ?? 0), 0);
  let tax = sum('total_tax_amount');
  if (!taxed) {
    tax = random.between(1, 500);
    lines.push({ type: 'sales_tax', name: 'Sales tax', quantity: 1, unit_price: tax, total_amount: tax });
  }
  return {
    ...body,
    order_lines: lines,
    ...(knows('order_amount') && { order_amount: sum('total_amount') }),
    ...(knows('order_tax_amount') && { order_tax_amount: tax }),
  };
}

function reckonLine(line: Fields, random: Random, taxed: boolean): Fields {
  const { total_discount_amount: _, tax_rate: __, total_tax_amount: ___, ...rest } = line;
  const quantity = random.between(1, 20);
  const unit_price = random.between(1, 50_000);
  const discount = random.percent(25) ? random.between(0, quantity * unit_price - 1) : undefined;
  const total_amount = quantity * unit_price - (discount ?? 0);
  const rate = random.pick(RATES);
  return {
    ...rest,
    ...('type' in line && { type: random.pick(KINDS) }),
    quantity,
    unit_price,
    total_amount,
    ...(discount !== undefined && { total_discount_amount: discount }),
    ...(taxed && { tax_rate: rate, total_tax_amount: taxIn(total_amount, rate) }),
  };
}

/** A line that takes a part of another one off. */
function takeOff({ total_amount, tax_rate }: Fields, taxed: boolean): Fields {
  const total = -Math.floor(Number(total_amount) / 2);
  const tax = taxed && { tax_rate, total_tax_amount: taxIn(total, Number(tax_rate)) };
  return { type: 'discount', name: 'Discount', quantity: 1, unit_price: total, total_amount: total, ...tax };
}
