import type { ViewedPurchase } from '../../klarna/payments/purchase-view.js';
import type { Session } from '../../klarna/records.js';
import { type Steps, wait } from '../../store/eventually.js';
import type { CallBase } from '../call.js';
import { type Scenarios, scenarioOfEmail } from '../scenarios.js';

/**
 * Returns the scenario that an authorize of the session would meet: the one that the shopper's e-mail address names, or
 * else that of the call. To read a page binds nothing; a name that no scenario has is left to authorize to refuse.
 */
export function* scriptInForce(
  { world, run }: CallBase,
  session: Session,
  scenarios: Scenarios,
): Steps<ViewedPurchase['script']> {
  const name = scenarioOfEmail(session.data.billing_address?.email);
  const named = name === undefined ? undefined : yield* wait(scenarios.named(name));
  const bound = world.bound.get(session.id)?.scenario;
  const script = named ?? bound ?? run?.scenario;
  return script && { name: script.name, title: script.title, ...(script.shopper && { shopper: script.shopper }) };
}
