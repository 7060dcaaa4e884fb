import { Button } from '../design/button.js';
import { dateAndTime, money } from './format.js';
import { methodInWords } from './purchases.js';
import { act, api } from './state.js';
import type { Order, OrderParts } from './types.js';

/** Draws an order with its captures and refunds, and ends a fraud check that waits. */
export function OrderFacts({ order, parts }: { order: Order; parts: OrderParts | undefined }) {
  const { order_id, klarna_reference, status, fraud_status, purchase_currency: currency, payment_method } = order;
  const decide = (decision: string) => () =>
    act(() => api.call('POST', `/orders/${encodeURIComponent(order_id)}/fraud-decision`, { decision }));
  return (
    <section class="order panel">
      <h3>
        {order.customer_token === undefined ? 'Order' : 'Charge'} {klarna_reference}:{' '}
        {money(order.order_amount, currency)}
      </h3>
      <p class="small">
        {order_id}
        <br />
        {status.toLowerCase().replace('_', ' ')}, fraud check {fraud_status.toLowerCase()},{' '}
        {methodInWords(payment_method)}
      </p>
      <p>
        captured {money(order.captured_amount, currency)}, refunded {money(order.refunded_amount, currency)}, can still
        be captured {money(order.remaining_authorized_amount, currency)}
        {parts?.expires_at !== undefined &&
          order.remaining_authorized_amount > 0 &&
          ` until ${dateAndTime(parts.expires_at)}`}
      </p>
      {parts && parts.items.length > 0 && (
        <ul>
          {parts.items.map(({ kind, id, amount, at, description }) => (
            <li key={id}>
              {dateAndTime(at)}: {kind} of {money(amount, currency)}
              {description !== undefined && `, ${description}`}
            </li>
          ))}
        </ul>
      )}
      {fraud_status === 'PENDING' && (
        <p class="row">
          <Button onClick={decide('accepted')}>Accept</Button>
          <Button onClick={decide('rejected')}>Reject</Button>
        </p>
      )}
    </section>
  );
}
