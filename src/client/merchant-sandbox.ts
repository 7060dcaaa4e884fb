import type { components } from '../contract/generated/sandbox.js';
import type { OperationName } from '../contract/operation-map.js';
import type { CallbackAttempt, Exchange } from '../exchange/exchange.js';
import { allPages } from './all-pages.js';
import { control, type Parts } from './control.js';
import type { Target } from './target.js';

type Schemas = components['schemas'];
/** The scenario that a merchant has chosen, with the counts of its outcomes; empty when there is none. */
export type ChosenScenario = Schemas['chosen_scenario'];
/** The report on a shop. */
export type ShopReport = Schemas['report'];

/** A merchant's clock. */
export interface Clock {
  /** Returns the time in ISO 8601. */
  now(): Promise<string>;
  /** Moves the clock forward to an instant (ISO 8601); returns the new time. */
  set(now: string): Promise<string>;
  /** Moves the clock by a duration (ISO 8601, `PT61M`); what falls due on the way happens first. Returns the time. */
  advance(by: string): Promise<string>;
}

/** A merchant's exchanges. */
export interface Journal {
  /** Returns exchanges, newest first. */
  exchanges(filter?: { operation?: string; status?: number; limit?: number }): Promise<Exchange[]>;
  clear(): Promise<void>;
}

/** The callbacks sent to a merchant's URLs. */
export interface Callbacks {
  /** Returns the attempts, newest first; the latest 200 are kept. */
  list(filter?: { on?: CallbackAttempt['on']; limit?: number }): Promise<CallbackAttempt[]>;
  /** Sends a callback again at once; returns the attempt with its result. */
  redeliver(callback_id: string): Promise<CallbackAttempt>;
}

/** The choice of a merchant's scenario. */
export interface ScenarioChoice {
  /**
   * Chooses the scenario of this merchant from now on; its counts begin at zero.
   * @param scenario a name or alias, or the content of a scenario file
   */
  choose(scenario: string | Record<string, unknown>): Promise<ChosenScenario>;
  /** Returns to the ordinary outcomes. */
  end(): Promise<void>;
  /** Returns the counts of each outcome. Scenarios chosen by an e-mail address or a header have counts of their own. */
  progress(): Promise<ChosenScenario>;
}

/** The control API for one merchant. Every method rejects with a `ControlError` when the API refuses. */
export interface MerchantSandbox {
  /** User name and password for the shop. */
  credentials: { username: string; password: string };
  /** Does what `Klarna.Payments.authorize()` does in a browser. */
  authorize(session_id: string, request?: Schemas['authorize_request']): Promise<Schemas['authorize_answer']>;
  /** Does what `Klarna.Payments.finalize()` does in a browser. */
  finalize(session_id: string, request?: Schemas['finalize_request']): Promise<Schemas['authorize_answer']>;
  /** Goes through the purchase flow on Klarna's hosted page as a shopper. */
  completeHostedSession(session_id: string, request?: Schemas['authorize_request']): Promise<Schemas['hosted_answer']>;
  /** Lets Klarna refuse the shopper on its hosted page; the shopper may try again. */
  failHostedSession(session_id: string): Promise<Schemas['hosted_answer']>;
  /** Lets the shopper cancel on Klarna's hosted page, for good. */
  cancelHostedSession(session_id: string): Promise<Schemas['hosted_answer']>;
  /** Lets the shopper go back from Klarna's hosted page; the shopper may come again. */
  backHostedSession(session_id: string): Promise<Schemas['hosted_answer']>;
  clock: Clock;
  journal: Journal;
  callbacks: Callbacks;
  scenario: ScenarioChoice;
  /**
   * Reports on the shop by its exchanges in the journal: violations of the contracts, good practices, coverage.
   * Findings have a `severity` of `violation`, `warning` or `note`.
   * @param options `off` turns off checks by id; `@` and a pattern after an id limit that to merchants with such names
   */
  report(options?: { off?: readonly string[] }): Promise<ShopReport>;
  /** Deletes all data of this merchant. */
  reset(): Promise<void>;
}

/** Returns the control API of a sandbox for the target's merchant. */
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
      exchanges: async (filter) => (await allPages(target, 'readJournal', filter)).items as Exchange[],
      clear: () => call('clearJournal'),
    },
    callbacks: {
      list: async (filter) => (await allPages(target, 'listCallbacks', filter)).items,
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
