import { type Call, readCall } from '../exchange/call.js';
import type { CallbackAttempt, Exchange } from '../exchange/exchange.js';
import { type Fields, fieldsOf, numberOf, textOf, upsert } from '../exchange/fields.js';
import { errors } from '../klarna/catalogue/errors.js';
import { capturedStatus, type OrderStatus } from '../klarna/orders/life-cycle.js';
import type { Instant } from '../klarna/time.js';

/** The status of an order as far as exchanges lead to it: one expires by time. */
type KnownStatus = Exclude<OrderStatus, 'EXPIRED'>;

/** What one call made of an order. */
export interface Step {
  call: Call;
  before?: KnownStatus;
  after?: KnownStatus;
  /** What can still be refunded after it. */
  refundable: number;
}

/** An order, as far as the exchanges tell of it. Amounts in minor units. */
export interface Order {
  id: string;
  /** Absent where it was placed before the journal begins, or its answer was lost. */
  placed?: Call;
  from?: Authorization;
  token?: CustomerToken;
  /** What can be captured in all; absent where nobody said. */
  amount?: number;
  captured: number;
  refunded: number;
  /** Absent where the exchanges do not tell. */
  status?: KnownStatus;
  /** `ACCEPTED`, `PENDING` or `REJECTED`, as the shop last heard. */
  fraud?: string;
  /** Ids of captures and refunds that were counted: under the same key the same one is answered again. */
  parts: Set<string>;
  steps: Step[];
}

/** Enters a call that is about an order, the one that placed it included, and gives the order. */
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
  // The same request again finds the order that is there.
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

