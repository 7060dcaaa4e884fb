import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { BodyOf, OperationName, PathOf, QueryOf } from '../contract/operation-map.js';
import type { Operation } from '../contract/operations.js';
import type { Decision } from '../klarna/decision.js';
import { asLocalhost } from '../klarna/links.js';
import type { ClientTokenOf } from '../klarna/payments/client-token.js';
import type { Scripted } from '../klarna/scripted.js';
import type { Instant } from '../klarna/time.js';
import type { ScenarioRun } from '../scenario/run.js';
import type { ShopperScript } from '../scenario/scenario.js';
import type { Eventually, Steps } from '../store/eventually.js';
import type { Store, Transaction } from '../store/store.js';
import type { World } from './world/worlds.js';

/** The inputs that every handler gets, whatever the operation. */
export interface CallBase {
  operation: Operation;
  merchant: string;
  /** True when the caller may see what other merchants do. */
  everyone: boolean;
  world: World;
  store: Store;
  /** The transaction. The changes are committed only if no record read through it has changed. */
  tx: Transaction;
  now: Instant;
  /** Scheme and host that the client called. */
  base: string;
  /** Scheme and host by which the shopper's browser reaches the sandbox: the public URL, or those that the client called. */
  browserBase: string;
  /** The same as client tokens name it. */
  sdkBase: string;
  /** The scenario of this call; a handler that binds another one sets it here. */
  run?: ScenarioRun;
  /** The outcome that the scenario scripts instead of the ordinary one. */
  scripted?: Scripted;
  /** The shopper's acts, set by the handler if the scenario affected them. */
  shopper?: ShopperScript;
  /**
   * Returns the outcome that a scenario scripts for an operation that Klarna performs itself within this call: errors
   * and fraud checks only, since nothing goes over the wire. The scenario is asked once, however often the call runs.
   */
  within: (operation: string, run: ScenarioRun | undefined, body: unknown) => Eventually<Scripted | undefined>;
  clientTokenOf: ClientTokenOf;
}

/** A call of an operation, with its query and body as read by the contract. */
export interface Call<Name extends OperationName> extends CallBase {
  params: PathOf<Name>;
  query: QueryOf<Name>;
  body: BodyOf<Name>;
}

/** A call whose path has a parameter of that name, the id of a record. */
export type CallOn<Parameter extends string> = CallBase & { params: Record<Parameter, string> };

/** The result of a handler: a decision, the steps to it, or a promise of it. */
export type Deciding = Steps<Decision> | Eventually<Decision>;

/** Handles an operation: loads the records, calls the rule function and returns its decision. */
export type Handler<Name extends OperationName> = (call: Call<Name>) => Deciding;

/** The handlers of some operations. */
export type Handlers<Names extends OperationName> = { [Name in Names]: Handler<Name> };

/** The handler of an operation that is known only by its name; its inputs have been read by the contract. */
export type AnyHandler = (call: never) => Deciding;

type Bases = Pick<CallBase, 'base' | 'browserBase' | 'sdkBase'>;

/** The bases of the latest request. Requests that follow it mostly call the same host, and records then share the text. */
let latest: { protocol: string; host: string; publicUrl?: string; bases: Bases } | undefined;

/** Returns how the sandbox is reached, for a request. */
export function basesOf(request: FastifyRequest, publicUrl: string | undefined): Bases {
  const { protocol, host } = request;
  if (latest?.host === host && latest.protocol === protocol && latest.publicUrl === publicUrl) return latest.bases;
  const base = baseOf(request);
  const bases = { base, browserBase: publicUrl ?? base, sdkBase: publicUrl ?? asLocalhost(base) };
  // Of other requests the connection has a part in it.
  if (base === `${protocol}://${host}`) latest = { protocol, host, publicUrl, bases };
  return bases;
}

/** A host as it may stand in a URL: a name or an address, and a port. */
const HOST = /^(?:[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** Returns the scheme and host that the client called, or those that a trusted proxy forwards. */
export function baseOf(request: FastifyRequest): string {
  const { protocol } = request;
  const scheme = protocol === 'http' || protocol === 'https' ? protocol : schemeOf(request);
  const { host } = request;
  return `${scheme}://${HOST.test(host) ? host : hostOf(request)}`;
}

/** Returns the scheme of a request whose proxy forwards none that is one. */
function schemeOf({ protocol, socket }: FastifyRequest): string {
  if (/^https?$/i.test(protocol)) return protocol.toLowerCase();
  return 'encrypted' in socket ? 'https' : 'http';
}

/** Returns the host of a request whose proxy forwards none that is one. */
function hostOf({ headers, socket }: FastifyRequest): string {
  if (headers.host !== undefined && HOST.test(headers.host)) return headers.host;
  // HTTP/1.0 requests have no Host; the address that the request reached takes its place.
  const { localAddress = '', localPort } = socket;
  return `${isIPv6(localAddress) ? `[${localAddress}]` : localAddress}:${localPort}`;
}
