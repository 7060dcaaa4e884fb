import type { Decision } from '../../klarna/decision.js';
import type { CustomerTokenRecord } from '../../klarna/records.js';
import { toIso } from '../../klarna/time.js';
import { changeCustomerToken } from '../../klarna/tokens/customer-tokens.js';
import type { Steps } from '../../store/eventually.js';
import type { CallOn, Handlers } from '../call.js';
import { customerTokenOf } from '../klarna/customer-token.js';
import { list, type Schemas, shownMethod } from './list.js';

/** Returns a customer token in the form of the list. */
function listedCustomerToken(token: CustomerTokenRecord): Schemas['listed_customer_token'] {
  return {
    token_id: token.id,
    status: token.status,
    intent: token.intent,
    description: token.description,
    purchase_country: token.purchase_country,
    purchase_currency: token.purchase_currency,
    payment_method: shownMethod(token.method),
    shared_with: token.shared_with,
    declines: token.declines as Schemas['listed_customer_token']['declines'],
    created_at: toIso(token.created_at),
  };
}

type TokenChange = Parameters<typeof changeCustomerToken>[1];

/** Makes a handler that changes a customer token as Klarna or the shopper would, and answers it as the list does. */
function change<Body>(what: (body: Body, token: CustomerTokenRecord | undefined) => TokenChange) {
  return function* (call: CallOn<'customerToken'> & { body: Body }): Steps<Decision> {
    const on = yield* customerTokenOf(call);
    const decision = changeCustomerToken(on, what(call.body, on.token));
    if ('refusal' in decision) return decision;
    return {
      ...decision,
      answer: { status: 200, body: listedCustomerToken(decision.answer.body as CustomerTokenRecord) },
    };
  };
}

type CustomerTokenOperation =
  | 'listCustomerTokens'
  | 'suspendCustomerToken'
  | 'reactivateCustomerToken'
  | 'cancelCustomerToken'
  | 'shareCustomerToken'
  | 'declineCustomerToken';

/** Handlers of the control API for customer tokens: acts of Klarna or the shopper. */
export const customerTokens: Handlers<CustomerTokenOperation> = {
  listCustomerTokens: list('customer_token', listedCustomerToken),
  suspendCustomerToken: change(() => ({ status: 'SUSPENDED' })),
  reactivateCustomerToken: change(() => ({ status: 'ACTIVE' })),
  cancelCustomerToken: change(() => ({ status: 'CANCELLED' })),
  shareCustomerToken: change((body, token) => ({
    shared_with: [...new Set([...(token?.shared_with ?? []), body.with])],
  })),
  declineCustomerToken: change((body) => {
    const { error_code, times = 1 } = body;
    return { declines: { error_code, times } };
  }),
};