/** Whether a capture or a refund has not been counted yet. */
function isNew({ parts }: Order, id: string | undefined): boolean {
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

/** What a call that succeeded makes of an order. */
const changes: Record<string, (order: Order, call: Call) => void> = {
  createOrder: place,
  createCustomerTokenOrder: place,
  readOrder,
  captureOrder: (order, call) => {
    if (isNew(order, call.headers['capture-id'])) capture(order, numberOf(call.body.captured_amount));
  },
  refundOrder: (order, call) => {
    if (isNew(order, call.headers['refund-id'])) order.refunded += numberOf(call.body.refunded_amount);
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

/** A session, as far as the exchanges tell of it. Everything is in the order in which it happened. */
export interface Session {
  id: string;
  /** Absent where it was created before the journal begins. */
  created?: Call;
  /** What the shop and its page said of the purchase so far. */
  data: Fields;
  calls: Call[];
  authorizations: Authorization[];
  /** The order that ended it. */
  order?: Order;
}

/** What the shopper agreed to. */
export interface Authorization {
  token: string;
  session?: Session;
  /** The call that gave it; absent where the shop had it from elsewhere. */
  given?: Call;
  /** What the session's data were then. */
  data: Fields;
  customerToken?: CustomerToken;
  calls: Call[];
}

export interface CustomerToken {
  id: string;
  /** Absent for one that was made before the journal begins, or by another merchant. */
  created?: Call;
  /** The authorization it was made from. */
  from?: Authorization;
  /** The calls that charge it. */
  charges: Call[];
  /** Whether the shop has read it. */
  read?: true;
  /** The first charge that went through before it was ever read. */
  unread?: Call;
  /** The call that cancelled it: the shop's, or what the shopper or Klarna did. */
  ended?: Call;
}

/** What happened between a shop and Klarna, and what became of it. */
export interface History {
  /** The shop's own calls of Klarna's operations. */
  calls: readonly Call[];
  /** Those, the ones of the control API (the shopper, the clock), and what the harness did. */
  all: readonly Call[];
  sessions: ReadonlyMap<string, Session>;
  authorizations: ReadonlyMap<string, Authorization>;
  customerTokens: ReadonlyMap<string, CustomerToken>;
  orders: ReadonlyMap<string, Order>;
  callbacks: readonly CallbackAttempt[];
  /** The latest moment that is known, on the merchant's clock. */
  now: Instant;
  /** Exchanges whose path is no operation's, with their numbers. */
  strangers: readonly { number: number; exchange: Exchange }[];
}

/** Everything that calls build up, while they are read. */
export interface Building {
  sessions: Map<string, Session>;
  authorizations: Map<string, Authorization>;
  customerTokens: Map<string, CustomerToken>;
  orders: Map<string, Order>;
  now: Instant;
}

/** How exchanges are read. */
export interface Reading {
  /** The journal's number of the oldest. */
  first?: number;
  /** Whether an exchange is the shop's own; those that are not only tell what became of sessions, tokens and orders. */
  isOwn?: (exchange: Exchange) => boolean;
}

/**
 * Reads exchanges into what they are about.
 * @param exchanges oldest first
 */
export function readHistory(
  exchanges: readonly Exchange[],
  callbacks: readonly CallbackAttempt[] = [],
  { first = 1, isOwn = () => true }: Reading = {},
): History {
  const strangers: { number: number; exchange: Exchange }[] = [];
  const all: Call[] = [];
  for (const [index, exchange] of exchanges.entries()) {
    const call = readCall(exchange, first + index);
    if (call) all.push(call);
    else if (isOwn(exchange)) strangers.push({ number: first + index, exchange });
  }
  // An answer that was held back is entered after what was asked later.
  all.sort((one, other) => one.at - other.at);
  const building: Building = {
    sessions: new Map(),
    authorizations: new Map(),
    customerTokens: new Map(),
    orders: new Map(),
    now: 0,
  };
  for (const call of all) enter(building, call);
  const calls = all.filter(({ operation, exchange }) => operation.api !== 'sandbox' && isOwn(exchange));
  const others = idsIn(all.filter(({ exchange }) => !isOwn(exchange)));
  return { ...building, all, calls, callbacks: callbacks.filter((attempt) => !names(attempt, others)), strangers };
}

/** Ids of what calls have made that callbacks are about. */
const idsIn = (calls: readonly Call[]): string[] =>
  calls.flatMap(({ answer }) => [textOf(answer.session_id), textOf(answer.order_id)].filter((id) => id !== undefined));

/** Whether a callback is about one of these; a push says so in its address alone. */
const names = ({ url, body }: CallbackAttempt, ids: readonly string[]): boolean => {
  const said = ids.length > 0 ? `${url} ${JSON.stringify(body)}` : '';
  return ids.some((id) => said.includes(id));
};

/**
 * Exchanges between one reset of their merchant and the next. A reset ends all that there was and sets the clock back, so
 * that what came before has nothing to do with what comes after.
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

const sessionOf = ({ sessions }: Building, id: string): Session =>
  upsert(sessions, id, () => ({ id, data: {}, calls: [], authorizations: [] }));

const authorizationOf = ({ authorizations }: Building, token: string): Authorization =>
  upsert(authorizations, token, () => ({ token, data: {}, calls: [] }));

const customerTokenOf = ({ customerTokens }: Building, id: string): CustomerToken =>
  upsert(customerTokens, id, () => ({ id, charges: [] }));

/** Enters one call. What was refused or lost is of its subject, but changes nothing. */
function enter(building: Building, call: Call): void {
  building.now = Math.max(building.now, call.at, Date.parse(textOf(call.answer.now) ?? '') || 0);
  const { session_id, authorizationToken, customerToken, order_id } = call.params;
  if (call.operation.name === 'createSession') enterNewSession(building, call);
  else if (session_id !== undefined) enterOfSession(sessionOf(building, session_id), building, call);
  else if (authorizationToken !== undefined) {
    enterOfAuthorization(authorizationOf(building, authorizationToken), building, call);
  } else if (customerToken !== undefined) enterOfToken(customerTokenOf(building, customerToken), building, call);
  else if (order_id !== undefined) enterOrder(building.orders, order_id, call);
}

function enterNewSession(building: Building, call: Call): void {
  const id = textOf(call.answer.session_id);
  if (call.result !== 'done' || id === undefined) return;
  const session = sessionOf(building, id);
  session.created = call;
  session.data = call.body;
  session.calls.push(call);
}

function enterOfSession(session: Session, building: Building, call: Call): void {
  session.calls.push(call);
  if (call.result !== 'done') return;
  if (call.operation.name === 'updateSession') session.data = { ...session.data, ...call.body };
  if (call.operation.api !== 'sandbox') return;
  // What the page gives to authorize() is merged into the session.
  session.data = { ...session.data, ...fieldsOf(call.body.data) };
  const token = textOf(call.answer.authorization_token);
  if (token === undefined) return;
  const authorization = authorizationOf(building, token);
  Object.assign(authorization, { session, given: call, data: session.data });
  session.authorizations.push(authorization);
}

function enterOfAuthorization(authorization: Authorization, building: Building, call: Call): void {
  authorization.calls.push(call);
  if (call.result !== 'done') return;
  const { token_id, order_id } = call.answer;
  if (typeof token_id === 'string') {
    const token = customerTokenOf(building, token_id);
    token.created ??= call;
    token.from ??= authorization;
    authorization.customerToken = token;
  }
  if (typeof order_id !== 'string') return;
  const order = enterOrder(building.orders, order_id, call);
  order.from = authorization;
  if (authorization.session) authorization.session.order = order;
}

const ends = new Set(['updateCustomerTokenStatus', 'cancelCustomerToken']);

function enterOfToken(token: CustomerToken, building: Building, call: Call): void {
  if (call.operation.name === 'createCustomerTokenOrder') token.charges.push(call);
  // A charge that finds it cancelled tells so as well.
  if (call.code === errors.TOKEN_CANCELLED.code || (ends.has(call.operation.name) && call.result === 'done'))
    token.ended ??= call;
  if (call.result !== 'done') return;
  if (call.operation.name === 'readCustomerToken') token.read = true;
  const { order_id } = call.answer;
  if (typeof order_id !== 'string') return;
  if (!token.read) token.unread ??= call;
  enterOrder(building.orders, order_id, call).token = token;
}
