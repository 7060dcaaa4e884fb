import type { CallbackName } from '../../scenario/scenario.js';
import type { CallbackAttempt, ScenarioResult, StepResult } from '../result.js';

/** An attempt to deliver a callback, and where a picture shows it. */
export interface PlacedCallback extends CallbackAttempt {
  /** The number of the step that it follows. */
  after: number;
  /** It came before the answer to that step. */
  before_the_answer?: true;
}

/** Ids as Klarna makes them. */
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What brings a callback about. */
const causes: Record<CallbackName, RegExp> = {
  authorization: /^(?:authorize|finalize)Session$/,
  notification: /Order$/,
  push: /Order$/,
  status_update: /HostedSession$/,
};

/**
 * Places attempts among the steps: behind the step that brought the callback about, not before the clock showed the
 * attempt's time, and in the order in which they were made. The sandbox does not tell the cause; it is the step whose
 * answer first names what the callback names or, where that names nothing, the first that can have been it.
 */
export function placeCallbacks({ scenario, steps, callbacks = [] }: ScenarioResult): PlacedCallback[] {
  const said = steps.map(({ answer }) => JSON.stringify(answer?.body) ?? '');
  const early = new Set(scenario.callbacks.flatMap(({ on, delivery }) => (delivery.before_the_answer ? on : [])));
  let from = 0;
  return callbacks.map((attempt) => {
    const { on, url, body, at } = attempt;
    const ids = JSON.stringify([url, body]).match(ID) ?? [];
    const named = Math.max(-1, ...ids.map((id) => said.findIndex((text) => text.includes(id))));
    const cause = steps.findIndex((step, index) =>
      named >= 0 ? index === named || wasUnanswered(step, steps[named]) : index >= from && canCause(on, step),
    );
    const due = steps.findIndex(
      ({ step, clock }, index) => index >= Math.max(from, cause) && step.as === undefined && (clock ?? '') >= at,
    );
    // A clock that runs by itself is not looked at before each step.
    from = due < 0 ? Math.max(0, from, cause) : due;
    const before = early.has(on) && from === cause;
    return { ...attempt, after: steps[from]?.number ?? 0, ...(before && { before_the_answer: true }) };
  });
}

/** Whether a step asked for the same as a later one, and got no answer. */
const wasUnanswered = (step: StepResult, later: StepResult | undefined): boolean =>
  !step.answer && step.request?.url === later?.request?.url;

const canCause = (on: CallbackName, { step, answer }: StepResult): boolean =>
  step.as === undefined && causes[on].test(step.operation.name) && (answer === undefined || answer.status < 400);
