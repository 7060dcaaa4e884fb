import type { Operation } from '../contract/operations.js';
import type { Evidence } from '../klarna/evidence.js';
import type { MarketCountry } from '../klarna/markets.js';
import type { Outcome } from './outcome.js';
import type { Position } from './problem.js';
import type { DeliveryRule, ShopperScript } from './script.js';

export type { Calls, Fault, FaultKind, Fraud, Outcome } from './outcome.js';
export type { CallbackName, Delivery, DeliveryRule, ShopperScript } from './script.js';

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
