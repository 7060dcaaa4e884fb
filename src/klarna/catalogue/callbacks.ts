import type { components } from '../../contract/generated/sandbox.js';
import { HOUR, type Instant, MINUTE, SECOND } from '../time.js';
import type { Evidence } from './evidence.js';

/** A kind of callback: authorization, fraud notification, push of an order, or status update of a hosted session. */
export type CallbackName = components['schemas']['callback_attempt']['on'];

/** A statement on how callbacks are sent, with its evidence. */
interface Statement {
  says: string;
  evidence: Evidence;
  source: string;
  /** The recording that would settle an inferred statement. */
  settledBy?: string;
}

/** The schedule by which Klarna sends a callback and repeats it. Times in milliseconds. */
interface CallbackPolicy {
  /** The lowest and the highest status by which a shop accepts it. */
  taken: readonly [number, number];
  /** The end of the attempts: an accepting answer, or the acknowledged order, for which the precondition checks. */
  until: 'taken' | 'acknowledged';
  /** Time from the event to the first attempt. */
  first: number;
  /** Times from each attempt to the next; the last one repeats. */
  gaps: readonly [number, ...number[]];
  /** Highest number of attempts. */
  attempts?: number;
  /** Longest time from the first attempt to the last one. */
  lasting?: number;
  /** Time limits of an attempt. Without `connection` the time to answer runs from the start. */
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

/** The schedule of each kind of callback, with the evidence for it. */
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
} as const satisfies Record<CallbackName, CallbackPolicy>;

/** Returns the schedule of a kind of callback. */
export const policyOf = (on: CallbackName): CallbackPolicy => callbackPolicies[on];

/** Tells whether a status means that the shop accepts a callback. */
export function takes(on: CallbackName, status: number): boolean {
  const [lowest, highest] = policyOf(on).taken;
  return status >= lowest && status <= highest;
}

/**
 * Returns the instant of the next attempt; `undefined` when there is none.
 * @param tried number of attempts made
 * @param first instant at which the first attempt was due
 * @param due instant at which the latest attempt was due; `now` is the instant at which it ended
 */
export function nextAttempt(
  on: CallbackName,
  { tried, first, due, now }: { tried: number; first: Instant; due: Instant; now: Instant },
): Instant | undefined {
  const { gaps, attempts = Number.POSITIVE_INFINITY, lasting = Number.POSITIVE_INFINITY } = policyOf(on);
  const gap = gaps[Math.min(tried, gaps.length) - 1] as number;
  // After an attempt that took longer than the gap, the whole gap follows.
  const next = due + gap > now ? due + gap : now + gap;
  return tried < attempts && next - first <= lasting ? next : undefined;
}
