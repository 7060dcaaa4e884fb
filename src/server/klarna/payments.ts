import type { ApiOperations } from '../../contract/operation-map.js';
import type { Decision } from '../../klarna/decision.js';
import { cancelAuthorization, type OnAuthorization } from '../../klarna/payments/authorizations.js';
import { createOrder } from '../../klarna/payments/create-order.js';
import { createSession, type OnSession, readSession, updateSession } from '../../klarna/payments/sessions.js';
import type { SessionRequest } from '../../klarna/records.js';
import { createCustomerToken } from '../../klarna/tokens/customer-tokens.js';
import type { CallBase, CallOn, Handlers } from '../call.js';
import { chosenCategories } from '../world/categories.js';

/** Loads the session that the path names. */
export async function sessionOf({ tx, params, merchant, now, world }: CallOn<'session_id'>): Promise<OnSession> {
  const id = params.session_id;
  return { session: await tx.get('session', id), id, merchant, now, currencies: world.currencies };
}

async function authorizationOf({ tx, params, merchant, now }: CallOn<'authorizationToken'>): Promise<OnAuthorization> {
  const id = params.authorizationToken;
  const authorization = await tx.get('authorization', id);
  return { authorization, session: await tx.get('session', authorization?.session), id, merchant, now };
}

/** Creates a session of the merchant, with the payment method categories that are chosen for it. */
export async function openSession(call: CallBase, body: SessionRequest): Promise<Decision> {
  const { tx, merchant, world, now, sdkBase, sign, run } = call;
  const token = await tx.get('customer_token', body.customer?.customer_token);
  const { currencies, ids } = world;
  const { categories } = chosenCategories(world, run);
  return createSession({ merchant, body, token, now, sdkBase, sign, currencies, categories, id: ids.uuid() });
}

/** Handlers of the Klarna Payments API. */
export const payments: Handlers<keyof ApiOperations['payments']> = {
  async createSession(call) {
    return openSession(call, call.body);
  },

  async readSession(call) {
    return readSession(await sessionOf(call));
  },

  async updateSession(call) {
    return updateSession({ ...(await sessionOf(call)), body: call.body });
  },

  async cancelAuthorization(call) {
    return cancelAuthorization(await authorizationOf(call));
  },

  async createCustomerToken(call) {
    const on = await authorizationOf(call);
    const { tx, world, browserBase: base } = call;
    // The authorization's own token if it has one, or else the one that the session recovers.
    const known = on.authorization?.token ?? on.session?.recovers?.token;
    const token = await tx.get('customer_token', known);
    return createCustomerToken({ ...on, token, body: call.body, tokenId: world.ids.uuid(), base });
  },

  async createOrder(call) {
    const on = await authorizationOf(call);
    const { tx, world, browserBase: base } = call;
    return createOrder({
      ...on,
      body: call.body,
      currencies: world.currencies,
      placed: await tx.get('order', on.authorization?.placed?.order),
      token: await tx.get('customer_token', on.session?.recovers?.token),
      orderId: world.ids.uuid(),
      captureId: world.ids.uuid(),
      reference: world.ids.reference(),
      scripted: call.scripted,
      base,
    });
  },
};
