import type { Operation } from '../contract/operations.js';
import type { CallbackName } from '../klarna/catalogue/callbacks.js';
import type { ErrorName } from '../klarna/catalogue/errors.js';
import type { Evidence } from '../klarna/catalogue/evidence.js';
import type { MarketCountry } from '../klarna/catalogue/markets.js';
import type { ShopperRequest } from '../klarna/payments/purchase-flow.js';
import type { CategoryName, FraudCheck, FraudVerdict } from '../klarna/records.js';
import type { Position } from './problem.js';

/** The shopper's behaviour in the purchase flow: the body of the control API's `authorizeSession` without SDK data. */
export type ShopperScript = Omit<ShopperRequest, 'data'>;

export type { CallbackName };

/** A delivery of a callback other than once and on time. */
export interface Delivery {
  /** True when it is sent again after it was received. */
  twice?: boolean;
  /** Time from its event to the first attempt, on the merchant's clock: an ISO 8601 duration. */
  after?: string;
  /** Time by which the first attempt is later than usual, on the merchant's clock: an ISO 8601 duration. */
  delay?: string;
  /** True when it is sent before the answer to the request that causes it. */
  before_the_answer?: boolean;
  /** True when it is never sent. */
  drop?: boolean;
  /** True when it is sent after the callback that should follow it. */
  reorder?: boolean;
  /** HTTP status that the receiver is expected to answer. */
  status?: number;
}

/** A rule for the delivery of one kind of callback. */
export interface DeliveryRule {
  /** Line in the file; absent for a scenario that is none. */
  line?: number;
  on: CallbackName;
  delivery: Delivery;
}

/** Calls that an outcome takes of those it counts, from 1: a run (`to` may be Infinity), or every nth. */
export type Calls = { from: number; to: number } | { every: number };

/** The result of Klarna's fraud check on an order. */
export interface Fraud {
  status: FraudCheck;
  /** Later result, for an accepted order only STOPPED; undefined when the status stays. Requires `after`. */
  then?: FraudVerdict;
  /** Time until `then`, on the merchant's clock: an ISO 8601 duration, months by the calendar. */
  after?: string;
}

/** A kind of fault of an answer on the wire. */
export type FaultKind = 'status' | 'delay' | 'timeout' | 'close' | 'reset' | 'garbage' | 'truncate' | 'empty';

/** A fault of an answer on the wire. */
export interface Fault {
  /** True when the operation runs and is committed before its answer is lost or changed. */
  commit: boolean;
  /** `delay` when the ordinary answer is sent, only late. */
  kind: FaultKind;
  /** Status of the kind `status`: 429 (with an empty body) or 5xx (with Klarna's error body). */
  status?: number;
  /** Milliseconds of wall time before the answer or fault, at most 120,000; allowed with every kind. */
  delay?: number;
}

/** An answer other than the ordinary one: exactly one of `error`, `fraud` and `fault`. */
export interface Outcome {
  /** Position in the scenario's list, from 0. */
  index: number;
  /** Line in the file; absent for a scenario that is none. */
  line?: number;
  /** Name of the operation. */
  on: string;
  /** Calls that it takes, counting those of its operation that meet `when`. */
  calls: Calls;
  /** Expectation that the request's body, as Klarna reads it, must meet: a subset with matchers. */
  when?: unknown;
  /** Error of the catalogue that its operation can answer. */
  error?: ErrorName;
  fraud?: Fraud;
  fault?: Fault;
}

/** The parts of a request as in the file, before variables and generated values are put in. */
export interface RequestTemplate {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  /** Undefined for a request without a body. A text is sent unchanged, so that it may be malformed JSON. */
  body: unknown;
}

/** The expected answer; each part is a subset with matchers. */
export interface Expectation {
  status?: unknown;
  /** Headers by name in lower case. */
  headers?: Record<string, unknown>;
  body?: unknown;
  /** Payment method of the step's order or customer token, as the control API lists it. */
  payment_method?: unknown;
  /** Callbacks that the player's receiver got since a step last looked at them. */
  callbacks?: unknown;
}

/** A request of a scenario and its expected answer. */
export interface Step {
  /** The actor: the merchant, the shopper, or the clock. */
  kind: 'operation' | 'shopper' | 'clock';
  operation: Operation;
  title: string | undefined;
  at: Position;
  /** Merchant that sends it, if it is not the scenario's own. */
  as: string | undefined;
  /** Number of times that the same request is sent. */
  times: number;
  request: RequestTemplate;
  /** Undefined when any success is accepted. */
  expect: Expectation | undefined;
  /** Paths into the answer, by the name of the variable that keeps the value. */
  keep: Record<string, string>;
}

/** A property of a sandbox that a scenario can need: a clock that stands still until it is moved. */
export type Need = 'standing-clock';

/** A scenario file, checked and complete. */
export interface Scenario {
  /** Path under `scenarios/` without the extension. */
  name: string;
  /** Path of the file, as messages name it. */
  path: string;
  /** The content of one that was given as an object: it has no file, and nobody knows it by lines. */
  inline?: object;
  /** Short name for places with little room, such as the billing e-mail. */
  alias: string | undefined;
  title: string;
  evidence: Evidence;
  /** Public source of its claim, in words or as a URL. */
  source: string | undefined;
  market: MarketCountry | undefined;
  tags: string[];
  /** Merchant that plays it; undefined for a merchant of its own. */
  merchant: string | undefined;
  /** Properties that the sandbox must have on which it is played. */
  needs: Need[];
  /** Variables that exist before the first step. */
  variables: Record<string, unknown>;
  /** Payment method categories of new sessions; undefined for the usual ones. */
  categories: CategoryName[] | undefined;
  /** The shopper's behaviour at every authorize, until changed. */
  shopper: ShopperScript | undefined;
  /** Answers other than the ordinary ones: of those that take a call the first wins. */
  outcomes: Outcome[];
  /** Rules for callbacks, at most one for each kind. */
  callbacks: DeliveryRule[];
  /** Steps to replay; none in a scenario that is only chosen. */
  steps: Step[];
}

/** The part of a scenario that decides the sandbox's answers, without its steps. */
export type Script = Pick<Scenario, 'name' | 'title' | 'categories' | 'shopper' | 'outcomes' | 'callbacks'>;
