import type { Operation } from '../contract/operations.js';
import type { CallbackName } from '../klarna/catalogue/callbacks.js';
import type { ErrorName } from '../klarna/catalogue/errors.js';
import type { Evidence } from '../klarna/catalogue/evidence.js';
import type { MarketCountry } from '../klarna/catalogue/markets.js';
import type { ShopperRequest } from '../klarna/payments/purchase-flow.js';
import type { FraudCheck, FraudVerdict } from '../klarna/records.js';
import type { Position } from './problem.js';

/** What the shopper does in the purchase flow: the control API's `authorizeSession` without the data of the SDK. */
export type ShopperScript = Omit<ShopperRequest, 'data'>;

export type { CallbackName };

/** How a callback is delivered, other than once and on time. */
export interface Delivery {
  /** Sent again after it was received. */
  twice?: boolean;
  /** How long after what it tells of it is first sent, on the merchant's clock: an ISO 8601 duration. */
  after?: string;
  /** How much later than usual it is first sent, on the merchant's clock: an ISO 8601 duration. */
  delay?: string;
  /** Sent before the answer to the request that causes it. */
  before_the_answer?: boolean;
  /** Never sent. */
  drop?: boolean;
  /** Sent after the callback that should follow it. */
  reorder?: boolean;
  /** The HTTP status that the receiver is expected to give. */
  status?: number;
}

/** How the callbacks of one kind are delivered. */
export interface DeliveryRule {
  /** Its line in the file. */
  line: number;
  on: CallbackName;
  delivery: Delivery;
}

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

/** The parts of a request as the file gives them: variables and generated values are still to be put in. */
export interface RequestTemplate {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  /** Undefined for a request without a body. A text is sent as it stands, so that it may be malformed JSON. */
  body: unknown;
}

/** What the answer must be; each part a subset with matchers. */
export interface Expectation {
  status?: unknown;
  /** Names in lower case. */
  headers?: Record<string, unknown>;
  body?: unknown;
  /** What the control API lists as the payment method of the order or customer token that the step is about. */
  payment_method?: unknown;
  /** What the player's receiver got since a step last looked. */
  callbacks?: unknown;
}

/** One request of a scenario and what must come of it. */
export interface Step {
  /** Whether the merchant acts, the shopper, or time. */
  kind: 'operation' | 'shopper' | 'clock';
  operation: Operation;
  title: string | undefined;
  at: Position;
  /** Another merchant than the scenario's own. */
  as: string | undefined;
  /** How often the same request is sent. */
  times: number;
  request: RequestTemplate;
  /** Undefined: any success will do. */
  expect: Expectation | undefined;
  /** Paths into the answer by the name of the variable that keeps what is there. */
  keep: Record<string, string>;
}

/** What a sandbox may have or not: a clock that stands until it is moved. */
export type Need = 'standing-clock';

/** A scenario file, checked and complete. */
export interface Scenario {
  /** Its path under `scenarios/` without the extension. */
  name: string;
  /** The file, as messages name it. */
  path: string;
  /** A short name, for where there is little room: the billing e-mail. */
  alias: string | undefined;
  title: string;
  evidence: Evidence;
  /** The public source of what it claims, in words or as a URL. */
  source: string | undefined;
  market: MarketCountry | undefined;
  tags: string[];
  /** The merchant that plays it, when it may not be one of the scenario's own. */
  merchant: string | undefined;
  /** What the sandbox must have that it is played on. */
  needs: Need[];
  /** Variables that stand before the first step. */
  variables: Record<string, unknown>;
  /** What the shopper does at every authorize, until told otherwise. */
  shopper: ShopperScript | undefined;
  /** Other answers than the ordinary ones: of those that take a call the first wins. */
  outcomes: Outcome[];
  /** How callbacks are delivered: of those for one callback there is at most one. */
  callbacks: DeliveryRule[];
  /** None in a scenario that is only chosen, not replayed. */
  steps: Step[];
}

/** The part of a scenario that says what happens; its steps are not. */
export type Script = Pick<Scenario, 'name' | 'title' | 'shopper' | 'outcomes' | 'callbacks'>;
