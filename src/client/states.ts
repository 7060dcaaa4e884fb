import { bodyFields, operationNamed } from '../contract/operations.js';
import type { Fields } from '../exchange/fields.js';
import { type MarketCountry, marketOf, markets } from '../klarna/catalogue/markets.js';
import { initialMethods, type OfferedMethod, paymentOptions } from '../klarna/catalogue/payment-options.js';
import { ControlError, control, insist } from './control.js';
import type { Target } from './target.js';

/**
 * Short recipes that bring a sandbox into a state, each through the calls that a shop and a shopper would make. Every one
 * throws a `ControlError` that says which call was refused, and why.
 */

/** What is to be bought, and how; every part has a usual value. */
export interface Wish {
  /** Body of the session. */
  purchase?: Fields;
  /** What the shopper chooses: `payment_option`, `funding_source`. */
  shopper?: Fields;
  /** Body of the customer token. */
  token?: Fields;
}

/** A purchase of boots: a body that creates a session, updates it and places its order. */
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

/** The fields of a body that an operation has. */
export function fieldsFor(operation: string, body: Fields): Fields {
  const names = new Set(bodyFields(operationNamed(operation)));
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.has(name)));
}

/** Choices of a shopper by the type of payment method that follows, as orders and customer tokens name it. */
const choices = new Map<string, Fields>();
for (const [payment_option, offered] of Object.entries(paymentOptions)) {
  for (const [type, method] of Object.entries<OfferedMethod>(offered)) {
    for (const name of [method.type, initialMethods[method.type].type.toLowerCase()]) {
      if (!choices.has(name)) choices.set(name, { payment_option, funding_source: { type } });
    }
  }
}

/** Returns what a shopper chooses who pays by a type of payment method, in any case; nothing special where it is none. */
export const shopperBy = (type: unknown): Fields => choices.get(String(type).toLowerCase()) ?? {};

/** @returns its id */
export async function makeSession(target: Target, purchase: Fields = usualPurchase()): Promise<string> {
  return (await control(target, 'createSession', { body: purchase })).session_id;
}

/**
 * Lets the shopper authorize a session.
 * @param shopper what is chosen, and in `data` what the shop's page says of the purchase
 * @returns the authorization token
 */
export async function authorize(target: Target, session_id: string, shopper: Fields = {}): Promise<string> {
  const { authorization_token } = await control(target, 'authorizeSession', { path: { session_id }, body: shopper });
  if (authorization_token !== undefined) return authorization_token;
  throw new ControlError('authorizeSession gave no authorization token');
}

/** @returns the authorization token of a session of its own */
export async function makeAuthorization(target: Target, wish: Wish = {}): Promise<string> {
  const { purchase = usualPurchase(), shopper } = wish;
  return authorize(target, await makeSession(target, fieldsFor('createSession', purchase)), shopper);
}

/** @returns its id */
export async function makeCustomerToken(target: Target, wish: Wish = {}): Promise<string> {
  const { purchase = usualPurchase(), token = {} } = wish;
  const tokenizing = { intent: 'buy_and_tokenize', ...purchase };
  const authorizationToken = await makeAuthorization(target, { ...wish, purchase: tokenizing });
  const body = { description: 'Boot care, once a month', intended_use: 'SUBSCRIPTION', ...token };
  const path = { authorizationToken };
  return (await control(target, 'createCustomerToken', { path, body })).token_id;
}

/** @returns its id */
export async function makeOrder(target: Target, wish: Wish = {}): Promise<string> {
  const { purchase = usualPurchase() } = wish;
  const authorizationToken = await makeAuthorization(target, wish);
  const body = fieldsFor('createOrder', purchase);
  return (await control(target, 'createOrder', { path: { authorizationToken }, body })).order_id;
}

/** @returns the id of a hosted session for a session of its own */
export async function makeHostedSession(target: Target, purchase?: Fields): Promise<string> {
  const session = await makeSession(target, purchase);
  const body = { payment_session_url: `${target.url}/payments/v1/sessions/${session}` };
  return (await control(target, 'createHostedSession', { body })).session_id;
}

/** @returns the id of the capture */
export async function makeCapture(target: Target, order_id: string, captured_amount: number): Promise<string> {
  const { headers } = await insist(target, 'captureOrder', { path: { order_id }, body: { captured_amount } });
  return String(headers['capture-id']);
}

/** @returns the id of the refund */
export async function makeRefund(target: Target, order_id: string, refunded_amount: number): Promise<string> {
  const { headers } = await insist(target, 'refundOrder', { path: { order_id }, body: { refunded_amount } });
  return String(headers['refund-id']);
}

/** Brings a customer token into a status that is not ACTIVE. */
export async function endCustomerToken(target: Target, customerToken: string, status: string): Promise<void> {
  const operation = status === 'SUSPENDED' ? 'suspendCustomerToken' : 'cancelCustomerToken';
  await control(target, operation, { path: { customerToken } });
}
