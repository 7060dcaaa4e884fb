import type { Scenario } from '../scenario/scenario.js';

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
