import { type Call, offOf, readCall, senderOf } from '../exchange/call.js';
import type { CallbackAttempt, Exchange } from '../exchange/exchange.js';
import { type Fields, fieldsOf, numberOf, textOf, upsert } from '../exchange/fields.js';
import { headerOf } from '../exchange/message.js';
import { errors } from '../klarna/catalogue/errors.js';
import { capturedStatus, type OrderStatus } from '../klarna/orders/life-cycle.js';
import type { Instant } from '../klarna/time.js';
import { findStrays, type Stray } from './contract/strays.js';

/** A status of an order that exchanges bring about. `EXPIRED` is none: it comes by time alone. */
type KnownStatus = Exclude<OrderStatus, 'EXPIRED'>;

/** A call about an order, with the order's status before and after it. */
export interface Step {
  call: Call;
  before?: KnownStatus;
  after?: KnownStatus;
  /** Amount in minor units that can still be refunded after it. */
  refundable: number;
}

/** An order as its exchanges show it. Amounts in minor units. */
export interface Order {
  id: string;
  /** The call that placed it; absent when that was before the journal begins, or its answer was lost. */
  placed?: Call;
  from?: Authorization;
  token?: CustomerToken;
  /** Amount that can be captured in all; absent when no exchange has it. */
  amount?: number;
  captured: number;
  refunded: number;
  /** Absent when the exchanges do not show it. */
  status?: KnownStatus;
  /** `ACCEPTED`, `PENDING` or `REJECTED`, from the latest answer that has it. */
  fraud?: string;
  /** Ids of the captures and refunds counted so far. A repeated request with the same key gets the same id again. */
  parts: Set<string>;
  steps: Step[];
}

/** Adds a call about an order, also the one that placed it, and returns the order. */
export function enterOrder(orders: Map<string, Order>, id: string, call: Call): Order {
  const order = upsert(orders, id, (): Order => ({ id, captured: 0, refunded: 0, parts: new Set(), steps: [] }));
  const before = order.status;
  if (call.result === 'done') takeIn(order, call);
  order.steps.push({ call, before, after: order.status, refundable: order.captured - order.refunded });
  return order;
}

function takeIn(order: Order, call: Call): void {
  const { name } = call.operation;
  order.fraud = textOf(call.answer.fraud_status) ?? order.fraud;
  changes[name]?.(order, call);
}

const knownStatuses: readonly KnownStatus[] = ['AUTHORIZED', 'PART_CAPTURED', 'CAPTURED', 'CANCELLED'];

function place(order: Order, call: Call): void {
  // A repeated request gets the order that was placed before.
  if (order.placed) return;
  order.placed = call;
  order.amount = numberOf(call.body.order_amount);
  order.status = 'AUTHORIZED';
  if (call.body.auto_capture === true) capture(order, order.amount);
}

function capture(order: Order, amount: number): void {
  order.captured += amount;
  if (order.amount !== undefined) order.status = capturedStatus(order.captured, order.amount);
}

/** Tells whether a capture or a refund has not been counted yet, and marks it as counted; `header` has its id. */
function isNew({ parts }: Order, { exchange }: Call, header: string): boolean {
  const id = headerOf(exchange.response.headers, header);
  if (id === undefined) return true;
  if (parts.has(id)) return false;
  parts.add(id);
  return true;
}

function readOrder(order: Order, { answer }: Call): void {
  order.amount = numberOf(answer.order_amount);
  order.captured = numberOf(answer.captured_amount);
  order.refunded = numberOf(answer.refunded_amount);
  order.status = knownStatuses.find((status) => status === answer.status);
}

/** The changes that a successful call makes to an order, by operation. */
const changes: Record<string, (order: Order, call: Call) => void> = {
  createOrder: place,
  createCustomerTokenOrder: place,
  readOrder,
  captureOrder: (order, call) => {
    if (isNew(order, call, 'capture-id')) capture(order, numberOf(call.body.captured_amount));
  },
  refundOrder: (order, call) => {
    if (isNew(order, call, 'refund-id')) order.refunded += numberOf(call.body.refunded_amount);
  },
  updateAuthorization: (order, { body }) => {
    order.amount = numberOf(body.order_amount);
  },
  cancelOrder: (order) => {
    order.status = 'CANCELLED';
  },
  releaseRemainingAuthorization: (order) => {
    if (order.captured > 0) order.status = 'CAPTURED';
  },
};

/** A session as its exchanges show it. Lists are oldest first. */
export interface Session {
  id: string;
  /** The call that created it; absent when that was before the journal begins. */
  created?: Call;
  /** The purchase as the shop and its page have sent it so far. */
  data: Fields;
  calls: Call[];
  authorizations: Authorization[];
  /** The order that was placed from it. */
  order?: Order;
}

