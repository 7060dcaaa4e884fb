import type { FundingSource, PaymentMethod, PaymentOption } from '../records.js';
import type { Evidence } from './evidence.js';

type SourceType = FundingSource['type'];

/** The payment method of an order for an option backed by a funding source, with the evidence for it. */
export interface OfferedMethod extends Pick<PaymentMethod, 'type' | 'number_of_days' | 'number_of_installments'> {
  evidence: Evidence;
  source: string;
}

const grouping = { evidence: 'docs', source: 'Klarna: payment method grouping' } as const;
const recorded = { evidence: 'recorded', source: 'playground recordings 2021' } as const;
const byAnalogy = { evidence: 'inferred', source: 'by what is recorded and documented of the others' } as const;

/** Number of days until an invoice of Pay Later is due. */
const DAYS = 30;

/** Number of instalments of financing where no source gives one (inferred). */
const MONTHS = 12;

/** The payment method of an order by payment option and funding source, the usual source of each option first. */
export const paymentOptions = {
  pay_now: {
    card: { type: 'pay_by_card', ...grouping },
    direct_debit: { type: 'direct_debit', ...grouping },
    bank_transfer: { type: 'direct_bank_transfer', ...grouping },
  },
  pay_later: {
    none: { type: 'invoice', number_of_days: DAYS, ...grouping },
    card: { type: 'pay_later_by_card', number_of_days: DAYS, ...grouping },
  },
  pay_in_3: {
    card: { type: 'slice_it_by_card', number_of_installments: 3, ...recorded },
    direct_debit: { type: 'fixed_amount', number_of_installments: 3, ...byAnalogy },
  },
  pay_in_4: {
    card: { type: 'slice_it_by_card', number_of_installments: 4, ...recorded },
    direct_debit: { type: 'fixed_amount', number_of_installments: 4, ...byAnalogy },
  },
  financing: {
    card: { type: 'fixed_sum_credit', number_of_installments: MONTHS, ...grouping },
    direct_debit: { type: 'fixed_sum_credit', number_of_installments: MONTHS, ...byAnalogy },
    none: { type: 'fixed_sum_credit', number_of_installments: MONTHS, ...byAnalogy },
  },
} as const satisfies Record<PaymentOption, Partial<Record<SourceType, OfferedMethod>>>;

/** Funding sources that can be charged again, if they can be kept. Source: Klarna's guide to mixed payments (docs). */
export const reusableSources: ReadonlySet<SourceType> = new Set(['card', 'direct_debit']);

/** Invented details of a card and of an account, used where a funding source leaves them out. */
export const usualCard = { brand: 'VISA', masked_number: '************1111', expiry_date: '12/2028' };
export const usualAccount = { masked_number: '**********0131' };

/** Payment methods as Order Management names and describes them; FIXED_AMOUNT_BY_CARD is recorded, others inferred. */
export const initialMethods: Readonly<Record<PaymentMethod['type'], { type: string; description: string }>> = {
  invoice: { type: 'INVOICE', description: 'Pay later' },
  fixed_amount: { type: 'FIXED_AMOUNT', description: 'Slice it (Fixed Payments)' },
  base_account: { type: 'ACCOUNT', description: 'Klarna account' },
  direct_debit: { type: 'DIRECT_DEBIT', description: 'Direct debit' },
  direct_bank_transfer: { type: 'BANK_TRANSFER', description: 'Bank transfer' },
  b2b_invoice: { type: 'INVOICE_BUSINESS', description: 'Invoice for companies' },
  card: { type: 'CARD', description: 'Card' },
  slice_it_by_card: { type: 'FIXED_AMOUNT_BY_CARD', description: 'Slice it (Fixed Payments by Card)' },
  pay_later_by_card: { type: 'PAY_LATER_BY_CARD', description: 'Pay later by card' },
  pay_by_card: { type: 'PAY_BY_CARD', description: 'Pay by card' },
  fixed_sum_credit: { type: 'FIXED_SUM_CREDIT', description: 'Financing' },
  alternative_payment_method: { type: 'ALTERNATIVE_PAYMENT_METHOD', description: 'Other payment method' },
};
