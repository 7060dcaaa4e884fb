import type { ErrorName } from '../klarna/errors.js';
import type { FraudCheck, FraudVerdict } from '../klarna/records.js';

/** Which of the calls that it counts an outcome takes, from 1: a run of them (`to` may be Infinity) or every so many. */
export type Calls = { from: number; to: number } | { every: number };

/** The result of Klarna's fraud check on an order. */
export interface Fraud {
  status: FraudCheck;
  /** What Klarna says later, of an accepted order STOPPED alone; undefined: the status stays. Stands together with `after`. */
  then?: FraudVerdict;
  /** How much later on the merchant's clock: an ISO 8601 duration, months by the calendar. */
  after?: string;
}

/** What becomes of an answer on the wire. */
export type FaultKind = 'status' | 'delay' | 'timeout' | 'close' | 'reset' | 'garbage' | 'truncate' | 'empty';

/** Trouble on the wire. */
export interface Fault {
  /** Whether the operation runs and is committed before its answer is lost or bent. */
  commit: boolean;
  /** `delay` when there is nothing but a delay: the ordinary answer comes late. */
  kind: FaultKind;
  /** Of the kind `status`: 429 (with an empty body) or 5xx (with Klarna's error body). */
  status?: number;
  /** Milliseconds of wall time before the rest happens, at most 120,000; may stand beside any kind. */
  delay?: number;
}

/** Another answer than the ordinary one: exactly one of `error`, `fraud` and `fault`. */
export interface Outcome {
  /** Its place in the scenario's list, from 0. */
  index: number;
  /** Its line in the file. */
  line: number;
  /** The name of the operation. */
  on: string;
  /** Counts the calls of its operation that meet `when`. */
  calls: Calls;
  /** What the request's body, as it was read, must meet: a subset with matchers. */
  when?: unknown;
  /** An entry of the catalogue that its operation can answer. */
  error?: ErrorName;
  fraud?: Fraud;
  fault?: Fault;
}
