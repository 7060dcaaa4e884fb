import { bodyFields, operationNamed } from '../contract/operations.js';
import type { Fields } from '../exchange/fields.js';
import { type MarketCountry, marketOf, markets } from '../klarna/catalogue/markets.js';
import { initialMethods, type OfferedMethod, paymentOptions } from '../klarna/catalogue/payment-options.js';
import { ControlError, control, insist } from './control.js';
import type { Target } from './target.js';

/**
 * Functions that bring a sandbox into a state, each by the calls that a shop and a shopper would make. Each throws a
 * `ControlError` that names the refused call and the reason.
 */

/** The purchase by which a state is reached; every part has a default. */
export interface Wish {
  /** Body of the session. */
  purchase?: Fields;
  /** The shopper's choice: `payment_option`, `funding_source`. */
  shopper?: Fields;
  /** Body of the customer token. */
  token?: Fields;
}

/** Returns a purchase of boots: a body with which a session is created and updated, and its order placed. */
export function usualPurchase(country: string | undefined = 'SE', amount = 10_000): Fields {
  const market = (marketOf(country)?.country ?? 'SE') as MarketCountry;
  return {
    purchase_country: market,
    purchase_currency: markets[market].currency,
    locale: markets[market].locales[0],
    order_amount: amount,
    order_tax_amount: 0,
    order_lines: [{ name: 'Boots', quantity: 1, unit_price: amount, total_amount: amount, total_tax_amount: 0 }],
  };
}

/** Returns the fields of a body that an operation's contract has. */
export function fieldsFor(operation: string, body: Fields): Fields {
  const names = new Set(bodyFields(operationNamed(operation)));
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.has(name)));
}

/** Choices of a shopper by the type of the resulting payment method, as orders and customer tokens name it. */
const choices = new Map<string, Fields>();
for (const [payment_option, offered] of Object.entries(paymentOptions)) {
  for (const [type, method] of Object.entries<OfferedMethod>(offered)) {
    for (const name of [method.type, initialMethods[method.type].type.toLowerCase()]) {
      if (!choices.has(name)) choices.set(name, { payment_option, funding_source: { type } });
    }
  }
}

/** Returns a shopper's choice that leads to a type of payment method, in any case; empty for an unknown type. */
export const shopperBy = (type: unknown): Fields => choices.get(String(type).toLowerCase()) ?? {};

/** Creates a session; returns its id. */
export async function makeSession(target: Target, purchase: Fields = usualPurchase()): Promise<string> {
  return (await control(target, 'createSession', { body: purchase })).session_id;
}

/**
 * Lets the shopper authorize a session.
 * @param shopper the shopper's choice, and in `data` the purchase data of the shop's page
 * @returns the authorization token
 */
export async function authorize(target: Target, session_id: string, shopper: Fields = {}): Promise<string> {
  const { authorization_token } = await control(target, 'authorizeSession', { path: { session_id }, body: shopper });
  if (authorization_token !== undefined) return authorization_token;
  throw new ControlError('authorizeSession gave no authorization token');
}

/** Creates and authorizes a session; returns the authorization token. */
export async function makeAuthorization(target: Target, wish: Wish = {}): Promise<string> {
  const { purchase = usualPurchase(), shopper } = wish;
  return authorize(target, await makeSession(target, fieldsFor('createSession', purchase)), shopper);
}

/** Creates a customer token on a new authorization; returns its id. */
export async function makeCustomerToken(target: Target, wish: Wish = {}): Promise<string> {
  const { purchase = usualPurchase(), token = {} } = wish;
  const tokenizing = { intent: 'buy_and_tokenize', ...purchase };
  const authorizationToken = await makeAuthorization(target, { ...wish, purchase: tokenizing });
  const body = { description: 'Boot care, once a month', intended_use: 'SUBSCRIPTION', ...token };
  const path = { authorizationToken };
  return (await control(target, 'createCustomerToken', { path, body })).token_id;
}

/** Places an order on a new authorization; returns its id. */
export async function makeOrder(target: Target, wish: Wish = {}): Promise<string> {
  const { purchase = usualPurchase() } = wish;
  const authorizationToken = await makeAuthorization(target, wish);
  const body = fieldsFor('createOrder', purchase);
  return (await control(target, 'createOrder', { path: { authorizationToken }, body })).order_id;
}

/** Creates a hosted session for a new session; returns its id. */
export async function makeHostedSession(target: Target, purchase?: Fields): Promise<string> {
  const session = await makeSession(target, purchase);
  const body = { payment_session_url: `${target.url}/payments/v1/sessions/${session}` };
  return (await control(target, 'createHostedSession', { body })).session_id;
}

/** Captures an amount of an order, in minor units; returns the id of the capture. */
export async function makeCapture(target: Target, order_id: string, captured_amount: number): Promise<string> {
  const { headers } = await insist(target, 'captureOrder', { path: { order_id }, body: { captured_amount } });
  return String(headers['capture-id']);
}

/** Refunds an amount of an order, in minor units; returns the id of the refund. */
export async function makeRefund(target: Target, order_id: string, refunded_amount: number): Promise<string> {
  const { headers } = await insist(target, 'refundOrder', { path: { order_id }, body: { refunded_amount } });
  return String(headers['refund-id']);
}

/** Suspends or cancels a customer token. */
export async function endCustomerToken(target: Target, customerToken: string, status: string): Promise<void> {
  const operation = status === 'SUSPENDED' ? 'suspendCustomerToken' : 'cancelCustomerToken';
  await control(target, operation, { path: { customerToken } });
}
