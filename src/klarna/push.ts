import type { Callback } from './decision.js';
import { fillPlaceholders } from './links.js';
import type { Order } from './records.js';

/**
 * What the merchant is told when an order is placed: that there is one, and nothing else. The URL names it.
 * Source: the OpenAPI document for when it is sent, Klarna Checkout's page on confirming a purchase for the empty body;
 * that Klarna Payments sends it at once is inferred.
 */
export function pushOf(order: Order): Callback[] {
  const url = order.data.merchant_urls?.push;
  if (!url) return [];
  return [
    { on: 'push', url: fillPlaceholders(url, { session: order.session, order: order.id }), at: order.created_at },
  ];
}
