import type { FundingSource, PaymentMethod, PaymentOption } from '../records.js';

/** The payment options in words. */
export const optionLabels: Readonly<Record<PaymentOption, string>> = {
  pay_now: 'Pay Now',
  pay_later: 'Pay Later in 30 days',
  pay_in_3: 'Pay in 3',
  pay_in_4: 'Pay in 4',
  financing: 'Financing',
};

/** Returns a masked number in few characters: `****1111`. */
const short = (masked = '') => masked.replace(/^\*+/, '****');

/** Returns a funding source in words: `VISA ****1111`. */
export function sourceLabel({ type, brand, masked_number, reusable }: FundingSource): string {
  const kept = reusable === false ? ', cannot be kept' : '';
  switch (type) {
    case 'card':
      return `${brand} ${short(masked_number)}${kept}`;
    case 'direct_debit':
      return `Account ${short(masked_number)}${kept}`;
    case 'bank_transfer':
      return 'Bank transfer';
    case 'none':
      return 'No card or account';
  }
}

/** Returns what a funding source is, for a sentence about it: `the card VISA ****1111`. */
export function sourceInSentence({ type, brand, masked_number }: FundingSource): string {
  return type === 'card' ? `the card ${brand} ${short(masked_number)}` : `the account ${short(masked_number)}`;
}

/** Returns the way in which a payment method of a customer token is charged, in words. */
export function methodLabel({ type, number_of_days, number_of_installments }: PaymentMethod): string {
  if (number_of_days !== undefined) return `Pay Later in ${number_of_days} days`;
  if (type === 'fixed_sum_credit') return `Financing over ${number_of_installments} months`;
  return number_of_installments === undefined ? 'Pay Now' : `Pay in ${number_of_installments}`;
}
