import type { Call } from './call.js';
import { numberOf, textOf, upsert } from './fields.js';
import type { Authorization, CustomerToken } from './history.js';

/** How far an order has come, as Order Management says it; what the exchanges do not tell stands for nothing. */
export type KnownStatus = 'AUTHORIZED' | 'PART_CAPTURED' | 'CAPTURED' | 'CANCELLED';

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
  if (order.amount !== undefined) order.status = order.captured < order.amount ? 'PART_CAPTURED' : 'CAPTURED';
}

/** Whether a capture or a refund has not been counted yet. */
function isNew({ parts }: Order, id: string | undefined): boolean {
  if (id === undefined) return true;
  if (parts.has(id)) return false;
  parts.add(id);
  return true;
}

/** The status that an order was read with; those that the exchanges cannot lead to come by time. */
const readable = new Set<unknown>(['AUTHORIZED', 'PART_CAPTURED', 'CAPTURED', 'CANCELLED']);

function readOrder(order: Order, { answer }: Call): void {
  order.amount = numberOf(answer.order_amount);
  order.captured = numberOf(answer.captured_amount);
  order.refunded = numberOf(answer.refunded_amount);
  order.status = readable.has(answer.status) ? (answer.status as KnownStatus) : undefined;
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