/** A purchase that the shopper has agreed to. */
export interface Authorization {
  token: string;
  session?: Session;
  /** The call that answered with its token; absent when the exchanges do not include it. */
  given?: Call;
  /** The session's data when it was given. */
  data: Fields;
  customerToken?: CustomerToken;
  calls: Call[];
}

/** A customer token as its exchanges show it. */
export interface CustomerToken {
  id: string;
  /** The call that made it; absent when that was before the journal begins, or another merchant's. */
  created?: Call;
  /** The authorization it was made from. */
  from?: Authorization;
  /** The calls that charge it. */
  charges: Call[];
  /** True when the shop has read it. */
  read?: true;
  /** The first charge that succeeded before the shop had read it. */
  unread?: Call;
  /** The call that cancelled it (of the shop, the shopper or Klarna), or the first refused because it was cancelled. */
  ended?: Call;
}

/** An exchange whose path belongs to no operation. */
export type Stranger = Pick<Call, 'number' | 'sender' | 'off' | 'exchange'>;

/** The calls between a shop and Klarna, and the sessions, tokens and orders that they are about. */
export interface History {
  /** Calls of Klarna's operations that the shop itself made. */
  calls: readonly Call[];
  /** All calls: those of the shop, of the control API (the shopper, the clock), and of the harness. */
  all: readonly Call[];
  sessions: ReadonlyMap<string, Session>;
  authorizations: ReadonlyMap<string, Authorization>;
  customerTokens: ReadonlyMap<string, CustomerToken>;
  orders: ReadonlyMap<string, Order>;
  /** The fields and values of their requests that Klarna ignores or reads as something else. */
  strays: readonly { call: Call; stray: Stray }[];
  callbacks: readonly CallbackAttempt[];
  /** The latest moment that is known, on the merchant's clock. */
  now: Instant;
  strangers: readonly Stranger[];
}

/** The parts of a history while its calls are read. */
export interface UnfinishedHistory {
  sessions: Map<string, Session>;
  authorizations: Map<string, Authorization>;
  customerTokens: Map<string, CustomerToken>;
  orders: Map<string, Order>;
  now: Instant;
}

/** Options of `readHistory`. */
export interface Reading {
  /** Number of the oldest exchange in the journal; 1 by default. */
  first?: number;
  /** Tells by its sender whether the shop itself sent a call (default: all). Others only change sessions, tokens and orders. */
  isOwn?: (sender: string | undefined) => boolean;
}

/** Number of exchanges that are read in a step. */
const STEP = 50;

/**
 * Reads exchanges into a history, in steps between which other work can be done.
 * @param exchanges oldest first
 */
export function* readHistory(
  exchanges: readonly Exchange[],
  callbacks: readonly CallbackAttempt[] = [],
  { first = 1, isOwn = () => true }: Reading = {},
): Generator<void, History, undefined> {
  const strangers: Stranger[] = [];
  const all: Call[] = [];
  const strays: { call: Call; stray: Stray }[] = [];
  for (const [index, exchange] of exchanges.entries()) {
    if (index % STEP === 0) yield;
    const { request } = exchange;
    const number = first + index;
    const call = readCall(exchange, number, request);
    if (call) {
      all.push(call);
      for (const stray of findStrays(call.operation, request)) strays.push({ call, stray });
      continue;
    }
    const sender = senderOf({ request });
    if (isOwn(sender)) strangers.push({ number, sender, off: offOf({ request }), exchange });
  }
  // The journal has exchanges in the order of their answers: one answered late stands after later requests.
  all.sort((one, other) => one.at - other.at);
  strays.sort((one, other) => one.call.at - other.call.at);
  const unfinished: UnfinishedHistory = {
    sessions: new Map(),
    authorizations: new Map(),
    customerTokens: new Map(),
    orders: new Map(),
    now: 0,
  };
  for (const [index, call] of all.entries()) {
    if (index % STEP === 0) yield;
    enter(unfinished, call);
  }
  yield;
  const calls = all.filter(({ operation, sender }) => operation.api !== 'sandbox' && isOwn(sender));
  const others = idsIn(all.filter(({ sender }) => !isOwn(sender)));
  const own: CallbackAttempt[] = [];
  for (const attempt of callbacks) {
    yield;
    if (!names(attempt, others)) own.push(attempt);
  }
  return { ...unfinished, all, calls, strays, callbacks: own, strangers };
}

/** Returns the ids of the sessions and orders in the answers of calls. */
const idsIn = (calls: readonly Call[]): string[] =>
  calls.flatMap(({ answer }) => [textOf(answer.session_id), textOf(answer.order_id)].filter((id) => id !== undefined));

/** Tells whether a callback contains one of these ids. A push has it in its address only. */
const names = ({ url, body }: CallbackAttempt, ids: readonly string[]): boolean => {
  const text = ids.length > 0 ? `${url} ${JSON.stringify(body)}` : '';
  return ids.some((id) => text.includes(id));
};

