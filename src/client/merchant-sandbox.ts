import type { components } from '../contract/generated/sandbox.js';
import { control } from './control.js';
import type { Target } from './target.js';
import { type Callbacks, callbacksOf } from './verbs/callbacks.js';
import { type Clock, clockOf } from './verbs/clock.js';
import { type CustomerTokens, customerTokensOf } from './verbs/customer-tokens.js';
import { type Events, eventsOf } from './verbs/events.js';
import { type Journal, journalOf } from './verbs/journal.js';
import { type Listed, lister } from './verbs/lists.js';
import { type Orders, ordersOf } from './verbs/orders.js';
import { type PaymentMethodCategories, paymentMethodCategoriesOf } from './verbs/payment-method-categories.js';
import { type Report, reportOn } from './verbs/report.js';
import { type ScenarioChoice, scenarioOf } from './verbs/scenario.js';
import { type Scenarios, scenariosOf } from './verbs/scenarios.js';
import { type Shopper, shopperOf } from './verbs/shopper.js';

type Schemas = components['schemas'];

/**
 * The control API for one merchant. Every method rejects with a `ControlError` when the API refuses, and when the sandbox was
 * closed; with a `TypeError` for an option that there is not.
 */
export interface MerchantSandbox extends Shopper {
  /** User name and password for the shop. */
  credentials: { username: string; password: string };
  sessions: Listed<Schemas['listed_session']>;
  authorizations: Listed<Schemas['listed_authorization']>;
  customerTokens: CustomerTokens;
  orders: Orders;
  hostedSessions: Listed<Schemas['listed_hosted_session']>;
  paymentMethodCategories: PaymentMethodCategories;
  clock: Clock;
  journal: Journal;
  callbacks: Callbacks;
  events: Events;
  scenario: ScenarioChoice;
  scenarios: Scenarios;
  /** The merchants that have exchanges in their journals, the one used last first. */
  merchants: Listed<Schemas['listed_merchant']>;
  report: Report;
  /** Deletes all data of this merchant. With a seed the same calls then get the same ids again. */
  reset(): Promise<void>;
}

/** Returns the control API of a sandbox for the target's merchant. */
export function actAs(target: Target): MerchantSandbox {
  const { username, password } = target;
  return {
    ...shopperOf(target),
    credentials: { username, password },
    sessions: { list: lister(target, 'listSessions', 'sessions.list()') },
    authorizations: { list: lister(target, 'listAuthorizations', 'authorizations.list()') },
    customerTokens: customerTokensOf(target),
    orders: ordersOf(target),
    hostedSessions: { list: lister(target, 'listHostedSessions', 'hostedSessions.list()') },
    paymentMethodCategories: paymentMethodCategoriesOf(target),
    clock: clockOf(target),
    journal: journalOf(target),
    callbacks: callbacksOf(target),
    events: eventsOf(target),
    scenario: scenarioOf(target),
    scenarios: scenariosOf(target),
    merchants: { list: lister(target, 'listMerchants', 'merchants.list()') },
    report: reportOn(target),
    reset: () => control(target, 'resetMerchant'),
  };
}
