import type { ShopperRequest } from '../klarna/purchase-flow.js';

/** What the shopper does in the purchase flow: the control API's `authorizeSession` without the data of the SDK. */
export type ShopperScript = Omit<ShopperRequest, 'data'>;

/** A kind of callback: Klarna's authorization callback, its fraud notification, the push of an order, the status of a hosted page. */
export type CallbackName = 'authorization' | 'notification' | 'push' | 'status_update';

/** How a callback is delivered, other than once and on time. */
export interface Delivery {
  /** Sent again after it was received. */
  twice?: boolean;
  /** How much later it is sent, on the merchant's clock: an ISO 8601 duration. */
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
  on: CallbackName;
  delivery: Delivery;
}