/**
 * Splits exchanges at each reset of their merchant. A reset removes all sessions, tokens and orders and sets the clock
 * back, so that exchanges before and after it are unrelated.
 * @param exchanges oldest first
 */
export function livesOf(exchanges: readonly Exchange[]): Exchange[][] {
  const lives: Exchange[][] = [[]];
  for (const exchange of exchanges) {
    (lives.at(-1) as Exchange[]).push(exchange);
    if (exchange.operation === 'resetMerchant' && exchange.status > 0 && exchange.status < 300) lives.push([]);
  }
  return lives;
}

const sessionOf = ({ sessions }: UnfinishedHistory, id: string): Session =>
  upsert(sessions, id, () => ({ id, data: {}, calls: [], authorizations: [] }));

const authorizationOf = ({ authorizations }: UnfinishedHistory, token: string): Authorization =>
  upsert(authorizations, token, () => ({ token, data: {}, calls: [] }));

const customerTokenOf = ({ customerTokens }: UnfinishedHistory, id: string): CustomerToken =>
  upsert(customerTokens, id, () => ({ id, charges: [] }));

/** Adds one call to its session, token or order. A call that was refused or lost is listed, but changes nothing. */
function enter(unfinished: UnfinishedHistory, call: Call): void {
  unfinished.now = Math.max(unfinished.now, call.at, Date.parse(textOf(call.answer.now) ?? '') || 0);
  const { session_id, authorizationToken, customerToken, order_id } = call.params;
  if (opensSession.has(call.operation.name)) enterNewSession(unfinished, call);
  else if (session_id !== undefined) enterOfSession(sessionOf(unfinished, session_id), unfinished, call);
  else if (authorizationToken !== undefined) {
    enterOfAuthorization(authorizationOf(unfinished, authorizationToken), unfinished, call);
  } else if (customerToken !== undefined) enterOfToken(customerTokenOf(unfinished, customerToken), unfinished, call);
  else if (order_id !== undefined) enterOrder(unfinished.orders, order_id, call);
}

/** The operations that open a session: the shop's, and that of the page's express button. */
const opensSession = new Set(['createSession', 'openExpressSession']);

function enterNewSession(unfinished: UnfinishedHistory, call: Call): void {
  const id = textOf(call.answer.session_id);
  if (call.result !== 'done' || id === undefined) return;
  const session = sessionOf(unfinished, id);
  session.created = call;
  session.data = call.operation.api === 'sandbox' ? fieldsOf(call.body.data) : call.body;
  session.calls.push(call);
}

function enterOfSession(session: Session, unfinished: UnfinishedHistory, call: Call): void {
  session.calls.push(call);
  if (call.result !== 'done') return;
  if (call.operation.name === 'updateSession') session.data = { ...session.data, ...call.body };
  if (call.operation.api !== 'sandbox') return;
  // What the page gives to authorize() is merged into the session.
  session.data = { ...session.data, ...fieldsOf(call.body.data) };
  const token = textOf(call.answer.authorization_token);
  if (token === undefined) return;
  const authorization = authorizationOf(unfinished, token);
  // finalize() may give the token of an authorization that is there.
  if (authorization.given) return;
  Object.assign(authorization, { session, given: call, data: session.data });
  session.authorizations.push(authorization);
}

function enterOfAuthorization(authorization: Authorization, unfinished: UnfinishedHistory, call: Call): void {
  authorization.calls.push(call);
  if (call.result !== 'done') return;
  const { token_id, order_id } = call.answer;
  if (typeof token_id === 'string') {
    const token = customerTokenOf(unfinished, token_id);
    token.created ??= call;
    token.from ??= authorization;
    authorization.customerToken = token;
  }
  if (typeof order_id !== 'string') return;
  const order = enterOrder(unfinished.orders, order_id, call);
  order.from = authorization;
  if (authorization.session) authorization.session.order = order;
}

const ends = new Set(['updateCustomerTokenStatus', 'cancelCustomerToken']);

function enterOfToken(token: CustomerToken, unfinished: UnfinishedHistory, call: Call): void {
  if (call.operation.name === 'createCustomerTokenOrder') token.charges.push(call);
  // A charge refused with TOKEN_CANCELLED shows as well that it was cancelled.
  if (call.code === errors.TOKEN_CANCELLED.code || (ends.has(call.operation.name) && call.result === 'done'))
    token.ended ??= call;
  if (call.result !== 'done') return;
  if (call.operation.name === 'readCustomerToken') token.read = true;
  const { order_id } = call.answer;
  if (typeof order_id !== 'string') return;
  if (!token.read) token.unread ??= call;
  enterOrder(unfinished.orders, order_id, call).token = token;
}
