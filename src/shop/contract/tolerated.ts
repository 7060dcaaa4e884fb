import type { Call } from '../../exchange/call.js';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../../exchange/fields.js';
import { type AmountLine, exactTotal } from '../../klarna/amounts.js';
import { localeElsewhere, suitableLocales } from '../../klarna/catalogue/markets.js';
import { rules } from '../../klarna/catalogue/rules.js';
import type { History } from '../history.js';
import { purchaseIn } from '../purchase.js';
import type { ContractProblem } from './refusals.js';

/** The APIs that check the totals of lines; Order Management does not. */
const reckons = new Set(['payments', 'customer-token', 'sandbox']);

const asAmounts = (line: Fields): AmountLine => ({
  quantity: numberOf(line.quantity),
  unit_price: numberOf(line.unit_price),
  total_amount: numberOf(line.total_amount),
  total_discount_amount: numberOf(line.total_discount_amount),
});

/** Finds lines whose total is not exactly that of their parts, but within the tolerance of ± quantity. */
export function roundedLines({ all }: History): ContractProblem[] {
  return all.flatMap((call) => {
    const purchase = purchaseIn(call);
    if (!purchase || !reckons.has(call.operation.api)) return [];
    const { evidence, source } = rules['line-total'];
    return listOf(purchase.fields.order_lines).flatMap((line, index) => {
      const amounts = asAmounts(line);
      const { quantity, unit_price, total_amount, total_discount_amount } = amounts;
      const expected = exactTotal(amounts);
      if (total_amount === expected || Math.abs(total_amount - expected) > quantity) return [];
      const field = `order_lines[${index}].total_amount`;
      return {
        call,
        path: `${purchase.at}.${field}`,
        expected,
        got: total_amount,
        evidence,
        source,
        message: `${call.operation.name} sends ${field} ${total_amount}, but ${quantity} * ${unit_price} - ${total_discount_amount} is ${expected}; it passes within +/-${quantity}, the quantity; to be exact, round unit_price up and take the rest off as total_discount_amount`,
      };
    });
  });
}

/** Returns the data of the session or authorization that a call is about, without those of the call. */
function knownOf({ params }: Call, { sessions, authorizations }: History): Fields {
  return sessions.get(params.session_id ?? '')?.data ?? authorizations.get(params.authorizationToken ?? '')?.data ?? {};
}

/** Finds locales of another market that were not refused: English, and those of calls in which Klarna accepts any. */
export function foreignLocales(history: History): ContractProblem[] {
  return history.all.flatMap((call) => {
    const { fields, at }: { fields: Fields; at: string } = purchaseIn(call) ?? { fields: {}, at: '' };
    const locale = textOf(fields.locale);
    if (locale === undefined || call.rule === 'market-locale') return [];
    const known = knownOf(call, history);
    const latest = (name: string) => (name in fields ? fields : known)[name];
    const facts = {
      purchase_country: textOf(latest('purchase_country')),
      billing_country: textOf(fieldsOf(latest('billing_address')).country),
      locale,
    };
    const elsewhere = localeElsewhere(facts);
    if (!elsewhere) return [];
    const { evidence, source } = rules['market-locale'];
    return {
      call,
      path: `${at}.locale`,
      got: locale,
      evidence,
      source,
      message: `${call.operation.name} sends locale ${locale}, which is of ${elsewhere.country}; send one of ${suitableLocales(facts)}`,
    };
  });
}
