import { readFileSync } from 'node:fs';
import { allPages } from '../client/all-pages.js';
import { ask, ControlError, control } from '../client/control.js';
import type { Target } from '../client/target.js';
import type { SuccessOf } from '../contract/operation-map.js';
import type { CallbackAttempt } from '../exchange/exchange.js';
import { isFields } from '../exchange/fields.js';
import type { PaymentMethod } from '../report/replay.js';
import { describePaymentMethod } from '../report/replay-summary.js';
import type { Scenario } from '../scenario/scenario.js';
import { isScripted, mayBeCalledBack, otherMerchant } from './merchants.js';
import { paidBy, paymentMethodOf } from './payment-method.js';
import type { ScenarioResult, StepResult } from './result.js';

/** Asks a list for its newest entry. */
const NEWEST = { query: { limit: 1 } };

/** Operations whose answer names an order that they place. */
const ordering = new Set(['createOrder', 'createCustomerTokenOrder', 'completeHostedSession']);

/**
 * Accompanies a replay on a sandbox: chooses the scenario's script, and reads the clock, tokenized payment methods and
 * those of orders. None of its calls is in the journal, and no outcome counts them.
 */
export class Watch {
  readonly #target: Target;
  /** The last known time of each merchant's clock, by user name. */
  readonly #clocks = new Map<string, string>();
  /** The newest customer token of each merchant. */
  readonly #tokens = new Map<string, string>();
  /** Attempts to deliver callbacks that were there before. */
  #before: ReadonlySet<string> = new Set();

  /** @param target with the merchant that plays the scenario */
  constructor(target: Target) {
    this.#target = target;
  }

  /**
   * Makes the merchants ready for a scenario.
   * @param anew forget what they did before
   * @throws ControlError
   */
  async begin(scenario: Scenario, anew: boolean): Promise<void> {
    if (anew) await this.#reset(scenario);
    else if (scenario.merchant !== undefined) await this.#rememberBefore(scenario);
    if (isScripted(scenario)) {
      const { inline } = scenario;
      await control(this.#target, 'chooseScenario', { body: inline ? { inline } : { file: fileOf(scenario) } });
    }
  }

  /** Forgets what the scenario's merchants did. Another that the sandbox does not know is refused by its steps as well. */
  async #reset({ steps }: Scenario): Promise<void> {
    await control(this.#target, 'resetMerchant');
    const { username } = this.#target;
    for (const name of new Set(steps.flatMap(({ as }) => as ?? []))) {
      await ask({ ...this.#target, username: otherMerchant(username, name) }, 'resetMerchant');
    }
  }

  /** Notes the callbacks and customer tokens of a merchant that a scenario names from before it. */
  async #rememberBefore({ steps }: Scenario): Promise<void> {
    this.#before = new Set((await this.#attempts()).map(nameOf));
    const { username } = this.#target;
    const making = steps.filter(({ operation }) => operation.name === 'createCustomerToken');
    for (const as of new Set(making.map((step) => step.as))) {
      const name = as === undefined ? username : otherMerchant(username, as);
      const { status, body } = await ask({ ...this.#target, username: name }, 'listCustomerTokens', NEWEST);
      const [token] = status === 200 ? (body as SuccessOf<'listCustomerTokens'>).items : [];
      if (token) this.#tokens.set(name, token.token_id);
    }
  }

  /** Returns the callbacks, after those that are due have been sent, and the outcomes. */
  async finish(scenario: Scenario): Promise<Pick<ScenarioResult, 'callbacks' | 'outcomes'>> {
    try {
      const callbacks = mayBeCalledBack(scenario) ? await this.#callbacks() : [];
      const outcomes = scenario.outcomes.length > 0 ? await this.#outcomes(scenario) : undefined;
      return { callbacks, outcomes };
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      return {};
    }
  }

  async #callbacks(): Promise<CallbackAttempt[]> {
    // Answers once everything that is due has been sent.
    await control(this.#target, 'advanceClock', { body: { by: 'PT0S' } });
    return (await this.#attempts()).filter((attempt) => !this.#before.has(nameOf(attempt)));
  }

  async #outcomes(scenario: Scenario): Promise<ScenarioResult['outcomes']> {
    const { outcomes = [] } = await control(this.#target, 'readScenario');
    // The scenario's own steps may have chosen another.
    return outcomes.length === scenario.outcomes.length ? outcomes : undefined;
  }

  /** Returns the attempts to deliver callbacks, oldest first. */
  async #attempts(): Promise<CallbackAttempt[]> {
    const { items: attempts } = await allPages(this.#target, 'listCallbacks');
    return attempts.reverse();
  }

  /** Ends the script of a scenario, for a merchant who plays another one afterwards. */
  async end(scenario: Scenario): Promise<void> {
    if (isScripted(scenario)) await control(this.#target, 'endScenario');
  }

  /** Adds the time of the merchant's clock, the payment method that a step tokenized, and the one of the order that it placed. */
  async look(result: StepResult, username: string): Promise<StepResult> {
    const target = { ...this.#target, username };
    const looked = { ...result };
    try {
      looked.clock = await this.#clock(result, target);
      if (result.step.operation.name === 'createCustomerToken') looked.tokenized = await this.#tokenized(target);
      if (ordering.has(result.step.operation.name)) looked.payment_method ??= await this.#paid(result, target);
    } catch (error) {
      // A step may use credentials that are refused, or end what is read here: nothing is added then.
      if (!(error instanceof ControlError)) throw error;
    }
    return looked;
  }

  async #clock({ step, answer }: StepResult, target: Target): Promise<string | undefined> {
    const moved = step.operation.name === 'setClock' || step.operation.name === 'advanceClock';
    // A clock may run, and is set back by a reset: its time is read where no answer has given it.
    const asked = !this.#clocks.has(target.username) || step.operation.name === 'resetMerchant';
    if (moved && isFields(answer?.body) && answer.status === 200) {
      this.#clocks.set(target.username, String(answer.body.now));
    } else if (asked) {
      this.#clocks.set(target.username, (await control(target, 'readClock')).now);
    }
    return this.#clocks.get(target.username);
  }

  /** Returns the payment method of the merchant's newest customer token, unless it is known already. */
  async #tokenized(target: Target): Promise<string | undefined> {
    const { items } = await control(target, 'listCustomerTokens', NEWEST);
    const [token] = items;
    if (!token || this.#tokens.get(target.username) === token.token_id) return undefined;
    this.#tokens.set(target.username, token.token_id);
    const { type, ...method } = token.payment_method;
    return describePaymentMethod({ type: type.toUpperCase(), ...method });
  }

  /** Returns the payment method of the order that a step placed. */
  async #paid(result: StepResult, target: Target): Promise<PaymentMethod | undefined> {
    const paid = paidBy(result, target);
    return paid?.list === 'listOrders' ? paymentMethodOf(target, paid) : undefined;
  }
}

const nameOf = ({ callback_id, attempt }: CallbackAttempt): string => `${callback_id} ${attempt}`;

/** Returns the scenario's file, which was read and checked before, for the sandbox. */
const fileOf = ({ path }: Scenario): { path: string; text: string } => ({ path, text: readFileSync(path, 'utf8') });
