import type { CallbackName } from '../klarna/callback-policy.js';
import type { ShopperRequest } from '../klarna/purchase-flow.js';

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
