import { readFile } from 'node:fs/promises';
import type { Scenario } from '../scenario/scenario.js';
import { ControlRefusal, control } from './control.js';
import { isScripted } from './needs.js';
import type { StepResult, Target } from './result.js';
import { isFields, tokenizedMethod } from './words.js';

interface Listed {
  items: { token_id: string; payment_method: { type: string; card?: object; direct_debit?: object } }[];
}

/**
 * What a replay does on a sandbox beside the steps: it lets the scenario's script happen, and looks at the clock and at
 * what was tokenized. None of it shows in the journal, and no outcome counts it.
 */
export class Watch {
  readonly #target: Target;
  /** What each merchant's clock last showed. */
  readonly #clocks = new Map<string, string>();
  /** The newest customer token of each merchant. */
  readonly #tokens = new Map<string, string>();

  /** @param target with the merchant that plays the scenario */
  constructor(target: Target) {
    this.#target = target;
  }

  /**
   * Makes the merchant ready for a scenario.
   * @param anew forget what the merchant did before
   * @throws ControlRefusal
   */
  async begin(scenario: Scenario, anew: boolean): Promise<void> {
    if (anew) await control(this.#target, 'resetMerchant');
    if (isScripted(scenario)) {
      await control(this.#target, 'chooseScenario', { body: { inline: await contentOf(scenario) } });
    }
  }

  /** Lets a merchant who plays more than one scenario go on without the script of this one. */
  async end(scenario: Scenario): Promise<void> {
    if (isScripted(scenario)) await control(this.#target, 'endScenario');
  }

  /** Adds to what came of a step when it was on the merchant's clock, and what it tokenized. */
  async look(result: StepResult, username: string): Promise<StepResult> {
    const target = { ...this.#target, username };
    const seen = { ...result };
    try {
      seen.clock = await this.#clock(result, target);
      if (result.step.operation.name === 'createCustomerToken') seen.tokenized = await this.#tokenized(target);
    } catch (error) {
      // A step may use credentials that are refused, or end what can be looked at: there is nothing to tell then.
      if (!(error instanceof ControlRefusal)) throw error;
    }
    return seen;
  }

  async #clock({ step, answer }: StepResult, target: Target): Promise<string | undefined> {
    const moved = step.operation.name === 'setClock' || step.operation.name === 'advanceClock';
    // A clock may run by itself and be set back by a reset; what it shows is asked where that cannot be known.
    const asked = !this.#clocks.has(target.username) || step.operation.name === 'resetMerchant';
    if (moved && isFields(answer?.body) && answer.status === 200) {
      this.#clocks.set(target.username, String(answer.body.now));
    } else if (asked) {
      this.#clocks.set(target.username, ((await control(target, 'readClock')) as { now: string }).now);
    }
    return this.#clocks.get(target.username);
  }

  /** The payment method of the merchant's newest customer token, unless it was there before. */
  async #tokenized(target: Target): Promise<string | undefined> {
    const { items } = (await control(target, 'listCustomerTokens', { query: { limit: 1 } })) as Listed;
    const [token] = items;
    if (!token || this.#tokens.get(target.username) === token.token_id) return undefined;
    this.#tokens.set(target.username, token.token_id);
    const { type, ...method } = token.payment_method;
    return tokenizedMethod({ payment_method_type: type.toUpperCase(), ...method });
  }
}

/** What the scenario's file says, as one JSON value. The file was read before, and found to be in order. */
async function contentOf({ path }: Scenario): Promise<unknown> {
  const { parse } = await import('yaml');
  return parse(await readFile(path, 'utf8'), { merge: true, maxAliasCount: -1 });
}
