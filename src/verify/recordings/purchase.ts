import { marketOf, markets } from '../../klarna/catalogue/markets.js';
import { type Fields, isFields } from '../../replay/words.js';
import { fieldsFor, usualPurchase } from '../recipes.js';
import { amountOf } from './told.js';

/** The market that a purchase or a charge is in, by its country, or else by its currency. */
export function countryOf({ purchase_country, purchase_currency }: Fields): string | undefined {
  const named = marketOf(typeof purchase_country === 'string' ? purchase_country : undefined);
  const paying = Object.entries(markets).find(([, { currency }]) => currency === purchase_currency);
  return named?.country ?? paying?.[0];
}

/** A session for what a request or an answer shows of a purchase; what that leaves out is as usual. */
export function shownPurchase(shown: Fields, amount?: number): Fields {
  const usual = usualPurchase(countryOf(shown), amount);
  const own = fieldsFor('createSession', shown);
  const lines = linesOf(own);
  if (lines.length === 0)
    return { ...usual, ...own, ...(own.order_lines !== undefined && { order_lines: usual.order_lines }) };
  const { order_lines: _, ...rest } = usual;
  return { ...rest, order_tax_amount: taxOf(lines), ...own, order_lines: lines };
}

/** Lines as a session takes them: Klarna shows those of an order with empty texts where it was told nothing. */
function linesOf({ order_lines }: Fields): Fields[] {
  const lines = Array.isArray(order_lines) ? order_lines.filter(isFields) : [];
  return lines.map((line) => Object.fromEntries(Object.entries(line).filter(([, value]) => value !== '')));
}

const taxOf = (lines: readonly Fields[]): number =>
  lines.reduce((sum, line) => sum + amountOf(line.type === 'sales_tax' ? line.total_amount : line.total_tax_amount), 0);
