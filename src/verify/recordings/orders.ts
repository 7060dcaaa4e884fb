import type { Target } from '../../client/target.js';
import { ControlRefusal, control } from '../../replay/control.js';
import type { Fields } from '../../replay/words.js';
import { makeCapture, makeOrder, makeRefund, shopperBy, usualPurchase } from '../recipes.js';
import { countryOf, shownPurchase } from './purchase.js';
import { amountOf, answered, asked, codeOf, messagesOf, succeeded, type Told } from './told.js';

/** What was done to an order before a recording begins. */
interface Past {
  /** Order amount, in minor units. */
  amount: number;
  /** The purchase as the recording shows it, where it does. */
  purchase?: Fields;
  shopper?: Fields;
  captured: number;
  refunded: number;
  cancelled: boolean;
}

/** Where nothing says what an order was about. */
const USUAL_AMOUNT = 10_000;

/**
 * Places an order that can have been what a recording begins with: as large as all that is captured and refunded later,
 * in the state that the first answer shows or follows from.
 * @param story every exchange of the recording that names the order; the first of them needs it
 * @returns its id
 */
export async function placeOrder(target: Target, story: readonly [Told, ...Told[]]): Promise<string> {
  const past = pastOf(story);
  const { amount, purchase = {}, shopper } = past;
  const own = { ...shownPurchase(purchase, amount), order_amount: amount };
  const order = await makeOrder(target, { purchase: own, shopper }).catch((error) => {
    if (!(error instanceof ControlRefusal)) throw error;
    return makeOrder(target, { purchase: usualPurchase(countryOf(purchase), amount), shopper });
  });
  if (past.captured > 0) await makeCapture(target, order, past.captured);
  if (past.refunded > 0) await makeRefund(target, order, past.refunded);
  if (past.cancelled) await control(target, 'cancelOrder', { path: { order_id: order } });
  return order;
}

function pastOf(story: readonly [Told, ...Told[]]): Past {
  const [first] = story;
  const refused = refusedBecauseOf(first);
  if (refused) return { amount: USUAL_AMOUNT, captured: 0, refunded: 0, cancelled: false, ...refused };
  const read = story.find((told) => told.operation.name === 'readOrder' && succeeded(told));
  const seen = read ? answered(read) : {};
  const method = seen.initial_payment_method as Fields | undefined;
  const captures = sum(story, 'captureOrder', 'captured_amount');
  const refunds = sum(story, 'refundOrder', 'refunded_amount');
  const known = amountOf(seen.original_order_amount) || amountOf(seen.order_amount);
  const amount = known || Math.max(captures, refunds) || USUAL_AMOUNT;
  return {
    amount,
    shopper: shopperBy(first.operation.name === 'extendAuthorizationTime' ? 'invoice' : method?.type),
    ...(read && { purchase: seen }),
    ...(read === first ? stateSeen(seen) : stateNeeded(first, amount, captures)),
  };
}

function sum(story: readonly Told[], operation: string, field: string): number {
  const done = story.filter((told) => told.operation.name === operation && succeeded(told));
  return done.reduce((total, told) => total + amountOf(asked(told)[field]), 0);
}

type State = Pick<Past, 'captured' | 'refunded' | 'cancelled'>;

const stateSeen = ({ captured_amount, refunded_amount, status }: Fields): State => ({
  captured: amountOf(captured_amount),
  refunded: amountOf(refunded_amount),
  cancelled: status === 'CANCELLED',
});

/** The state in which the first request succeeds: what is refunded, or named as a capture, was captured. */
function stateNeeded({ operation: { name } }: Told, amount: number, captures: number): State {
  const state = { captured: 0, refunded: 0, cancelled: false };
  if (name === 'refundOrder' || name === 'readRefund') return { ...state, captured: Math.max(amount - captures, 1) };
  return name === 'releaseRemainingAuthorization' ? { ...state, captured: Math.ceil(amount / 2) } : state;
}

/** The order at which a request is refused so; undefined where the refusal says nothing of the order. */
function refusedBecauseOf(first: Told): Partial<Past> | undefined {
  const messages = messagesOf(first);
  const { captured_amount, refunded_amount } = asked(first);
  switch (codeOf(first)) {
    case 'CAPTURE_NOT_ALLOWED':
      return /higher/i.test(messages) ? { amount: Math.max(1, amountOf(captured_amount) - 1) } : { cancelled: true };
    case 'CANCEL_NOT_ALLOWED':
      return { captured: USUAL_AMOUNT };
    case 'REFUND_NOT_ALLOWED': {
      if (/no captures/i.test(messages)) return {};
      const amount = Math.max(1, amountOf(refunded_amount) - 1);
      return { amount, captured: amount };
    }
    case 'NOT_ALLOWED':
      return /captured/i.test(messages) ? { captured: USUAL_AMOUNT } : { cancelled: true };
    default:
      return undefined;
  }
}
