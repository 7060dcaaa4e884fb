import { control } from '../client/control.js';
import type { Target } from '../client/target.js';
import { locate } from '../contract/locate.js';
import type { PaymentMethod } from '../report/replay.js';
import { type Paid, paidIn } from '../scenario/paid.js';
import type { StepResult } from './result.js';

interface Page {
  items: ({ order_id?: string; token_id?: string } & { payment_method: PaymentMethod })[];
  next?: string;
}

/** Returns the order or customer token that a step was about, by its answer or its path. */
export function paidBy({ request, answer }: Pick<StepResult, 'request' | 'answer'>, { url }: Target): Paid | undefined {
  const located = request && locate(request.method, request.url.slice(url.length));
  return paidIn(located?.params, answer?.body);
}

/** The largest page of a list of the control API. */
const LIMIT = '100';

/**
 * Returns the payment method of an order or a customer token, as the control API lists it for the target's merchant;
 * undefined where the merchant has no such order or token.
 * @throws ControlError
 */
export async function paymentMethodOf(target: Target, { list, field, id }: Paid): Promise<PaymentMethod | undefined> {
  let after: string | undefined;
  do {
    const query = { limit: LIMIT, ...(after !== undefined && { after }) };
    const { items, next }: Page = await control(target, list, { query });
    const found = items.find((item) => item[field] === id);
    if (found) return found.payment_method;
    after = next;
  } while (after !== undefined);
  return undefined;
}
