import type { FastifyRequest } from 'fastify';
import type { BodyOf, OperationName, PathOf, QueryOf } from '../contract/operation-map.js';
import type { Operation } from '../contract/operations.js';
import type { Decision } from '../klarna/decision.js';
import type { ClientTokenClaims } from '../klarna/payments/sessions.js';
import type { Scripted } from '../klarna/scripted.js';
import type { Instant } from '../klarna/time.js';
import type { ScenarioRun } from '../scenario/run.js';
import type { ShopperScript } from '../scenario/scenario.js';
import type { Store, Transaction } from '../store/store.js';
import type { World } from './world/worlds.js';

/** What every handler may look at, whatever the operation. */
export interface CallBase {
  operation: Operation;
  merchant: string;
  world: World;
  store: Store;
  /** What is read through it is what the answer is committed on. */
  tx: Transaction;
  now: Instant;
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

/** One call of an operation, its query and body as the contract reads them. */
export interface Call<Name extends OperationName> extends CallBase {
  params: PathOf<Name>;
  query: QueryOf<Name>;
  body: BodyOf<Name>;
}

/** A call whose path names a record by that parameter. */
export type CallOn<Parameter extends string> = CallBase & { params: Record<Parameter, string> };

/** Binds one operation to its rule: loads the records, calls the rule, gives back its decision. */
export type Handler<Name extends OperationName> = (call: Call<Name>) => Promise<Decision> | Decision;

/** The handlers of some operations. */
export type Handlers<Names extends OperationName> = { [Name in Names]: Handler<Name> };

/** The handler of an operation that is known by its name only; what it is called with has been read by its contract. */
export type AnyHandler = (call: never) => Promise<Decision> | Decision;

/** Scheme and host that the client called, also through a proxy that says so. */
export function baseOf(request: FastifyRequest): string {
  // HTTP/1.0 asks without a Host; then it is the address it reached.
  const { localAddress, localPort } = request.socket;
  return `${request.protocol}://${request.host || `${localAddress}:${localPort}`}`;
}
