import type { components } from '../../contract/generated/sandbox.js';
import { answer } from '../../klarna/decision.js';
import type { Kind, OfKind, PaymentMethod } from '../../klarna/records.js';
import type { Page } from '../../store/store.js';
import type { CallBase, Handler } from '../call.js';
import { Listing } from '../listing.js';

/** The schema types of the control API. */
export type Schemas = components['schemas'];

/** The operations that list a kind of records. */
type ListOperation = 'listSessions' | 'listAuthorizations' | 'listCustomerTokens' | 'listOrders' | 'listHostedSessions';

/** Number of records that are asked of the store at once: while a client does not read, no more are held for it. */
const AT_ONCE = 50;

/** Makes the handler of a list: newest first, in pages. */
export function list<K extends Kind>(
  kind: K,
  show: (record: OfKind<K>, call: CallBase) => object | Promise<object>,
): Handler<ListOperation> {
  return (call) => {
    const { store, merchant, query } = call;
    let next = query.after;
    async function* items(): AsyncGenerator<object> {
      let left = query.limit;
      do {
        const page: Page<OfKind<K>> = await store.list(kind, merchant, Math.min(left, AT_ONCE), next);
        for (const record of page.items) yield await show(record, call);
        left -= page.items.length;
        next = page.next;
      } while (left > 0 && next !== undefined);
    }
    return answer(200, new Listing({ items: items(), next: () => next }));
  };
}

/** Returns a payment method in the form of the lists. */
export const shownMethod = (method: PaymentMethod): Schemas['payment_method'] => ({ ...method });
