import type { ApiOperations } from '../../contract/operation-map.js';
import type { Decision } from '../../klarna/decision.js';
import { cancelAuthorization, type OnAuthorization } from '../../klarna/payments/authorizations.js';
import { createOrder } from '../../klarna/payments/create-order.js';
import { createSession, type OnSession, readSession, updateSession } from '../../klarna/payments/sessions.js';
import type { SessionRequest } from '../../klarna/records.js';
import { createCustomerToken } from '../../klarna/tokens/customer-tokens.js';
import type { Steps } from '../../store/eventually.js';
import type { CallBase, CallOn, Handlers } from '../call.js';
import { chosenCategories } from '../world/categories.js';

/** Loads the session that the path names. */
export function* sessionOf({ tx, params, merchant, now, world }: CallOn<'session_id'>): Steps<OnSession> {
  const id = params.session_id;
  return { session: yield* tx.get('session', id), id, merchant, now, currencies: world.currencies };
}

function* authorizationOf({ tx, params, merchant, now }: CallOn<'authorizationToken'>): Steps<OnAuthorization> {
  const id = params.authorizationToken;
  const authorization = yield* tx.get('authorization', id);
  return { authorization, session: yield* tx.get('session', authorization?.session), id, merchant, now };
}

/** Creates a session of the merchant, with the payment method categories that are chosen for it. */
export function* openSession(call: CallBase, body: SessionRequest): Steps<Decision> {
  const { tx, merchant, world, now, sdkBase, clientTokenOf, run } = call;
  const token = yield* tx.get('customer_token', body.customer?.customer_token);
  const { currencies, ids } = world;
  const { categories } = chosenCategories(world, run);
  const id = ids.uuid();
  return createSession({ merchant, body, token, now, sdkBase, clientTokenOf, currencies, categories, id });
}

/** Handlers of the Klarna Payments API. */
export const payments: Handlers<keyof ApiOperations['payments']> = {
  createSession: (call) => openSession(call, call.body),

  *readSession(call) {
    return readSession({ clientTokenOf: call.clientTokenOf, ...(yield* sessionOf(call)) });
  },

  *updateSession(call) {
    return updateSession({ body: call.body, ...(yield* sessionOf(call)) });
  },

  *cancelAuthorization(call) {
    return cancelAuthorization(yield* authorizationOf(call));
  },

  *createCustomerToken(call) {
    const on = yield* authorizationOf(call);
    const { tx, world, browserBase: base } = call;
    // The authorization's own token if it has one, or else the one that the session recovers.
    const known = on.authorization?.token ?? on.session?.recovers?.token;
    const token = yield* tx.get('customer_token', known);
    return createCustomerToken({ token, body: call.body, tokenId: world.ids.uuid(), base, ...on });
  },

  *createOrder(call) {
    const on = yield* authorizationOf(call);
    const { tx, world, browserBase: base } = call;
    return createOrder({
      body: call.body,
      currencies: world.currencies,
      placed: yield* tx.get('order', on.authorization?.placed?.order),
      token: yield* tx.get('customer_token', on.session?.recovers?.token),
      orderId: world.ids.uuid(),
      captureId: world.ids.uuid(),
      reference: world.ids.reference(),
      scripted: call.scripted,
      base,
      ...on,
    });
  },
};
