import type { Scenario } from '../scenario/scenario.js';
import { rootOf, variablesOf } from '../scenario/template.js';

/** Whether a scenario scripts what Klarna, the shopper or the network does, beyond what its own steps do. */
export const isScripted = ({ shopper, outcomes, callbacks }: Scenario): boolean =>
  shopper !== undefined || outcomes.length > 0 || callbacks.length > 0;

/**
 * Whether a scenario can be played on a sandbox only: it moves the clock, acts for the shopper, calls the control API,
 * scripts what happens, or is played by merchants of its own choice, whose credentials nobody else knows.
 */
export function needsSandbox(scenario: Scenario): boolean {
  if (isScripted(scenario) || scenario.merchant !== undefined) return true;
  return scenario.steps.some(
    ({ kind, operation, as }) => kind !== 'operation' || operation.api === 'sandbox' || as !== undefined,
  );
}

/** Whether a scenario has callbacks sent to the player: some request of it names `${receiver}`. */
export const needsReceiver = ({ steps }: Scenario): boolean =>
  steps.some(({ request }) => variablesOf(JSON.stringify(request)).some((name) => rootOf(name) === 'receiver'));

/** Whether whoever answers at a URL can reach a receiver on this machine's loopback interface. */
export const reachesLoopback = (url: string): boolean =>
  /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
