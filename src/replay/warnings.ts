import { type AnswerContract, type Operation, operations } from '../contract/operations.js';
import { bodyReader } from '../contract/shapes.js';
import { isFields } from '../exchange/fields.js';
import type { OutcomeProgress, Warning } from '../report/replay.js';
import { describeOutcome } from '../scenario/describe.js';
import { match } from '../scenario/match.js';
import { isMatcherMap, unescapeDollar } from '../scenario/matchers.js';
import { parsePath } from '../scenario/paths.js';
import type { Calls, Outcome, Scenario, Step } from '../scenario/scenario.js';
import { actBy } from '../scenario/steps.js';
import { rootOf, variablesOf } from '../scenario/template.js';
import { type Stray, strayIn } from '../shop/contract/strays.js';
import type { ScenarioResult } from './result.js';

/**
 * Returns a warning for each field that no contract has, each expected body that an answer does not have, and each variable
 * that no answer has, or that is kept and never used.
 */
function bodyWarnings({ steps, outcomes }: Scenario): Warning[] {
  return [
    ...steps.flatMap((step) => [...requestWarnings(step), ...expectationWarnings(step), ...keepWarnings(step)]),
    ...outcomes.flatMap(conditionWarnings),
    ...keptWarnings(steps),
  ];
}

/** Returns a warning for each variable that no later step uses before it is kept again. */
function keptWarnings(steps: readonly Step[]): Warning[] {
  const waiting = new Map<string, Warning>();
  const unused: Warning[] = [];
  for (const { request, expect, keep, at, lines } of steps) {
    for (const name of variablesIn([request, expect])) waiting.delete(name);
    for (const name of Object.keys(keep)) {
      const before = waiting.get(name);
      if (before) unused.push(before);
      waiting.set(name, { line: lines[`keep.${name}`] ?? at.line, message: `"${name}" is kept and never used` });
    }
  }
  return [...unused, ...waiting.values()];
}

