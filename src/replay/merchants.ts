import { isLoopback } from '../client/loopback.js';
import type { Scenario } from '../scenario/scenario.js';
import { rootOf, variablesOf } from '../scenario/template.js';

/** Names the merchants that play scenarios, so that no two scenarios share a world. */
export class Merchants {
  readonly #base: string;
  readonly #used = new Set<string>();

  constructor(base: string) {
    this.#base = base;
  }

  /** Returns the merchant of a scenario: the one it names, or one that no other scenario of this run has. */
  of(scenario: Scenario): string {
    if (scenario.merchant !== undefined) return scenario.merchant;
    const plain = `${this.#base}.${scenario.name.replace(/[^\w-]+/g, '.')}`;
    let name = plain;
    for (let number = 2; this.#used.has(name); number++) name = `${plain}.${number}`;
    this.#used.add(name);
    return name;
  }
}

/** Returns the user name of another merchant of the same scenario. */
export const otherMerchant = (merchant: string, name: string): string => `${merchant}.${name}`;

/** Tells if a scenario scripts what Klarna, the shopper or the network does, beyond what its own steps do. */
export const isScripted = ({ categories, shopper, outcomes, callbacks }: Scenario): boolean =>
  categories !== undefined || shopper !== undefined || outcomes.length > 0 || callbacks.length > 0;

/**
 * Returns the reason why a scenario can be played on a sandbox only; undefined for one that can be played anywhere. It
 * moves the clock or needs one that stands, acts for the shopper, calls the control API, scripts what happens, or names
 * its merchants, whose credentials no other target knows.
 */
export function whySandbox(scenario: Scenario): string | undefined {
  const { steps } = scenario;
  if (isScripted(scenario)) return 'it scripts what Klarna, the shopper or the network does';
  if (steps.some(({ kind }) => kind === 'shopper')) return 'it acts for the shopper';
  if (steps.some(({ kind }) => kind === 'clock')) return 'it moves the clock';
  if (needsStandingClock(scenario)) return 'it needs a standing clock';
  if (scenario.merchant !== undefined || steps.some(({ as }) => as !== undefined))
    return 'it needs merchants of its own';
  return steps.some(({ operation }) => operation.api === 'sandbox') ? 'it calls the control API' : undefined;
}

/** The reason why a scenario is skipped on a sandbox whose clock runs. */
export const NO_STANDING_CLOCK = 'needs a standing clock, which a sandbox started with --seed has';

/** Tells if a scenario can be played only where the clock stands until it is moved. */
export const needsStandingClock = ({ needs }: Scenario): boolean => needs.includes('standing-clock');

/** Tells if a scenario can be played on a sandbox only. */
export const needsSandbox = (scenario: Scenario): boolean => whySandbox(scenario) !== undefined;

/** Tells if a scenario has callbacks sent to the player: a request of it names `${receiver}`. */
export const needsReceiver = ({ steps }: Scenario): boolean =>
  steps.some(({ request }) => variablesOf(JSON.stringify(request)).some((name) => rootOf(name) === 'receiver'));

/**
 * Tells if callbacks may be sent to the merchant of a scenario: a request of it gives Klarna addresses for them, or the
 * merchant is one that it names, which may have given some before.
 */
export const mayBeCalledBack = ({ merchant, steps }: Scenario): boolean =>
  merchant !== undefined || steps.some(({ request }) => JSON.stringify(request.body)?.includes('merchant_urls'));

/** Tells if the host of a URL can reach a receiver on this machine's loopback interface. */
export const reachesLoopback = (url: string): boolean => isLoopback(new URL(url).hostname);
