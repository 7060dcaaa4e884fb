import { ControlError, control } from '../../client/control.js';
import {
  authorize,
  endCustomerToken,
  fieldsFor,
  makeAuthorization,
  makeCapture,
  makeCustomerToken,
  makeHostedSession,
  makeOrder,
  makeRefund,
  makeSession,
  shopperBy,
  usualPurchase,
} from '../../client/states.js';
import type { Target } from '../../client/target.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import { type RefusedState, stateRefused } from '../../klarna/catalogue/errors.js';
import { marketOf, markets } from '../../klarna/catalogue/markets.js';
import { amountOf, answerBody, type RecordedCall, refusalOf, requestBody, succeeded } from './recorded-call.js';

/** The market that a purchase or a charge is in, by its country, or else by its currency. */
export function countryOf({ purchase_country, purchase_currency }: Fields): string | undefined {
  const named = marketOf(typeof purchase_country === 'string' ? purchase_country : undefined);
  const paying = Object.entries(markets).find(([, { currency }]) => currency === purchase_currency);
  return named?.country ?? paying?.[0];
}

/** A session for what a request or an answer shows of a purchase; what that leaves out is as usual. */
export function shownPurchase(shown: Fields, amount?: number): Fields {
  const usual = usualPurchase(countryOf(shown), amount);
  const own = fieldsFor('createSession', shown);
  const lines = linesOf(own);
  if (lines.length === 0) return { ...usual, ...own, order_lines: usual.order_lines };
  const { order_lines: _, ...rest } = usual;
  return { ...rest, order_tax_amount: taxOf(lines), ...own, order_lines: lines };
}

/** Lines as a session takes them: Klarna shows those of an order with empty texts where it was told nothing. */
function linesOf({ order_lines }: Fields): Fields[] {
  const lines = Array.isArray(order_lines) ? order_lines.filter(isFields) : [];
  return lines.map((line) => Object.fromEntries(Object.entries(line).filter(([, value]) => value !== '')));
}

const taxOf = (lines: readonly Fields[]): number =>
  lines.reduce((sum, line) => sum + amountOf(line.type === 'sales_tax' ? line.total_amount : line.total_tax_amount), 0);

/** The history of an order before a recording begins. */
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

/** The order amount where the recording shows none, in minor units. */
const USUAL_AMOUNT = 10_000;

/**
 * Places an order that can have been what a recording begins with: as large as all that is captured and refunded later,
 * in the state that the first answer shows or follows from.
 * @param story every exchange of the recording that names the order; the first of them needs it
 * @returns its id
 */
export async function placeOrder(target: Target, story: readonly [RecordedCall, ...RecordedCall[]]): Promise<string> {
  const past = pastOf(story);
  const { amount, purchase = {}, shopper } = past;
  const own = { ...shownPurchase(purchase, amount), order_amount: amount };
  const order = await makeOrder(target, { purchase: own, shopper }).catch((error) => {
    if (!(error instanceof ControlError)) throw error;
    return makeOrder(target, { purchase: usualPurchase(countryOf(purchase), amount), shopper });
  });
  if (past.captured > 0) await makeCapture(target, order, past.captured);
  if (past.refunded > 0) await makeRefund(target, order, past.refunded);
  if (past.cancelled) await control(target, 'cancelOrder', { path: { order_id: order } });
  return order;
}

