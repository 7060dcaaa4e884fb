import type { Answer, SentRequest } from '../client/target.js';
import type { components } from '../contract/generated/sandbox.js';
import type { Mismatch } from '../scenario/match.js';
import type { Scenario, Step } from '../scenario/scenario.js';

import type { Arrival } from './receiver.js';

export type CallbackAttempt = components['schemas']['callback_attempt'];
export type PaymentMethod = components['schemas']['payment_method'];
export type OutcomeProgress = components['schemas']['outcome_progress'];

/** An answer, with what came of callbacks where a step looks at them. */
export interface PlayedAnswer extends Answer {
  /** Callbacks that the receiver got since a step last looked at it. */
  callbacks?: Arrival[];
}

/** What came of one step. */
export interface StepResult {
  step: Step;
  /** Its place in the scenario, from 1. */
  number: number;
  request?: SentRequest;
  answer?: PlayedAnswer;
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
