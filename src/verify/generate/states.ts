import { ControlError } from '../../client/control.js';
import {
  fieldsFor,
  makeAuthorization,
  makeCapture,
  makeCustomerToken,
  makeHostedSession,
  makeOrder,
  makeRefund,
  makeSession,
  usualPurchase,
} from '../../client/states.js';
import type { Target } from '../../client/target.js';
import type { Operation } from '../../contract/operations.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import type { MarketCountry } from '../../klarna/catalogue/markets.js';

/** The state that an operation needs to succeed. */
export interface State {
  /** Parameters of the path. */
  path: Record<string, string>;
  /** The number of requests it serves before it is made anew. */
  serves: number;
  /** Fields of every body that is to succeed in it. */
  body?: Fields;
}

/** Makes a state, and bodies that fit it. */
export interface Recipe {
  /** @param body that the first request will have */
  make(target: Target, country: MarketCountry, body: Fields): Promise<State>;
  /** Makes a body fit the state, where the contract alone does not. */
  fit?(body: Fields): Fields;
}

/** Enough that states are few, and fewer than an order has room for captures and refunds. */
const MANY = 200;

/** The order amount that has room for many captures and refunds of `PART`, in minor units. */
const LARGE = 100_000_000;
const PART = 10_000;

/** An invoice: it can be raised, prolonged and put off. */
const byInvoice = { payment_option: 'pay_later', funding_source: { type: 'none' } };

const wish = (country: MarketCountry) => ({ purchase: usualPurchase(country, LARGE), shopper: byInvoice });

/** Contact data for every way to hand out a link. */
const contact = { phone: '+46701740615', phone_country: 'SE', email: 'alice@example.com', access_id: 'alice' };

/** A recipe that makes one thing, which the path names. */
const naming = (
  parameter: string,
  make: (target: Target, country: MarketCountry) => Promise<string>,
  more: Partial<State> & Pick<Recipe, 'fit'> = {},
): Recipe => ({
  ...(more.fit && { fit: more.fit }),
  make: async (target, country) => ({
    path: { [parameter]: await make(target, country) },
    serves: more.serves ?? MANY,
  }),
});

const session = (target: Target, country: MarketCountry) => makeSession(target, usualPurchase(country));
const token = (target: Target, country: MarketCountry) =>
  makeCustomerToken(target, { purchase: usualPurchase(country) });
const hostedSession = (target: Target, country: MarketCountry) => makeHostedSession(target, usualPurchase(country));
const order = (target: Target, country: MarketCountry) => makeOrder(target, wish(country));

/** An authorization that may become an order and a customer token. */
const authorization = (target: Target, country: MarketCountry) =>
  makeAuthorization(target, { purchase: { ...usualPurchase(country), intent: 'buy_and_tokenize' } });

async function capturedOrder(target: Target, country: MarketCountry, amount: number): Promise<Record<string, string>> {
  const order_id = await order(target, country);
  return { order_id, capture_id: await makeCapture(target, order_id, amount) };
}

const onCapture = (serves = MANY): Recipe => ({
  make: async (target, country) => ({ path: await capturedOrder(target, country, PART), serves }),
});

/** An amount that leaves room for others. */
const small = (field: string) => (body: Fields) => ({ ...body, [field]: Number(body[field]) % PART });

const nothing: Recipe = { make: async () => ({ path: {}, serves: Number.POSITIVE_INFINITY }) };
const onOrder = naming('order_id', order);

/** Operations whose state or body is not the usual one of their path. */
const special: Readonly<Record<string, Recipe>> = {
  // Without lines the amounts of the session stay.
  updateSession: naming('session_id', session, {
    fit: ({ order_amount, order_tax_amount, ...body }) =>
      'order_lines' in body ? { ...body, order_amount, order_tax_amount } : body,
  }),
  cancelAuthorization: naming('authorizationToken', authorization, { serves: 1 }),
  createCustomerToken: naming('authorizationToken', authorization, { serves: 1 }),
  createOrder: {
    async make(target, country, body) {
      const { billing_address: _, shipping_address: __, ...purchase } = fieldsFor('createSession', body);
      const authorizationToken = await makeAuthorization(target, {
        purchase: { ...purchase, purchase_country: country },
      });
      return { path: { authorizationToken }, serves: 1 };
    },
  },
  updateCustomerTokenStatus: naming('customerToken', token, { fit: (body) => ({ ...body, status: 'CANCELLED' }) }),
  updateCustomerDetails: { ...onOrder, fit: ({ billing_address: _, ...body }) => body },
  captureOrder: {
    ...onOrder,
    fit: (body) => ({ ...small('captured_amount')(body), ...('shipping_delay' in body && { shipping_delay: 0 }) }),
  },
  releaseRemainingAuthorization: {
    make: async (target, country) => {
      const { order_id } = (await capturedOrder(target, country, PART)) as { order_id: string };
      return { path: { order_id }, serves: MANY };
    },
  },
  refundOrder: {
    fit: small('refunded_amount'),
    make: async (target, country) => {
      const { order_id } = (await capturedOrder(target, country, LARGE)) as { order_id: string };
      return { path: { order_id }, serves: MANY };
    },
  },
  readRefund: {
    make: async (target, country) => {
      const { order_id } = (await capturedOrder(target, country, PART)) as { order_id: string };
      return { path: { order_id, refund_id: await makeRefund(target, order_id, PART) }, serves: MANY };
    },
  },
  createHostedSession: {
    async make(target, country) {
      const payment_session_url = `${target.url}/payments/v1/sessions/${await session(target, country)}`;
      return { path: {}, serves: MANY, body: { payment_session_url } };
    },
    // A page offers one category or several.
    fit({ options, ...body }) {
      if (!isFields(options)) return body;
      const { payment_method_category: _, ...others } = options;
      return { ...body, options: 'payment_method_categories' in options ? others : options };
    },
  },
  distributeHostedSession: naming('session_id', hostedSession, {
    fit: (body) => ({ ...body, contact_information: contact }),
  }),
  extendDueDate: {
    // Few markets offer it.
    make: (target) => onCapture(1).make(target, 'SE', {}),
    fit: (body) => ({ ...body, number_of_days: 10 }),
  },
};

/** The recipes of each API by the last parameter of the path. */
const usual: Readonly<Record<string, Readonly<Record<string, Recipe>>>> = {
  payments: { '': nothing, session_id: naming('session_id', session) },
  'hosted-payment-page': { session_id: naming('session_id', hostedSession) },
  'customer-token': { customerToken: naming('customerToken', token) },
  'order-management': { order_id: onOrder, capture_id: onCapture() },
};

/** The recipe of an operation without any. */
const unknown: Recipe = {
  make: () => Promise.reject(new ControlError('no recipe makes what the path names')),
};

/** Returns the recipe for an operation. */
export function recipeFor({ name, api, parameters }: Operation): Recipe {
  return special[name] ?? usual[api]?.[parameters.path.at(-1) ?? ''] ?? unknown;
}
