import type { Call } from '../exchange/call.js';
import { type Fields, fieldsOf } from '../exchange/fields.js';

/** The calls of the control API in which a shop's page speaks, and not the shopper alone. */
export const pageCalls: ReadonlySet<string> = new Set(['authorizeSession', 'finalizeSession']);

/** What a shop, or its page, says in a call, and where in the exchange; undefined where neither speaks. */
export function purchaseIn({ operation, body }: Call): { said: Fields; at: string } | undefined {
  if (pageCalls.has(operation.name)) return { said: fieldsOf(body.data), at: '$.body.data' };
  return operation.api === 'sandbox' ? undefined : { said: body, at: '$.body' };
}
