import type { components } from '../contract/generated/sandbox.js';
import type { OperationName } from '../contract/operation-map.js';
import type { CallbackAttempt, Exchange } from '../exchange/exchange.js';
import { control, type Parts } from './control.js';
import type { Target } from './target.js';

type Schemas = components['schemas'];
/** The scenario that a merchant has chosen, and how far its outcomes have come; empty when there is none. */
export type ChosenScenario = Schemas['chosen_scenario'];
/** What came of judging a shop. */
export type ShopReport = Schemas['report'];

/** A merchant's clock. */
export interface Clock {
  /** ISO 8601. */
  now(): Promise<string>;
  /** Moves the clock forward to an instant (ISO 8601); answers the new time. */
  set(now: string): Promise<string>;
  /** Moves the clock forward by a duration (ISO 8601, `PT61M`); what falls due on the way happens first. */
  advance(by: string): Promise<string>;
}

/** A merchant's exchanges. */
export interface Journal {
  /** Newest first. */
  exchanges(filter?: { operation?: string; status?: number; limit?: number }): Promise<Exchange[]>;
  clear(): Promise<void>;
}

/** What was sent to the merchant's URLs. */
export interface Callbacks {
  /** The attempts, newest first; the latest 200 are kept. */
  list(filter?: { on?: CallbackAttempt['on']; limit?: number }): Promise<CallbackAttempt[]>;
  /** Sends a callback again, now; answers what came of it. */
  redeliver(callback_id: string): Promise<CallbackAttempt>;
}

/** What happens to a merchant, by a scenario. */
export interface ScenarioChoice {
  /**
   * Has a scenario speak for this merchant from now on; its counts begin anew.
   * @param scenario its name or alias, or all that its file would say
   */
  choose(scenario: string | Record<string, unknown>): Promise<ChosenScenario>;
  /** The ordinary outcomes again. */
  end(): Promise<void>;
  /** How often each outcome was asked and answered. What an e-mail address or a header chose has counts of its own. */
  progress(): Promise<ChosenScenario>;
}

/** The control API for one merchant. Every method rejects with a `ControlError` where the API refuses. */
export interface MerchantSandbox {
  /** User name and password for the shop. */
  credentials: { username: string; password: string };
  /** Does what `Klarna.Payments.authorize()` does in a browser. */
  authorize(session_id: string, request?: Schemas['authorize_request']): Promise<Schemas['authorize_answer']>;
  /** Does what `Klarna.Payments.finalize()` does in a browser. */
  finalize(session_id: string, request?: Schemas['finalize_request']): Promise<Schemas['authorize_answer']>;
  /** Does what a shopper does who goes through the purchase flow on Klarna's hosted page. */
  completeHostedSession(session_id: string, request?: Schemas['authorize_request']): Promise<Schemas['hosted_answer']>;
  /** Has Klarna refuse the shopper on its hosted page; they may try again. */
  failHostedSession(session_id: string): Promise<Schemas['hosted_answer']>;
  /** Has the shopper cancel on Klarna's hosted page, for good. */
  cancelHostedSession(session_id: string): Promise<Schemas['hosted_answer']>;
  /** Has the shopper go back from Klarna's hosted page; they may come again. */
  backHostedSession(session_id: string): Promise<Schemas['hosted_answer']>;
  clock: Clock;
  journal: Journal;
  callbacks: Callbacks;
  scenario: ScenarioChoice;
  /**
   * Judges the shop by what the journal has of it: violations of the contracts, good practices, coverage.
   * Findings have a `severity` of `violation`, `warning` or `note`.
   * @param options `off` leaves out checks by their ids, with `@` and a pattern for merchants of such names only
   */
  report(options?: { off?: readonly string[] }): Promise<ShopReport>;
  /** Forgets everything of this merchant. */
  reset(): Promise<void>;
}

/** Acts for a merchant through the control API of a sandbox. */
export function actAs(target: Target): MerchantSandbox {
  const { username, password } = target;
  const call = <Name extends OperationName>(name: Name, parts?: Parts) => control(target, name, parts);
  const onSession = (session_id: string, body: object = {}) => ({ path: { session_id }, body });
  return {
    credentials: { username, password },
    authorize: (session_id, request) => call('authorizeSession', onSession(session_id, request)),
    finalize: (session_id, request) => call('finalizeSession', onSession(session_id, request)),
    completeHostedSession: (session_id, request) => call('completeHostedSession', onSession(session_id, request)),
    failHostedSession: (session_id) => call('failHostedSession', { path: { session_id } }),
    cancelHostedSession: (session_id) => call('cancelHostedSession', { path: { session_id } }),
    backHostedSession: (session_id) => call('backHostedSession', { path: { session_id } }),
    clock: {
      now: async () => (await call('readClock')).now,
      set: async (now) => (await call('setClock', { body: { now } })).now,
      advance: async (by) => (await call('advanceClock', { body: { by } })).now,
    },
    journal: {
      exchanges: async (query) => (await call('readJournal', { query })).items as Exchange[],
      clear: () => call('clearJournal'),
    },
    callbacks: {
      list: async (query) => (await call('listCallbacks', { query })).items,
      redeliver: (callback_id) => call('redeliverCallback', { path: { callback_id } }),
    },
    scenario: {
      choose: (scenario) =>
        call('chooseScenario', { body: typeof scenario === 'string' ? { name: scenario } : { inline: scenario } }),
      end: async () => {
        await call('endScenario');
      },
      progress: () => call('readScenario'),
    },
    report: ({ off } = {}) => call('readReport', { query: { off: off?.join(',') } }),
    reset: () => call('resetMerchant'),
  };
}
