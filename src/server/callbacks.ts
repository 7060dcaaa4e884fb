import type { Callback } from '../klarna/decision.js';
import { HOUR, type Instant, MINUTE } from '../klarna/time.js';
import type { Agenda } from './agenda.js';
import { type Delivery, type PostOptions, post } from './callback-request.js';
import type { MerchantClock } from './clock.js';

/** One try to reach the merchant. */
export interface Attempt {
  /** The callback's id, the same for all its attempts. */
  id: string;
  on: Callback['on'];
  url: string;
  body: Callback['body'];
  /** When it was sent, on the merchant's clock. */
  at: Instant;
  /** Counted from 1. */
  attempt: number;
  result: Delivery;
}

/** When Klarna takes a callback for delivered, and when it tries again. */
interface Policy {
  delivered(status: number): boolean;
  /** The instant of the next attempt; `undefined` when there is none. */
  again(attempt: number, first: Instant, now: Instant): Instant | undefined;
}

const policies: Record<Callback['on'], Policy> = {
  // At most 3 attempts, exponential from 1 s; any 2xx will do (docs, authorization callback).
  authorization: {
    delivered: (status) => status >= 200 && status < 300,
    again: (attempt, _first, now) => (attempt < 3 ? now + 1_000 * 2 ** (attempt - 1) : undefined),
  },
  // Every 10 minutes for 24 hours until 200 (docs, pending orders).
  notification: {
    delivered: (status) => status === 200,
    again: (attempt, first) => (attempt * 10 * MINUTE <= 24 * HOUR ? first + attempt * 10 * MINUTE : undefined),
  },
};

export interface CallbacksOptions extends PostOptions {
  agenda: Agenda;
  clock: MerchantClock;
  id(): string;
  /** How many attempts are remembered. */
  keep?: number;
}

/** Sends a merchant's callbacks, each at its time and again as Klarna would. Nothing waits for a receiver. */
export class Callbacks {
  readonly #options: CallbacksOptions;
  readonly #keep: number;
  #attempts: Attempt[] = [];

  constructor(options: CallbacksOptions) {
    this.#options = options;
    this.#keep = options.keep ?? 200;
  }

  /** The attempts that have ended, oldest first; only the latest are kept. */
  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  send({ on, url, body, at }: Callback): void {
    this.#schedule(at, { id: this.#options.id(), on, url, body, attempt: 1 }, at);
  }

  /** Forgets the attempts. What is to come and what is under way belongs to the agenda, and goes with it. */
  clear(): void {
    this.#attempts = [];
  }

  #schedule(at: Instant, planned: Omit<Attempt, 'at' | 'result'>, first: Instant): void {
    const { agenda, clock } = this.#options;
    const taken = agenda.schedule(at, async (signal) => {
      const sent = clock.now();
      const result = await post(planned.url, planned.body, this.#options, signal);
      if (signal.aborted) return;
      this.#record({ ...planned, at: sent, result });
      const policy = policies[planned.on];
      // What was not allowed once will not be later.
      if ('refused' in result || ('status' in result && policy.delivered(result.status))) return;
      const next = policy.again(planned.attempt, first, clock.now());
      if (next !== undefined) this.#schedule(next, { ...planned, attempt: planned.attempt + 1 }, first);
    });
    if (!taken) this.#record({ ...planned, at: clock.now(), result: { refused: 'too many callbacks wait already' } });
  }

  #record(attempt: Attempt): void {
    this.#attempts.push(attempt);
    if (this.#attempts.length > this.#keep) this.#attempts.shift();
  }
}
