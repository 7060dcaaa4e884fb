import type { Callback } from '../klarna/decision.js';
import { HOUR, type Instant, MINUTE } from '../klarna/time.js';
import type { Patience } from './callback-request.js';

/** When Klarna takes a callback for delivered, and when it tries again. */
export interface Policy {
  delivered(status: number): boolean;
  /**
   * The instant of the next try; `undefined` when there is none.
   * @param tried how often it has been tried
   * @param first when it was first due
   */
  again(tried: number, first: Instant, now: Instant): Instant | undefined;
  /** How long a receiver is given, if otherwise than usual. */
  patience?: Patience;
}

const isSuccess = (status: number) => status >= 200 && status < 300;

/** A try every so often from the first, until a time has passed. */
const every =
  (interval: number, lasting: number): Policy['again'] =>
  (tried, first) =>
    tried * interval <= lasting ? first + tried * interval : undefined;

export const policies: Record<Callback['on'], Policy> = {
  // At most 3 attempts, exponential from 1 s; any 2xx will do (docs, authorization callback).
  authorization: {
    delivered: isSuccess,
    again: (tried, _first, now) => (tried < 3 ? now + 1_000 * 2 ** (tried - 1) : undefined),
  },
  // Every 10 minutes for 24 hours until 200 (docs, pending orders).
  notification: { delivered: (status) => status === 200, again: every(10 * MINUTE, 24 * HOUR) },
  // Nothing is published for Klarna Payments. Inferred from the habit of Klarna Checkout: every 2 hours for 48 hours.
  push: { delivered: isSuccess, again: every(2 * HOUR, 48 * HOUR) },
  // At most 4 calls, each given 3 s (docs, status callbacks). They come again "after a few seconds": 5 are inferred.
  status_update: {
    delivered: isSuccess,
    again: (tried, _first, now) => (tried < 4 ? now + 5_000 : undefined),
    patience: { answer: 3_000 },
  },
};
