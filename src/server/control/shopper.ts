import type { Decision } from '../../klarna/decision.js';
import { authorizeSession, type ShopperAnswer, type ShopperRequest } from '../../klarna/payments/purchase-flow.js';
import type { OnSession } from '../../klarna/payments/sessions.js';
import type { ShopperScript } from '../../scenario/scenario.js';
import type { CallBase } from '../call.js';
import { type Scenarios, scenarioOfEmail } from '../scenarios.js';

/** What the shopper does: as asked, and where nothing is asked as the scenario says. */
function asScripted(script: ShopperScript | undefined, given: ShopperRequest): ShopperRequest {
  // Another option than the script's is not backed by the script's funding source.
  const { funding_source, ...rest } = script ?? {};
  return { ...(given.payment_option ? rest : script), ...given };
}

/**
 * The shopper goes through the purchase flow of a payment session, in the shop's page or on Klarna's: the e-mail address may
 * choose a scenario, which speaks for the call from then on.
 */
export async function goThroughPurchase(
  call: CallBase & { body: ShopperRequest },
  on: OnSession,
  scenarios: Scenarios,
): Promise<Decision<ShopperAnswer>> {
  const given = call.body;
  const email = given.data?.billing_address?.email ?? on.session?.data.billing_address?.email;
  const name = scenarioOfEmail(email);
  const bound = name === undefined ? undefined : await scenarios.bind(call.world, on.id, name);
  if (bound && 'refusal' in bound) return bound;
  call.run = (bound && call.world.bound.get(bound.session)) ?? call.run;
  const body = asScripted(call.run?.shopper, given);
  const { data, ...shopper } = body;
  if (call.run?.shopper) call.shopper = shopper;
  return authorizeSession({ ...on, body, authorizationId: call.world.ids.uuid(), bound });
}
