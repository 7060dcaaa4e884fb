import type { ApiOperations } from '../../contract/operation-map.js';
import { createCustomerTokenOrder } from '../../klarna/tokens/charges.js';
import {
  type OnCustomerToken,
  readCustomerToken,
  updateCustomerTokenStatus,
} from '../../klarna/tokens/customer-tokens.js';
import type { CallOn, Handlers } from '../call.js';

/** Loads the customer token that the path names. */
export async function customerTokenOf({
  tx,
  params,
  merchant,
  now,
}: CallOn<'customerToken'>): Promise<OnCustomerToken> {
  const id = params.customerToken;
  return { token: await tx.get('customer_token', id), id, merchant, now };
}

/** Handlers of the Klarna Customer Token API. */
export const customerToken: Handlers<keyof ApiOperations['customer-token']> = {
  async readCustomerToken(call) {
    return readCustomerToken(await customerTokenOf(call));
  },

  async updateCustomerTokenStatus(call) {
    return updateCustomerTokenStatus(await customerTokenOf(call));
  },

  async createCustomerTokenOrder(call) {
    const { ids } = call.world;
    return createCustomerTokenOrder({
      ...(await customerTokenOf(call)),
      body: call.body,
      orderId: ids.uuid(),
      captureId: ids.uuid(),
      reference: ids.reference(),
      scripted: call.scripted,
      stepUpId: ids.uuid(),
      base: call.browserBase,
    });
  },
};
