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

type SourceType = FundingSource['type'];

/** Pay Later 30: an invoice due in 30 days, which no card or account backs. */
const payLater30 = (): PaymentMethod => methodOf({ option: 'pay_later', source: { type: 'none' } });

/** A funding source with the usual details where it leaves them open. */
function complete(source: FundingSource): FundingSource {
  if (source.type === 'card') return { ...usualCard, ...source };
  return source.type === 'direct_debit' ? { ...usualAccount, ...source } : source;
}

/** Pay Now by card or direct debit: charged at once, and again. */
function payNow(source: FundingSource): PaymentMethod | undefined {
  const { type, brand = '', masked_number = '', expiry_date = '' } = source;
  if (type === 'card') return { type: 'pay_by_card', card: { brand, masked_number, expiry_date } };
  return type === 'direct_debit' ? { type: 'direct_debit', direct_debit: { masked_number } } : undefined;
}

/**
 * The shopper's choice with what they left open filled in: `pay_now` and the usual source of the option.
 * @returns the choice, or the violation when the source cannot back the option or nothing of it can be kept
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

/** Returns the method of the order that follows from a choice, as the catalogue has it. */
export function methodOf({ option, source }: Choice): PaymentMethod {
  const offered: Partial<Record<SourceType, OfferedMethod>> = paymentOptions[option];
  const { evidence: _, source: __, ...method } = offered[source.type] as OfferedMethod;
  return option === 'pay_now' ? (payNow(source) ?? method) : method;
}

/**
 * The mixed-payments rule. With `buy_and_default_tokenize` the chosen option itself is not tokenized: Klarna keeps a
 * Pay Now version of the funding source behind it, or Pay Later 30 where there is none. With the other tokenizing
 * intents the chosen option itself is kept; a bank transfer cannot be charged again and becomes Pay Later 30.
 * Source: Klarna's guide to mixed payments (docs). Klarna "aims to" keep the source, the guide says: where a card or an
 * account cannot be kept, Pay Later 30 takes its place as where there is none (inferred).
 */
export function tokenizedMethodOf(choice: Choice, intent: Intent): PaymentMethod {
  if (choice.source.reusable === false) return payLater30();
  const reusable = payNow(choice.source);
  if (intent === 'buy_and_default_tokenize') return reusable ?? payLater30();
  const own = methodOf(choice);
  return own.type === 'direct_bank_transfer' ? payLater30() : own;
}

/**
 * The reason for a customer token that is another than the funding source led to expect; undefined where it is as expected.
 */
export function whyFallenBack({ source }: Choice): Reason | undefined {
  if (source.reusable !== false) return undefined;
  const kept = source.type === 'card' ? 'card' : 'account';
  const text = `funding_source.reusable: the ${kept} cannot be kept, so Pay Later in ${payLater30().number_of_days} days was tokenized; read the customer token before it is charged`;
  return { rule: 'source-kept', text };
}

/** `authorized_payment_method` as the answers of orders and charges carry it: its type alone, by invoice and by card (recorded). */
export const authorizedPaymentMethod = ({ type }: PaymentMethod): Pick<PaymentMethod, 'type'> => ({ type });

/**
 * `authorized_payment_method` as the refusal of a charge names it: of a method by card only `card` was ever seen
 * (reported, docs), so clients must accept both.
 */
export function refusedPaymentMethod({ type }: PaymentMethod): { type: PaymentMethod['type'] } {
  return { type: type.endsWith('by_card') ? 'card' : type };
}
