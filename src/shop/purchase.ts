import type { Call } from '../exchange/call.js';
import { type Fields, fieldsOf } from '../exchange/fields.js';

/** The operations of the control API, and of the stand-in of Klarna's script, that carry data which the shop's page gives to Klarna's SDK. */
export const pageCalls: ReadonlySet<string> = new Set([
  'authorizeSession',
  'finalizeSession',
  'loadPurchase',
  'authorizePurchase',
  'reauthorizePurchase',
  'finalizePurchase',
  'openExpressSession',
]);

/** Returns the purchase as a call of the shop or its page has it, with its path; undefined for a call of neither. */
export function purchaseIn({ operation, body }: Call): { fields: Fields; at: string } | undefined {
  if (pageCalls.has(operation.name)) return { fields: fieldsOf(body.data), at: '$.body.data' };
  return operation.api === 'sandbox' ? undefined : { fields: body, at: '$.body' };
}
