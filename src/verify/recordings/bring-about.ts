import type { Target } from '../../client/target.js';
import { ControlRefusal, control } from '../../replay/control.js';
import type { Fields } from '../../replay/words.js';
import {
  authorize,
  endCustomerToken,
  fieldsFor,
  makeAuthorization,
  makeCapture,
  makeCustomerToken,
  makeHostedSession,
  makeRefund,
  makeSession,
  shopperBy,
  usualPurchase,
} from '../recipes.js';
import { placeOrder } from './orders.js';
import { countryOf, shownPurchase } from './purchase.js';
import { amountOf, answered, asked, codeOf, messagesOf, succeeded, type Told } from './told.js';

/** What is needed to bring about what a request names. */
export interface Need {
  target: Target;
  /** The exchange that names it first. */
  told: Told;
  /** It and every later exchange of the recording that names the same. */
  story: readonly [Told, ...Told[]];
  /** What the sandbox has of what the path names before it, by parameter. */
  known: Readonly<Record<string, string>>;
  /** Sessions of the recording that nobody has authorized, the oldest first. */
  open: string[];
}

/** Brings about what a parameter of a path names; gives its id. */
type Bring = (need: Need) => Promise<string>;

/** By the contract and the name of the parameter. */
const brings: Readonly<Record<string, Bring>> = {
  'payments.session_id': ({ target, told }) =>
    withPurchase(told, { ...answered(told), ...asked(told) }, (purchase) => makeSession(target, purchase)),

  'hosted-payment-page.session_id': ({ target }) => makeHostedSession(target),
  'payments.authorizationToken': bringAuthorization,
  'customer-token.customerToken': bringCustomerToken,
  'order-management.order_id': ({ target, story }) => placeOrder(target, story),

  'order-management.capture_id': ({ target, story, known }) => {
    const read = story.find((told) => told.operation.name === 'readCapture' && succeeded(told));
    return captureSome(target, String(known.order_id), amountOf(read && answered(read).captured_amount));
  },

  'order-management.refund_id': ({ target, told, known }) =>
    makeRefund(target, String(known.order_id), amountOf(answered(told).refunded_amount) || 1),
};

/** What brings about what a parameter names; undefined where nothing does. */
export const bringFor = (api: string, parameter: string): Bring | undefined => brings[`${api}.${parameter}`];

async function captureSome(target: Target, order_id: string, wanted: number): Promise<string> {
  const order = (await control(target, 'readOrder', { path: { order_id } })) as Fields;
  return makeCapture(target, order_id, wanted || amountOf(order.remaining_authorized_amount));
}

/** Tries the purchase that the recording shows, and where it cannot be made a usual one in the same market. */
async function withPurchase<T>(told: Told, shown: Fields, make: (purchase: Fields) => Promise<T>): Promise<T> {
  try {
    return await make(shownPurchase(shown));
  } catch (error) {
    if (!(error instanceof ControlRefusal)) throw error;
    const { intent } = shown;
    return make({
      ...usualPurchase(countryOf(shown)),
      ...(told.operation.name === 'createCustomerToken' && { intent }),
    });
  }
}

async function bringAuthorization({ target, told, open }: Need): Promise<string> {
  const body = asked(told);
  const tokenizing = told.operation.name === 'createCustomerToken';
  const known = codeOf(told) === 'INVALID_OPERATION' ? undefined : open.shift();
  const shopper = shopperBy((answered(told).authorized_payment_method as Fields | undefined)?.type);
  if (known !== undefined) {
    const { billing_address, shipping_address } = body;
    return authorize(target, known, { ...shopper, data: { billing_address, shipping_address } });
  }
  const intent = tokenizing && codeOf(told) !== 'INVALID_OPERATION' ? 'buy_and_default_tokenize' : 'buy';
  const { customer: _, ...shown } = body;
  const token = await withPurchase(told, { ...shown, ...(tokenizing && { intent }) }, (purchase) =>
    makeAuthorization(target, { purchase, shopper }),
  );
  if (/different request body/.test(messagesOf(told))) {
    const placed = { ...fieldsFor('createOrder', body), merchant_reference1: 'first' };
    await control(target, 'createOrder', { path: { authorizationToken: token }, body: placed });
  }
  return token;
}

const ended = /^TOKEN_(SUSPENDED|CANCELLED)$/;

async function bringCustomerToken({ target, told, story }: Need): Promise<string> {
  const charge = story.find(({ operation }) => operation.name === 'createCustomerTokenOrder') ?? told;
  const read = story.find((one) => one.operation.name === 'readCustomerToken' && succeeded(one));
  const seen = read ? answered(read) : {};
  const purchase = usualPurchase(countryOf(asked(charge)));
  const token = await makeCustomerToken(target, { purchase, shopper: shopperBy(seen.payment_method_type) });
  const shown = read === told && seen.status !== 'ACTIVE' ? String(seen.status) : undefined;
  const status = ended.exec(codeOf(told) ?? '')?.[1] ?? shown;
  if (status !== undefined) await endCustomerToken(target, token, status);
  return token;
}