/** Returns the names of the variables in all texts of a value. */
function variablesIn(value: unknown): string[] {
  if (typeof value === 'string') return variablesOf(value).map(rootOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(variablesIn);
}

function requestWarnings({ operation, request, at }: Step): Warning[] {
  const { name } = operation;
  // A text is sent as it is, even if it is no valid body.
  if (!isFields(request.body)) return [];
  if (!operation.request) return [{ ...at, message: `${name} takes no body, and ignores the one it is sent` }];
  return unknownIn(operation, withoutAbsent(request.body)).map((stray) => ({
    ...at,
    message: `${name} is sent ${inBody(stray)}, which it does not know${hintOf(stray)}`,
  }));
}

/** Returns a template without the fields that are `$absent`. */
function withoutAbsent(template: unknown): unknown {
  if (Array.isArray(template)) return template.map(withoutAbsent);
  if (!isFields(template)) return template;
  const given = Object.entries(template).filter(([, value]) => value !== '$absent');
  return Object.fromEntries(given.map(([name, value]) => [name, withoutAbsent(value)]));
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

/** Returns a warning for each field of a condition that Klarna does not read, so that no body meets it. */
function conditionWarnings({ on, when, line }: Outcome): Warning[] {
  const strays = unknownIn(operations.get(on) as Operation, when);
  return strays.map((stray) => ({
    line,
    message: `"when" asks for ${inBody(stray)}, which ${on} does not know${hintOf(stray)}`,
  }));
}

function expectationWarnings({ operation, expect, at }: Step): Warning[] {
  if (expect?.body === undefined || expect.body === '$absent') return [];
  const { name } = operation;
  if (expect.status === '$absent') return [{ ...at, message: `${name} is to get no answer, and so no body` }];
  const answers = answersOf(operation, expect.status);
  if (answers.length === 0) return [];
  if (answers.every(({ contentTypes }) => contentTypes.length === 0)) {
    return [{ ...at, message: `${name} answers ${expect.status} without a body, and one is expected` }];
  }
  return inNone(operation, answers, expect.body).map((stray) => ({
    ...at,
    message: `an answer of ${name} is expected to say of ${inBody(stray)}, which it never has`,
  }));
}

/** Returns a warning for each value that is kept of a body, and that no answer of the operation has. */
function keepWarnings({ operation, expect, keep, at, lines }: Step): Warning[] {
  return Object.entries(keep).flatMap(([name, path]) => {
    const [part, ...segments] = parsePath(path) ?? [];
    if (part !== 'body' || segments.length === 0) return [];
    const body = segments.reduceRight<unknown>(
      (inner, segment) => (typeof segment === 'number' ? [inner] : { [segment]: inner }),
      '$any',
    );
    return inNone(operation, answersOf(operation, expect?.status), body).map((stray) => ({
      line: lines[`keep.${name}`] ?? at.line,
      message: `"${name}" keeps ${path}, which no answer of ${operation.name} has${stray.kind === 'foreign' ? '' : hintOf(stray)}`,
    }));
  });
}

/** Returns the fields of a body that none of several answers has. */
function inNone({ api }: Operation, answers: readonly AnswerContract[], body: unknown): Stray[] {
  const strays = answers.flatMap(({ schema }) => (schema === undefined ? [] : [strayIn(api, schema, body)]));
  const [first = [], ...others] = strays.map((found) => found.filter(isUnread));
  // Keeps the strays of the first answer that every other answer lacks too, by the field itself or by one that contains it.
  return first.filter((stray) => others.every((found) => found.some(({ path }) => isAround(path, stray.path))));
}

const isAround = (path: string, inner: string): boolean =>
  inner.startsWith(path) && /^(?:$|[.[])/.test(inner.slice(path.length));

/** Tells if a field is none of the answer's schema, wherever else it may belong. */
const isUnread = (stray: Stray): boolean =>
  ['unknown', 'misplaced', 'foreign'].includes(stray.kind) && !isMatcher(stray);

/** Returns the answers that a step may expect; none where the contract does not list its status, as with a fault. */
function answersOf({ answers }: Operation, status: unknown): AnswerContract[] {
  if (typeof status !== 'number') return [...answers.values()];
  const answer = answers.get(status);
  return answer ? [answer] : [];
}

/** Returns a warning for each outcome that no step can bring about; none for a scenario without steps, which is only chosen. */
function scriptWarnings(scenario: Scenario): Warning[] {
  const { steps, outcomes } = scenario;
  if (steps.length === 0) return [];
  const unmet = outcomes.flatMap((outcome) => {
    const calls = callsFor(outcome, steps);
    if (calls >= firstOf(outcome.calls)) return [];
    const made = calls === 0 ? 'none' : calls === 1 ? 'one such call' : `${calls} such calls`;
    return [
      { line: outcome.line, message: `no step brings this about: ${describeOutcome(outcome)}; they make ${made}` },
    ];
  });
  return [...unmet, ...shopperWarnings(scenario)];
}

/** Returns a warning for each outcome and each rule for callbacks that had no effect while the scenario was played. */
function unmetWarnings({ scenario, outcomes = [], callbacks }: ScenarioResult): Warning[] {
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
  return [...unmet, ...undelivered, ...shopperWarnings(scenario)];
}

/** Returns a warning for a shopper's script that no step uses. */
function shopperWarnings({ shopper, steps }: Scenario): Warning[] {
  const asked = steps.some(({ operation }) => actBy(operation.name)?.takes === 'purchase');
  if (shopper === undefined || asked) return [];
  return [{ line: 1, message: 'the shopper has no say: no step authorizes or completes a purchase' }];
}

/** Returns the most calls that an outcome can count: those of the scenario's own merchant whose body may meet its condition. */
function callsFor({ on, when }: Outcome, steps: readonly Step[]): number {
  return steps
    .filter(({ as }) => as === undefined)
    .filter(({ operation, request }) =>
      operation.name === on
        ? mayMeet(when, operation, withoutAbsent(request.body))
        : on === 'createOrder' && isPage(operation),
    )
    .reduce((calls, { times }) => calls + times, 0);
}

/** Tells if an operation is the hosted page's, which can place the order itself. */
const isPage = ({ name }: Operation): boolean => name === 'completeHostedSession';

const firstOf = (calls: Calls): number => ('every' in calls ? calls.every : calls.from);

/** Tells if a body of a step, as Klarna reads it, may meet a condition. A text may be anything. */
function mayMeet(when: unknown, operation: Operation, body: unknown): boolean {
  if (when === undefined || typeof body === 'string') return true;
  return operation.request !== undefined && mayMatch(when, bodyReader(operation)(body));
}

/** Tells if a value may be as expected, with any values of its variables. */
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

/** Returns the warnings about parts of a scenario that test nothing, as far as its file tells, by line. */
export const warningsIn = (scenario: Scenario): Warning[] =>
  inOrder([...bodyWarnings(scenario), ...scriptWarnings(scenario)]);

/** Returns the warnings about parts of a played scenario that tested nothing, by line. After a failure only bodies are judged. */
export const warningsOf = (result: ScenarioResult): Warning[] =>
  inOrder([...bodyWarnings(result.scenario), ...(result.passed ? unmetWarnings(result) : [])]);

const inOrder = (warnings: readonly Warning[]): Warning[] =>
  [...warnings].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
