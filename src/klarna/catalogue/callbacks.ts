import { HOUR, type Instant, MINUTE, SECOND } from '../time.js';
import type { Evidence } from './evidence.js';

/** A statement on how callbacks come, and why it is believed. */
interface Statement {
  says: string;
  evidence: Evidence;
  source: string;
  /** A recording that would settle what is inferred. */
  settledBy?: string;
}

/** When Klarna sends a callback, and when it does so again. Times in milliseconds. */
interface CallbackPolicy {
  /** The lowest and the highest status by which a shop takes it. */
  taken: readonly [number, number];
  /** What ends the attempts: that the shop took it, or that the order was acknowledged, which its precondition looks at. */
  until: 'taken' | 'acknowledged';
  /** From what it tells of to the first attempt. */
  first: number;
  /** From each attempt to the next; the last of them comes again and again. */
  gaps: readonly [number, ...number[]];
  /** How many attempts there are at most. */
  attempts?: number;
  /** How long after the first attempt the last one may come. */
  lasting?: number;
  /** How long a shop is given. Without `connection` the time to answer runs from the start. */
  patience: { connection?: number; answer: number };
  statements: readonly Statement[];
}

/** Documented for the authorization callback. */
const usualPatience = { connection: 2 * SECOND, answer: 2 * SECOND };

const patienceInferred = (of: string): Statement => ({
  says: `A shop has two seconds to accept the connection of ${of}, and two to answer.`,
  evidence: 'inferred',
  source: 'Documented for the authorization callback; taken to hold here too',
  settledBy: `how long a receiver that never answers ${of} is waited for`,
});

/** Each kind of callback with its schedule and the evidence for it. */
export const callbackPolicies = {
  authorization: {
    taken: [200, 299],
    until: 'taken',
    first: 0,
    gaps: [1 * SECOND, 2 * SECOND],
    attempts: 3,
    patience: usualPatience,
    statements: [
      {
        says: 'It comes at once and, until any 2xx, twice more, after one second and after two. A shop has two seconds to accept the connection, and two to answer.',
        evidence: 'docs',
        source: 'Klarna: authorization callback',
      },
    ],
  },
  notification: {
    taken: [200, 200],
    until: 'taken',
    first: 0,
    gaps: [10 * MINUTE],
    lasting: 24 * HOUR,
    patience: usualPatience,
    statements: [
      {
        says: 'It comes when the fraud check ends and, until 200, every ten minutes for 24 hours.',
        evidence: 'docs',
        source: 'Klarna: pending orders',
      },
      patienceInferred('a notification'),
    ],
  },
  push: {
    taken: [200, 299],
    until: 'acknowledged',
    first: 2 * MINUTE,
    gaps: [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 4 * HOUR],
    lasting: 48 * HOUR,
    patience: usualPatience,
    statements: [
      {
        says: 'It comes about two minutes after the order, then after 5, 15, 30 and 60 minutes, then every 4 hours for 48 hours, whatever the shop answers, until the order is acknowledged. A captured order counts as acknowledged.',
        evidence: 'docs',
        source: 'Klarna Checkout: confirm a purchase',
      },
      {
        says: 'So it is for orders of Klarna Payments and of customer tokens, too. The times lie between one attempt and the next. A cancelled order, which cannot be acknowledged, is not pushed any more.',
        evidence: 'inferred',
        source: 'Klarna’s page is of Checkout and leaves open from when the times count',
        settledBy:
          'the times at which a receiver got the pushes of an order of Klarna Payments that nobody acknowledged, and of one that was cancelled',
      },
      patienceInferred('a push'),
    ],
  },
  status_update: {
    taken: [200, 299],
    until: 'taken',
    first: 0,
    gaps: [5 * SECOND],
    attempts: 4,
    patience: { answer: 3 * SECOND },
    statements: [
      {
        says: 'It comes at once and, until any 2xx, three times more. A shop has three seconds in all.',
        evidence: 'docs',
        source: 'Klarna: status callbacks of the Hosted Payment Page',
      },
      {
        says: 'Five seconds lie between one attempt and the next.',
        evidence: 'inferred',
        source: 'Klarna’s page says a few seconds',
        settledBy: 'the times at which a receiver that answers 500 got one status update',
      },
    ],
  },
} as const satisfies Record<string, CallbackPolicy>;

/** A kind of callback: Klarna's authorization callback, its fraud notification, the push of an order, the status of a hosted page. */
export type CallbackName = keyof typeof callbackPolicies;

/** Returns how Klarna sends the callbacks of a kind. */
export const policyOf = (on: CallbackName): CallbackPolicy => callbackPolicies[on];

/** Tells whether a shop that answers with a status takes a callback. */
export function takes(on: CallbackName, status: number): boolean {
  const [lowest, highest] = policyOf(on).taken;
  return status >= lowest && status <= highest;
}

/**
 * Returns the instant of the next attempt; `undefined` when there is none.
 * @param tried how many attempts there were
 * @param first when the first was due
 * @param due when the latest was due; `now`, when it ended
 */
export function nextAttempt(
  on: CallbackName,
  { tried, first, due, now }: { tried: number; first: Instant; due: Instant; now: Instant },
): Instant | undefined {
  const { gaps, attempts = Number.POSITIVE_INFINITY, lasting = Number.POSITIVE_INFINITY } = policyOf(on);
  const gap = gaps[Math.min(tried, gaps.length) - 1] as number;
  // An attempt that took longer than the gap is followed by the whole gap.
  const next = due + gap > now ? due + gap : now + gap;
  return tried < attempts && next - first <= lasting ? next : undefined;
}
