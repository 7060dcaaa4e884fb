import type { Operation } from '../contract/operations.js';
import type { Decision } from '../klarna/decision.js';
import type { ClientTokenClaims } from '../klarna/payments/sessions.js';
import type { Scripted } from '../klarna/scripted.js';
import type { Instant } from '../klarna/time.js';
import type { ScenarioRun } from '../scenario/run.js';
import type { ShopperScript } from '../scenario/scenario.js';
import type { Store, Transaction } from '../store/store.js';
import type { World } from './world/worlds.js';

/** One call of an operation, with everything its handler may look at. */
export interface Call {
  operation: Operation;
  merchant: string;
  world: World;
  store: Store;
  /** What is read through it is what the answer is committed on. */
  tx: Transaction;
  now: Instant;
  params: Record<string, string>;
  /** The query as the contract reads it. */
  query: Record<string, unknown>;
  /** The body as the contract reads it. */
  body: unknown;
  /** Scheme and host that the client called. */
  base: string;
  /** The scenario that speaks for this call; a handler that binds another one puts it here. */
  run?: ScenarioRun;
  /** What that scenario says instead of the ordinary outcome. */
  scripted?: Scripted;
  /** What the shopper did, where the scenario had a say in it: told by the handler. */
  shopper?: ShopperScript;
  /**
   * What a scenario says of an operation that Klarna does itself within this call: its errors and fraud checks, since no
   * wire is between. It is asked once, however often the call runs.
   */
  within: (operation: string, run: ScenarioRun | undefined, body: unknown) => Promise<Scripted | undefined>;
  sign: (claims: ClientTokenClaims) => string;
}

/** Binds one operation to its rule: loads the records, calls the rule, gives back its decision. */
export type Handler = (call: Call) => Promise<Decision> | Decision;

/** The handlers of an API, by the operation's name. */
export type Handlers = Record<string, Handler>;
