import type { components } from '../contract/generated/sandbox.js';
import type { Mismatch } from '../scenario/match.js';
import type { Scenario, Step } from '../scenario/scenario.js';
import type { PaymentMethod } from './payment-method.js';
import type { Arrival } from './receiver.js';

export type CallbackAttempt = components['schemas']['callback_attempt'];
export type OutcomeProgress = components['schemas']['outcome_progress'];

/** Where a scenario is played. */
export interface Target {
  /** Base URL without a path. */
  url: string;
  /** User name, and password, of HTTP Basic authentication. */
  username: string;
  password: string;
  /** The host that requests name, when it is not that of the URL: answers that name it are then the same on every port. */
  host?: string;
  /** The command that plays, where the target is a sandbox: it marks its requests there, since they are no shop's. */
  harness?: 'replay' | 'verify' | 'drift';
}

/** A request as it was sent. */
export interface SentRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** An answer as it came. */
export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** JSON as a value, anything else as text; undefined when there was none. */
  body: unknown;
  /** What the receiver got since a step last looked at it, where this step does. */
  callbacks?: Arrival[];
}

/** What came of one step. */
export interface StepResult {
  step: Step;
  /** Its place in the scenario, from 1. */
  number: number;
  request?: SentRequest;
  answer?: Answer;
  /** Where the answer is not what was expected. */
  mismatches: Mismatch[];
  /** Why there is no answer to judge. */
  trouble?: string;
  /** How the order or customer token is paid that the step is about, where it was looked up at the target. */
  payment_method?: PaymentMethod;
  /** What was expected and could not be judged, in words. */
  unjudged?: string;
  /** What the merchant's clock showed (ISO 8601), where the target has one: after a step that moves it, the new time. */
  clock?: string;
  /** The payment method of a customer token that this step made, in words. */
  tokenized?: string;
}

/** Something of a scenario that tested nothing, or cannot. */
export interface Warning {
  /** Where it stands in the file. */
  line: number;
  /** From 1; absent where the line is all that is known. */
  column?: number;
  message: string;
}

/** What came of a scenario: its steps up to the first that failed. */
export interface ScenarioResult {
  scenario: Scenario;
  /** The user name that played it. */
  merchant: string;
  passed: boolean;
  /** Why it was not played. It has not passed then, and has not failed. */
  skipped?: string;
  /** Why no step of it could be played, or why not all were. */
  trouble?: string;
  steps: StepResult[];
  /** The attempts to deliver callbacks to its own merchant, oldest first, where the target tells. */
  callbacks?: CallbackAttempt[];
  /** How far its outcomes came, where the target tells. */
  outcomes?: OutcomeProgress[];
  /** What of it tested nothing, where somebody looked. */
  warnings?: Warning[];
}

/** Whether a scenario was played and went wrong. */
export const hasFailed = ({ passed, skipped }: ScenarioResult): boolean => !passed && skipped === undefined;
