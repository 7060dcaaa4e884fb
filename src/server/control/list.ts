import type { components } from '../../contract/generated/sandbox.js';
import { answer } from '../../klarna/decision.js';
import type { Kind, OfKind, PaymentMethod } from '../../klarna/records.js';
import type { CallBase, Handler } from '../call.js';

/** The schema types of the control API. */
export type Schemas = components['schemas'];

/** The operations that list a kind of records. */
type ListOperation = 'listSessions' | 'listAuthorizations' | 'listCustomerTokens' | 'listOrders' | 'listHostedSessions';

/** Makes the handler of a list: newest first, in pages. */
export function list<K extends Kind>(
  kind: K,
  show: (record: OfKind<K>, call: CallBase) => object | Promise<object>,
): Handler<ListOperation> {
  return async (call) => {
    const { store, merchant } = call;
    const { limit, after } = call.query;
    const { items, next } = await store.list(kind, merchant, limit, after);
    return answer(200, { items: await Promise.all(items.map((record) => show(record, call))), ...(next && { next }) });
  };
}

/** Returns a payment method in the form of the lists. */
export const shownMethod = (method: PaymentMethod): Schemas['payment_method'] => ({ ...method });
