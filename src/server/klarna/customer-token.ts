import type { ApiOperations } from '../../contract/operation-map.js';
import { createCustomerTokenOrder } from '../../klarna/tokens/charges.js';
import {
  type OnCustomerToken,
  readCustomerToken,
  updateCustomerTokenStatus,
} from '../../klarna/tokens/customer-tokens.js';
import type { Steps } from '../../store/eventually.js';
import type { CallOn, Handlers } from '../call.js';

/** Loads the customer token that the path names. */
export function* customerTokenOf({ tx, params, merchant, now }: CallOn<'customerToken'>): Steps<OnCustomerToken> {
  const id = params.customerToken;
  return { token: yield* tx.get('customer_token', id), id, merchant, now };
}

/** Handlers of the Klarna Customer Token API. */
export const customerToken: Handlers<keyof ApiOperations['customer-token']> = {
  *readCustomerToken(call) {
    return readCustomerToken(yield* customerTokenOf(call));
  },

  *updateCustomerTokenStatus(call) {
    return updateCustomerTokenStatus(yield* customerTokenOf(call));
  },

  *createCustomerTokenOrder(call) {
    const on = yield* customerTokenOf(call);
    const { ids } = call.world;
    return createCustomerTokenOrder({
      body: call.body,
      orderId: ids.uuid(),
      captureId: ids.uuid(),
      reference: ids.reference(),
      scripted: call.scripted,
      stepUpId: ids.uuid(),
      base: call.browserBase,
      ...on,
    });
  },
};
