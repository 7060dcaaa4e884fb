import type { components } from '../../contract/generated/sandbox.js';
import { control } from '../control.js';
import type { Target } from '../target.js';
import { type Listed, lister } from './lists.js';

type Schemas = components['schemas'];

/** A customer token as lists show it. */
export type CustomerToken = Schemas['listed_customer_token'];

/** The customer tokens of a merchant, and what Klarna and the shopper do to them. A change returns the token as it is then. */
export interface CustomerTokens extends Listed<CustomerToken> {
  /** Stops a token for a while, as Klarna does: charges are refused with `TOKEN_SUSPENDED`. */
  suspend(customerToken: string): Promise<CustomerToken>;
  /** Lets a suspended token be charged again. */
  reactivate(customerToken: string): Promise<CustomerToken>;
  /** Cancels a token for good, as the shopper does in Klarna's app. */
  cancel(customerToken: string): Promise<CustomerToken>;
  /** Lets another merchant charge the token as well. */
  share(customerToken: string, merchant: string): Promise<CustomerToken>;
  /** Has the next charge refused with an error, or as many as `times` says; it takes the place of one told before. */
  decline(customerToken: string, request: Schemas['decline_request']): Promise<CustomerToken>;
}

/** Returns the methods for the customer tokens of the target's merchant. */
export function customerTokensOf(target: Target): CustomerTokens {
  const path = (customerToken: string) => ({ path: { customerToken } });
  return {
    list: lister(target, 'listCustomerTokens', 'customerTokens.list()'),
    suspend: (token) => control(target, 'suspendCustomerToken', path(token)),
    reactivate: (token) => control(target, 'reactivateCustomerToken', path(token)),
    cancel: (token) => control(target, 'cancelCustomerToken', path(token)),
    share: (token, merchant) => control(target, 'shareCustomerToken', { ...path(token), body: { with: merchant } }),
    decline: (token, request) => control(target, 'declineCustomerToken', { ...path(token), body: request }),
  };
}
