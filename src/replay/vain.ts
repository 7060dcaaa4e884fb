import { type AnswerContract, type Operation, operations } from '../contract/operations.js';
import { bodyReader } from '../contract/wire.js';
import { isFields } from '../exchange/fields.js';
import { describeOutcome } from '../scenario/describe.js';
import { match } from '../scenario/match.js';
import { isMatcherMap, unescapeDollar } from '../scenario/matchers.js';
import type { Calls, Outcome, Scenario, Step } from '../scenario/scenario.js';
import { actBy } from '../scenario/steps.js';
import { type Stray, strayIn } from '../shop/contract/strays.js';
import type { OutcomeProgress, ScenarioResult, Warning } from './result.js';

/** The bodies of a scenario that test nothing: fields that no contract has, and answers that have no body. */
export function vainBodies({ steps, outcomes }: Scenario): Warning[] {
  return [...steps.flatMap((step) => [...vainRequest(step), ...vainExpectation(step)]), ...outcomes.flatMap(vainWhen)];
}

function vainRequest({ operation, request, at }: Step): Warning[] {
  const { name } = operation;
  // A text is sent as it stands, wrong on purpose or not.
  if (!isFields(request.body)) return [];
  if (!operation.request) return [{ ...at, message: `${name} takes no body, and ignores the one it is sent` }];
  return unknownIn(operation, sent(request.body)).map((stray) => ({
    ...at,
    message: `${name} is sent ${inBody(stray)}, which it does not know${hintOf(stray)}`,
  }));
}

/** A template without the fields that are `$absent`. */
export function sent(template: unknown): unknown {
  if (Array.isArray(template)) return template.map(sent);
  if (!isFields(template)) return template;
  const given = Object.entries(template).filter(([, value]) => value !== '$absent');
  return Object.fromEntries(given.map(([name, value]) => [name, sent(value)]));
}

function unknownIn({ api, request }: Operation, body: unknown): Stray[] {
  const strays = request ? strayIn(api, request.schema, body) : [];
  return strays.filter((stray) => (stray.kind === 'unknown' || stray.kind === 'misplaced') && !isMatcher(stray));
}

const isMatcher = ({ given }: Stray): boolean => String(given).startsWith('$');

const inBody = ({ path }: Pick<Stray, 'path'>): string => path.replace(/^\$\.body\.?/, '');

function hintOf({ kind, expected }: Stray): string {
  if (kind !== 'misplaced') return expected === undefined ? '' : ` (did you mean "${expected}"?)`;
  return ` there; it belongs into ${(expected as string[]).map((path) => inBody({ path })).join(' or ')}`;
}

/** A condition is held against what Klarna reads of a body: it cannot be met by a field that is not read. */
function vainWhen({ on, when, line }: Outcome): Warning[] {
  const strays = unknownIn(operations.get(on) as Operation, when);
  return strays.map((stray) => ({
    line,
    message: `"when" asks for ${inBody(stray)}, which ${on} does not know${hintOf(stray)}`,
  }));
}

function vainExpectation({ operation, expect, at }: Step): Warning[] {
  if (expect?.body === undefined || expect.body === '$absent') return [];
  const { name, api } = operation;
  if (expect.status === '$absent') return [{ ...at, message: `${name} is to get no answer, and so no body` }];
  const answers = answersOf(operation, expect.status);
  if (answers.length === 0) return [];
  if (answers.every(({ contentTypes }) => contentTypes.length === 0)) {
    return [{ ...at, message: `${name} answers ${expect.status} without a body, and one is expected` }];
  }
  const strays = answers.flatMap(({ schema }) => (schema === undefined ? [] : [strayIn(api, schema, expect.body)]));
  const [first = [], ...others] = strays.map((found) => found.filter(isUnread).map(inBody));
  return first
    .filter((path) => others.every((paths) => paths.includes(path)))
    .map((path) => ({ ...at, message: `an answer of ${name} is expected to say of ${path}, which it never has` }));
}

/** Fields that the schema of an answer does not have, wherever else they may belong. */
const isUnread = (stray: Stray): boolean =>
  ['unknown', 'misplaced', 'foreign'].includes(stray.kind) && !isMatcher(stray);

/** The answers that a step may be about; none where the contract does not list its status, as with a fault. */
function answersOf({ answers }: Operation, status: unknown): AnswerContract[] {
  if (typeof status !== 'number') return [...answers.values()];
  const answer = answers.get(status);
  return answer ? [answer] : [];
}

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

/** What of a scenario would test nothing, as far as its file tells, in the order of its lines. */
export const vainIn = (scenario: Scenario): Warning[] => inOrder([...vainBodies(scenario), ...vainScript(scenario)]);

/** What of a scenario tested nothing, now that it was played. What a failure kept from happening does not count. */
export const vainOf = (result: ScenarioResult): Warning[] =>
  inOrder([...vainBodies(result.scenario), ...(result.passed ? vainAfterPlay(result) : [])]);

const inOrder = (warnings: readonly Warning[]): Warning[] => [...warnings].sort((one, other) => one.line - other.line);
