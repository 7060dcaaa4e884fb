import type { Answer, SentRequest } from '../client/target.js';
import type { CallbackAttempt } from '../exchange/exchange.js';
import type { OutcomeProgress, PaymentMethod, ReceivedCallback, Warning } from '../report/replay.js';
import { shorten } from '../report/text.js';
import type { Mismatch } from '../scenario/match.js';
import type { Scenario, Step } from '../scenario/scenario.js';

/** An answer, with the callbacks that were received where a step looks at them. */
export interface PlayedAnswer extends Answer {
  /** Callbacks that the receiver got since a step last looked at them. */
  callbacks?: ReceivedCallback[];
}

/** The result of one step. */
export interface StepResult {
  step: Step;
  /** Its place in the scenario, from 1. */
  number: number;
  request?: SentRequest;
  answer?: PlayedAnswer;
  /** The differences between the answer and what was expected, each with the line of the file that expects it. */
  mismatches: (Mismatch & { line?: number })[];
  /** The reason why there is no answer to judge. */
  trouble?: string;
  /** The payment method of the order or customer token that the step is about, where it was looked up at the target. */
  payment_method?: PaymentMethod;
  /** An expectation that could not be judged, with the reason. */
  unjudged?: string;
  /** Time of the merchant's clock after the step (ISO 8601), where the target has one. */
  clock?: string;
  /** The payment method of a customer token that this step made, in words. */
  tokenized?: string;
}

/** The result of a scenario: its steps up to the first that failed. */
export interface ScenarioResult {
  scenario: Scenario;
  /** The user name that played it. */
  merchant: string;
  passed: boolean;
  /** The reason why it was not played; it has neither passed nor failed then. */
  skipped?: string;
  /** The reason why no step of it could be played, or not all were. */
  trouble?: string;
  steps: StepResult[];
  /** Seconds that it took; absent in a run that repeats. */
  seconds?: number;
  /** The attempts to deliver callbacks to its own merchant, oldest first, where the target lists them. */
  callbacks?: CallbackAttempt[];
  /** The progress of its outcomes, where the target gives it. */
  outcomes?: OutcomeProgress[];
  /** The parts of it that tested nothing, where that was judged. */
  warnings?: Warning[];
}

/** Tells if a scenario was played and failed. */
export const hasFailed = ({ passed, skipped }: ScenarioResult): boolean => !passed && skipped === undefined;

/** Returns the differences of a step from what was expected, one line each. */
export function complaints({ mismatches, trouble }: StepResult): string[] {
  return [...(trouble === undefined ? [] : [trouble]), ...mismatches.map(renderMismatch)];
}

function renderMismatch({ path, expected, got }: Mismatch): string {
  return `${path}  expected ${shorten(expected, 200)}, got ${got === undefined ? 'nothing' : shorten(got, 200)}`;
}
