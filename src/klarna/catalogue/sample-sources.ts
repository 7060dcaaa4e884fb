import type { FundingSource } from '../records.js';
import type { Evidence } from './evidence.js';
import { usualAccount, usualCard } from './payment-options.js';

/** A sample card or account of the purchase page, with what comes of paying by it. */
export interface SampleSource {
  source: FundingSource;
  brings: 'approved' | 'denied';
  evidence: Evidence;
  /** The source of the evidence, in words. */
  from: string;
}

const samples = 'Klarna: sample payment data';
const choice = 'our choice; Klarna publishes no card or account that does so';

/** The sample cards and accounts, and what needs none; the usual one of each kind first. */
export const sampleSources: readonly SampleSource[] = [
  { source: { type: 'card', ...usualCard }, brings: 'approved', evidence: 'docs', from: samples },
  {
    source: { ...usualCard, type: 'card', brand: 'MASTERCARD', masked_number: '************4444', reusable: false },
    brings: 'approved',
    evidence: 'inferred',
    from: choice,
  },
  {
    source: { ...usualCard, type: 'card', masked_number: '************0002' },
    brings: 'denied',
    evidence: 'inferred',
    from: choice,
  },
  { source: { type: 'direct_debit', ...usualAccount }, brings: 'approved', evidence: 'docs', from: samples },
  {
    source: { type: 'bank_transfer' },
    brings: 'approved',
    evidence: 'docs',
    from: `${samples}, where it is called Demo Bank`,
  },
  {
    source: { type: 'none' },
    brings: 'approved',
    evidence: 'docs',
    from: 'Klarna: payment method grouping, for the invoice',
  },
];

/** Returns the sample that is refused and that a funding source is; undefined for any other source. */
export function refusedSample({ type, masked_number }: FundingSource): SampleSource | undefined {
  return sampleSources.find(
    ({ brings, source }) =>
      brings === 'denied' && source.type === type && source.masked_number === masked_number && masked_number,
  );
}