function pastOf(story: readonly [RecordedCall, ...RecordedCall[]]): Past {
  const [first] = story;
  const refused = refusedBecauseOf(first);
  if (refused) return { amount: USUAL_AMOUNT, captured: 0, refunded: 0, cancelled: false, ...refused };
  const read = story.find((call) => call.operation.name === 'readOrder' && succeeded(call));
  const seen = read ? answerBody(read) : {};
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

function sum(story: readonly RecordedCall[], operation: string, field: string): number {
  const done = story.filter((call) => call.operation.name === operation && succeeded(call));
  return done.reduce((total, call) => total + amountOf(requestBody(call)[field]), 0);
}

type State = Pick<Past, 'captured' | 'refunded' | 'cancelled'>;

const stateSeen = ({ captured_amount, refunded_amount, status }: Fields): State => ({
  captured: amountOf(captured_amount),
  refunded: amountOf(refunded_amount),
  cancelled: status === 'CANCELLED',
});

/** The state in which the first request succeeds: what is refunded, or named as a capture, was captured. */
function stateNeeded({ operation: { name } }: RecordedCall, amount: number, captures: number): State {
  const state = { captured: 0, refunded: 0, cancelled: false };
  if (name === 'refundOrder' || name === 'readRefund') return { ...state, captured: Math.max(amount - captures, 1) };
  return name === 'releaseRemainingAuthorization' ? { ...state, captured: Math.ceil(amount / 2) } : state;
}

/** The order at which a request is refused so; undefined where the refusal says nothing of the order. */
function refusedBecauseOf(first: RecordedCall): Partial<Past> | undefined {
  const { captured_amount, refunded_amount } = requestBody(first);
  const below = (amount: unknown) => Math.max(1, amountOf(amount) - 1);
  switch (stateRefused(refusalOf(first))) {
    case 'order smaller':
      return { amount: below(captured_amount) };
    case 'less captured':
      return { amount: below(refunded_amount), captured: below(refunded_amount) };
    case 'order captured':
      return { captured: USUAL_AMOUNT };
    case 'order not captured':
      return {};
    case 'order cancelled':
      return { cancelled: true };
    default:
      return undefined;
  }
}

/** The input of a recipe for what a path names. */
export interface Need {
  target: Target;
  /** The exchange that names it first. */
  call: RecordedCall;
  /** It and every later exchange of the recording that names the same. */
  story: readonly [RecordedCall, ...RecordedCall[]];
  /** The sandbox's ids for the parameters before it in the path. */
  known: Readonly<Record<string, string>>;
  /** Sessions of the recording that nobody has authorized, the oldest first. */
  open: string[];
}

/** Brings about what a parameter of a path names; gives its id. */
type Bring = (need: Need) => Promise<string>;

/** By the contract and the name of the parameter. */
const brings: Readonly<Record<string, Bring>> = {
  'payments.session_id': ({ target, call }) =>
    withPurchase(call, { ...answerBody(call), ...requestBody(call) }, (purchase) => makeSession(target, purchase)),

  'hosted-payment-page.session_id': ({ target }) => makeHostedSession(target),
  'payments.authorizationToken': bringAuthorization,
  'customer-token.customerToken': bringCustomerToken,
  'order-management.order_id': ({ target, story }) => placeOrder(target, story),

  'order-management.capture_id': ({ target, story, known }) => {
    const read = story.find((call) => call.operation.name === 'readCapture' && succeeded(call));
    return captureSome(target, String(known.order_id), amountOf(read && answerBody(read).captured_amount));
  },

  'order-management.refund_id': ({ target, call, known }) =>
    makeRefund(target, String(known.order_id), amountOf(answerBody(call).refunded_amount) || 1),
};

/** Returns the recipe for what a parameter names; undefined where there is none. */
export const bringFor = (api: string, parameter: string): Bring | undefined => brings[`${api}.${parameter}`];

async function captureSome(target: Target, order_id: string, wanted: number): Promise<string> {
  const order = (await control(target, 'readOrder', { path: { order_id } })) as Fields;
  return makeCapture(target, order_id, wanted || amountOf(order.remaining_authorized_amount));
}

/** Tries the purchase that the recording shows, and where it cannot be made a usual one in the same market. */
async function withPurchase<T>(call: RecordedCall, shown: Fields, make: (purchase: Fields) => Promise<T>): Promise<T> {
  try {
    return await make(shownPurchase(shown));
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    const { intent } = shown;
    return make({
      ...usualPurchase(countryOf(shown)),
      ...(call.operation.name === 'createCustomerToken' && { intent }),
    });
  }
}

async function bringAuthorization({ target, call, open }: Need): Promise<string> {
  const body = requestBody(call);
  const tokenizing = call.operation.name === 'createCustomerToken';
  const state = stateRefused(refusalOf(call));
  const known = state === 'no token allowed' ? undefined : open.shift();
  const shopper = shopperBy((answerBody(call).authorized_payment_method as Fields | undefined)?.type);
  if (known !== undefined) {
    const { billing_address, shipping_address } = body;
    return authorize(target, known, { ...shopper, data: { billing_address, shipping_address } });
  }
  const intent = tokenizing && state !== 'no token allowed' ? 'buy_and_default_tokenize' : 'buy';
  const { customer: _, ...shown } = body;
  const token = await withPurchase(call, { ...shown, ...(tokenizing && { intent }) }, (purchase) =>
    makeAuthorization(target, { purchase, shopper }),
  );
  if (state === 'order placed') {
    const placed = { ...fieldsFor('createOrder', body), merchant_reference1: 'first' };
    await control(target, 'createOrder', { path: { authorizationToken: token }, body: placed });
  }
  return token;
}

/** The status of a customer token by the state in which it is refused. */
const ended: Partial<Record<RefusedState, string>> = { 'token suspended': 'SUSPENDED', 'token cancelled': 'CANCELLED' };

async function bringCustomerToken({ target, call, story }: Need): Promise<string> {
  const charge = story.find(({ operation }) => operation.name === 'createCustomerTokenOrder') ?? call;
  const read = story.find((other) => other.operation.name === 'readCustomerToken' && succeeded(other));
  const seen = read ? answerBody(read) : {};
  const purchase = usualPurchase(countryOf(requestBody(charge)));
  const token = await makeCustomerToken(target, { purchase, shopper: shopperBy(seen.payment_method_type) });
  const shown = read === call && seen.status !== 'ACTIVE' ? String(seen.status) : undefined;
  const state = stateRefused(refusalOf(call));
  const status = (state && ended[state]) ?? shown;
  if (status !== undefined) await endCustomerToken(target, token, status);
  return token;
}
