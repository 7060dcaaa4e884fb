import type { Decision } from '../../klarna/decision.js';
import { authorizationStatusAt } from '../../klarna/payments/authorizations.js';
import {
  authorizeSession,
  finalizeSession,
  type ShopperAnswer,
  type ShopperRequest,
} from '../../klarna/payments/purchase-flow.js';
import { type OnSession, sessionStatusAt } from '../../klarna/payments/sessions.js';
import type { Authorization, Session } from '../../klarna/records.js';
import { type Instant, toIso } from '../../klarna/time.js';
import type { ShopperScript } from '../../scenario/scenario.js';
import { type Steps, wait } from '../../store/eventually.js';
import type { CallBase, Handlers } from '../call.js';
import { sessionOf } from '../klarna/payments.js';
import { type Scenarios, scenarioOfEmail } from '../scenarios.js';
import { list, type Schemas } from './list.js';

/** Returns a session in the form of the list. */
export function listedSession(session: Session, now: Instant): Schemas['listed_session'] {
  const { data } = session;
  return {
    session_id: session.id,
    status: sessionStatusAt(session, now),
    intent: data.intent,
    purchase_country: data.purchase_country,
    purchase_currency: data.purchase_currency,
    order_amount: data.order_amount,
    merchant_reference1: data.merchant_reference1,
    authorization_token: session.authorization,
    finalize_required: session.unfinished && true,
    order_id: session.order,
    created_at: toIso(session.created_at),
    expires_at: toIso(session.expires_at),
  };
}

/** Returns an authorization in the form of the list. */
export function listedAuthorization(
  authorization: Authorization,
  now: Instant,
  session: Session | undefined,
): Schemas['listed_authorization'] {
  const { data, choice } = authorization;
  return {
    authorization_token: authorization.id,
    session_id: authorization.session,
    status: authorizationStatusAt(authorization, session, now),
    intent: data.intent,
    purchase_country: data.purchase_country,
    purchase_currency: data.purchase_currency,
    order_amount: data.order_amount,
    payment_option: choice.option,
    funding_source: choice.source,
    customer_token: authorization.token,
    order_id: authorization.placed?.order,
    created_at: toIso(authorization.created_at),
    expires_at: toIso(authorization.expires_at),
  };
}

/** Returns the shopper's request; the scenario fills in the fields that it leaves out. */
function asScripted(script: ShopperScript | undefined, given: ShopperRequest): ShopperRequest {
  // The script's funding source is for the script's option, not for another one.
  const { funding_source, ...rest } = script ?? {};
  return { ...(given.payment_option ? rest : script), ...given };
}

/**
 * Lets the shopper go through the purchase flow of a payment session, on the shop's page or on Klarna's. The e-mail
 * address may choose a scenario, which then applies to this call too.
 * @param given what the shopper does; the scenario fills in what it leaves out
 * @param autoFinalize false when an approved purchase waits for `finalize()`
 */
export function* goThroughPurchase(
  call: CallBase,
  on: OnSession,
  given: ShopperRequest,
  scenarios: Scenarios,
  autoFinalize?: boolean,
): Steps<Decision<ShopperAnswer>> {
  const email = given.data?.billing_address?.email ?? on.session?.data.billing_address?.email;
  const name = scenarioOfEmail(email);
  const bound = name === undefined ? undefined : yield* wait(scenarios.bind(call.world, on.id, name));
  if (bound && 'refusal' in bound) return bound;
  call.run = (bound && call.world.bound.get(bound.session)) ?? call.run;
  const body = asScripted(call.run?.shopper, given);
  const { data, ...shopper } = body;
  if (call.run?.shopper) call.shopper = shopper;
  return authorizeSession({ body, authorizationId: call.world.ids.uuid(), bound, autoFinalize, ...on });
}

/** Handlers of the control API for sessions and authorizations: acts of the shopper on the shop's page. */
export function sessions(
  scenarios: Scenarios,
): Handlers<'listSessions' | 'listAuthorizations' | 'authorizeSession' | 'finalizeSession'> {
  return {
    listSessions: list('session', (session, { now }) => listedSession(session, now)),
    listAuthorizations: list('authorization', async (authorization, { now, store }) =>
      listedAuthorization(authorization, now, (await store.read('session', authorization.session))?.record),
    ),

    *authorizeSession(call) {
      return yield* goThroughPurchase(call, yield* sessionOf(call), call.body, scenarios);
    },

    *finalizeSession(call) {
      const on = yield* sessionOf(call);
      return finalizeSession({ body: call.body, authorizationId: call.world.ids.uuid(), ...on });
    },
  };
}
