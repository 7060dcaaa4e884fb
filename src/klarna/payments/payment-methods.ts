import {
  type OfferedMethod,
  paymentOptions,
  reusableSources,
  usualAccount,
  usualCard,
} from '../catalogue/payment-options.js';
import type { Reason } from '../catalogue/rules.js';
import type { Violation } from '../decision.js';
import type { Choice, FundingSource, Intent, PaymentMethod, PaymentOption } from '../records.js';
import { withFields } from '../with-fields.js';

type SourceType = FundingSource['type'];

/** Makes the method Pay Later 30: an invoice due in 30 days, without a card or account. */
const payLater30 = (): PaymentMethod => methodOf({ option: 'pay_later', source: { type: 'none' } });

/** Returns a funding source with the usual details for those it leaves out. */
function complete(source: FundingSource): FundingSource {
  if (source.type === 'card') return withFields(usualCard, source);
  return source.type === 'direct_debit' ? withFields(usualAccount, source) : source;
}

/** Makes the Pay Now method of a card or direct debit, which can be charged repeatedly; undefined for other sources. */
function payNow(source: FundingSource): PaymentMethod | undefined {
  const { type, brand = '', masked_number = '', expiry_date = '' } = source;
  if (type === 'card') return { type: 'pay_by_card', card: { brand, masked_number, expiry_date } };
  return type === 'direct_debit' ? { type: 'direct_debit', direct_debit: { masked_number } } : undefined;
}

/**
 * Returns the shopper's choice, with the defaults `pay_now` and the usual source of the option.
 * @returns the choice, or the violation: the source cannot back the option, or has `reusable` but can never be reused
 */
export function chooseMethod(option: PaymentOption = 'pay_now', source?: FundingSource): Choice | Violation {
  const known = Object.keys(paymentOptions[option]) as [SourceType, ...SourceType[]];
  const chosen: FundingSource = source ?? { type: known[0] };
  if (!known.includes(chosen.type)) {
    const text = `funding_source: given ${chosen.type} for ${option}, expected ${known.join(' or ')}`;
    return { rule: 'option-and-source', field: 'funding_source', text };
  }
  if (chosen.reusable !== undefined && !reusableSources.has(chosen.type)) {
    const text = `funding_source.reusable: given ${chosen.reusable} for ${chosen.type}, expected it with card or direct_debit alone, since nothing else can be charged again`;
    return { rule: 'source-kept', field: 'funding_source.reusable', text };
  }
  return { option, source: complete(chosen) };
}

/** Returns the payment method of an order for a choice, from the catalogue. */
export function methodOf({ option, source }: Choice): PaymentMethod {
  const offered: Partial<Record<SourceType, OfferedMethod>> = paymentOptions[option];
  const { evidence: _, source: __, ...method } = offered[source.type] as OfferedMethod;
  return option === 'pay_now' ? (payNow(source) ?? method) : method;
}

/**
 * Returns the method of a customer token by the mixed-payments rule. With `buy_and_default_tokenize` it is not the
 * chosen option: Klarna tokenizes the Pay Now method of its funding source, or Pay Later 30 where there is none. With
 * the other tokenizing intents it is the chosen option; a bank transfer cannot be charged again and becomes Pay Later
 * 30.
 * Source: Klarna's guide to mixed payments (docs). The guide says that Klarna "aims to" keep the source: a card or an
 * account that cannot be kept becomes Pay Later 30 as well (inferred).
 */
export function tokenizedMethodOf(choice: Choice, intent: Intent): PaymentMethod {
  if (choice.source.reusable === false) return payLater30();
  const reusable = payNow(choice.source);
  if (intent === 'buy_and_default_tokenize') return reusable ?? payLater30();
  const own = methodOf(choice);
  return own.type === 'direct_bank_transfer' ? payLater30() : own;
}

/** Returns the reason if a customer token is Pay Later 30 because its funding source cannot be kept; else undefined. */
export function whyFallenBack({ source }: Choice): Reason | undefined {
  if (source.reusable !== false) return undefined;
  const kind = source.type === 'card' ? 'card' : 'account';
  const text = `funding_source.reusable: the ${kind} cannot be kept, so Pay Later in ${payLater30().number_of_days} days was tokenized; read the customer token before it is charged`;
  return { rule: 'source-kept', text };
}

/** Returns `authorized_payment_method` of an order or a charge: its type alone, by invoice and by card (recorded). */
export const authorizedPaymentMethod = ({ type }: PaymentMethod): Pick<PaymentMethod, 'type'> => ({ type });

/**
 * Returns `authorized_payment_method` of a refused charge. Of a method by card only `card` was ever seen (reported,
 * docs), so clients must accept both.
 */
export function refusedPaymentMethod({ type }: PaymentMethod): { type: PaymentMethod['type'] } {
  return { type: type.endsWith('by_card') ? 'card' : type };
}
