import type { ApiOperations } from '../../contract/operation-map.js';
import { cancelAuthorization, type OnAuthorization } from '../../klarna/payments/authorizations.js';
import { createOrder } from '../../klarna/payments/create-order.js';
import { createSession, type OnSession, readSession, updateSession } from '../../klarna/payments/sessions.js';
import { createCustomerToken } from '../../klarna/tokens/customer-tokens.js';
import type { CallOn, Handlers } from '../call.js';

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

/** Handlers of the Klarna Payments API. */
export const payments: Handlers<keyof ApiOperations['payments']> = {
  async createSession(call) {
    const { body, tx, merchant, world, now, base, sign } = call;
    const token = await tx.get('customer_token', body.customer?.customer_token);
    const { currencies, ids } = world;
    return createSession({ merchant, body, token, now, base, sign, currencies, id: ids.uuid() });
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
    const { tx, world, base } = call;
    // The authorization's own token if it has one, or else the one that the session recovers.
    const known = on.authorization?.token ?? on.session?.recovers?.token;
    const token = await tx.get('customer_token', known);
    return createCustomerToken({ ...on, token, body: call.body, tokenId: world.ids.uuid(), base });
  },

  async createOrder(call) {
    const on = await authorizationOf(call);
    const { tx, world, base } = call;
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
