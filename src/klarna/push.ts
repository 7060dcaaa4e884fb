import type { Callback } from './decision.js';
import { fillPlaceholders } from './links.js';
import type { Order } from './records.js';

/**
 * Tells the merchant that an order was placed, and nothing else: the URL names it. It comes until the order is
 * acknowledged. Source: the OpenAPI document for the URL, Klarna Checkout's page on confirming a purchase for the rest.
 */
export function pushOf(order: Order): Callback[] {
  const url = order.data.merchant_urls?.push;
  if (!url) return [];
  return [
    {
      on: 'push',
      url: fillPlaceholders(url, { session: order.session, order: order.id }),
      at: order.created_at,
      onlyIf: { is: 'unacknowledged', order: order.id },
    },
  ];
}
