import type { Operation } from '../../contract/operations.js';
import { bodyReader } from '../../contract/wire.js';
import { describeOutcome } from '../../scenario/describe.js';
import { match } from '../../scenario/match.js';
import { isMatcherMap, unescapeDollar } from '../../scenario/matchers.js';
import type { Calls, Outcome, Scenario, Step } from '../../scenario/scenario.js';
import { actBy } from '../../scenario/steps.js';
import type { OutcomeProgress, ScenarioResult, Warning } from '../result.js';
import { isFields } from '../words.js';
import { sent } from './bodies.js';

/** What a scenario scripts that none of its steps can bring about; nothing where it has no steps, and is only chosen. */
export function vainScript(scenario: Scenario): Warning[] {
  const { steps, outcomes } = scenario;
  if (steps.length === 0) return [];
  const vain = outcomes.flatMap((outcome) => {
    const calls = callsFor(outcome, steps);
    if (calls >= firstOf(outcome.calls)) return [];
    const made = calls === 0 ? 'none' : calls === 1 ? 'one such call' : `${calls} such calls`;
    return [
      { line: outcome.line, message: `no step brings this about: ${describeOutcome(outcome)}; they make ${made}` },
    ];
  });
  return [...vain, ...vainShopper(scenario)];
}

/** The outcomes and rules for callbacks that a scenario has and that did not happen while it was played. */
export function vainAfterPlay({ scenario, outcomes = [], callbacks }: ScenarioResult): Warning[] {
  const unmet = outcomes
    .filter(({ hits }) => hits === 0)
    .map(({ index, line, matched }: OutcomeProgress) => {
      const counted = matched === 0 ? 'none was counted' : matched === 1 ? '1 was counted' : `${matched} were counted`;
      const what = describeOutcome(scenario.outcomes[index] as Outcome);
      return { line, message: `this outcome took no call: ${what}; ${counted}` };
    });
  const undelivered = scenario.callbacks
    .filter(({ on }) => callbacks && !callbacks.some((attempt) => attempt.on === on))
    .map(({ on, line }) => ({ line, message: `this rule delivered nothing: no ${on} callback fell due` }));
  return [...unmet, ...undelivered, ...vainShopper(scenario)];
}

/** A shopper whom no step asks. */
function vainShopper({ shopper, steps }: Scenario): Warning[] {
  const asked = steps.some(({ operation }) => actBy(operation.name)?.takes === 'purchase');
  if (shopper === undefined || asked) return [];
  return [{ line: 1, message: 'the shopper has no say: no step authorizes or completes a purchase' }];
}

/** So many calls an outcome can count, at most: those of the scenario's own merchant whose body may meet its condition. */
function callsFor({ on, when }: Outcome, steps: readonly Step[]): number {
  return steps
    .filter(({ as }) => as === undefined)
    .filter(({ operation, request }) =>
      operation.name === on ? mayMeet(when, operation, sent(request.body)) : on === 'createOrder' && isPage(operation),
    )
    .reduce((calls, { times }) => calls + times, 0);
}

/** A hosted page can place the order itself. */
const isPage = ({ name }: Operation): boolean => name === 'completeHostedSession';

const firstOf = (calls: Calls): number => ('every' in calls ? calls.every : calls.from);

/** Whether a body of a step, as Klarna reads it, may meet a condition. A text may be anything. */
function mayMeet(when: unknown, { api, request }: Operation, body: unknown): boolean {
  if (when === undefined || typeof body === 'string') return true;
  return request !== undefined && mayMatch(when, bodyReader(api, request.schema)(body));
}

/** Whether a value may be as expected, whatever its variables bring in. */
function mayMatch(expected: unknown, value: unknown): boolean {
  if (match(expected, value).length === 0) return true;
  if (!isFields(expected) || !isFields(value) || isMatcherMap(expected)) return isOpenInside(value);
  return Object.entries(expected).every(([name, inner]) => mayMatch(inner, value[unescapeDollar(name)]));
}

const isOpen = (value: unknown): boolean => typeof value === 'string' && /\$\{|^\$newUuid$/.test(value);

const isOpenInside = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(isOpenInside)
    : isFields(value)
      ? Object.values(value).some(isOpenInside)
      : isOpen(value);
