import { DAY, HOUR, MINUTE } from '../time.js';
import type { Evidence } from './evidence.js';

/** The lifetime of a thing, in milliseconds on the merchant's clock, with its evidence. */
interface Lifetime {
  lasts: number;
  says: string;
  evidence: Evidence;
  source: string;
}

/** The lifetimes of all things that end with time. */
export const lifetimes = {
  session: {
    lasts: 48 * HOUR,
    says: 'A session lives 48 hours, or until an order is placed.',
    evidence: 'docs',
    source: 'Klarna guide, step 1',
  },
  /** The time from the end of a hosted session to the end of its payment session. */
  pastHostedSession: {
    lasts: HOUR,
    says: 'A hosted session ends an hour before its payment session.',
    evidence: 'docs',
    source: 'Klarna: API of the Hosted Payment Page',
  },
  authorization: {
    lasts: 60 * MINUTE,
    says: 'An authorization token can be used for 60 minutes.',
    evidence: 'docs',
    source: 'Klarna guide, step 3',
  },
  order: {
    lasts: 28 * DAY,
    says: 'An order can be captured for 28 days, to midnight UTC; an extension gives it 28 days from then.',
    evidence: 'recorded',
    source: 'playground recordings 2021; Klarna: extended authorization',
  },
  longestOrder: {
    lasts: 180 * DAY,
    says: 'No extension prolongs that beyond 180 days from the purchase.',
    evidence: 'docs',
    source: 'Klarna: extended authorization',
  },
  rejectedOrder: {
    lasts: 4 * HOUR,
    says: 'A rejected order can be captured for four hours, before Klarna cancels it.',
    evidence: 'docs',
    source: 'Klarna: pending orders',
  },
  idempotencyKey: {
    lasts: 24 * HOUR,
    says: 'An idempotency key is honoured for 24 hours.',
    evidence: 'spec',
    source: 'OpenAPI documents; retry policy',
  },
} as const satisfies Record<string, Lifetime>;
