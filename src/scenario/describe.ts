import { errors } from '../klarna/catalogue/errors.js';
import { isMatcherMap } from './matchers.js';
import { extend } from './paths.js';
import type {
  Calls,
  Delivery,
  DeliveryRule,
  Fault,
  FaultKind,
  Fraud,
  Need,
  Outcome,
  Scenario,
  Step,
} from './scenario.js';
import { actBy } from './steps.js';

/** Returns a scenario in words, one line for each of its parts. */
export function describeScenario(scenario: Scenario): string {
  const { name, alias, title, evidence, source, market, tags, merchant, needs, categories, shopper } = scenario;
  const facts = [
    evidence !== undefined && `evidence: ${evidence}${source === undefined ? '' : ` (${source})`}`,
    alias !== undefined && `alias: ${alias}`,
    market !== undefined && `market: ${market}`,
    tags.length > 0 && `tags: ${tags.join(', ')}`,
    merchant !== undefined && `merchant: ${merchant}`,
    needs.length > 0 && `needs: ${needs.map(describeNeed).join(', ')}`,
    categories && `payment method categories: ${categories.join(', ')}`,
    shopper && `shopper: ${describeShopper({ ...shopper })}`,
  ].filter((fact) => typeof fact === 'string');
  return [
    name,
    `  ${title}`,
    ...facts.map((fact) => `  ${fact}`),
    ...list('outcomes, of which the first that matches a call wins', scenario.outcomes.map(describeOutcome)),
    ...list('callbacks', scenario.callbacks.map(describeDelivery)),
    ...list('steps', scenario.steps.map(describeStep)),
  ].join('\n');
}

/** Returns a need in words. */
const describeNeed = (need: Need): string => `a ${need.replace('-', ' ')}`;

function list(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line, index) => `    ${index + 1}. ${line}`)];
}

/** Returns an outcome in one line: `call 1 of createOrder is refused with 403 REJECTED`. */
export function describeOutcome({ on, calls, when, error, fraud, fault }: Outcome): string {
  const whose = `${describeCalls(calls)} of ${on}${when === undefined ? '' : ` with ${conditions(when).join(', ')}`}`;
  if (error !== undefined) return `${whose} is refused with ${errors[error].status} ${error}`;
  return fraud ? `${whose} ${describeFraud(fraud)}` : `${whose} ${describeFault(fault as Fault)}`;
}

function describeCalls(calls: Calls): string {
  if ('every' in calls) return calls.every === 1 ? 'each call' : `every call number ${calls.every}`;
  const { from, to } = calls;
  if (to === Number.POSITIVE_INFINITY) return from === 1 ? 'each call' : `each call from number ${from}`;
  return from === to ? `call ${from}` : `each of calls ${from} to ${to}`;
}

/** Returns the parts of a condition in words: `order_amount over 5000`. */
function conditions(when: unknown, path = '$'): string[] {
  const field = path.replace(/^\$\.?/, '');
  if (typeof when !== 'object' || when === null) return [`${field} ${written(when)}`];
  if (Array.isArray(when)) return when.flatMap((element, index) => conditions(element, extend(path, index)));
  if (!isMatcherMap(when)) return Object.entries(when).flatMap(([key, inner]) => conditions(inner, extend(path, key)));
  return [`${field} ${Object.entries(when).map(describeMatcher).join(' and ')}`.trimStart()];
}

const describeMatcher = ([name, argument]: [string, unknown]): string => `${name.slice(1)} ${written(argument)}`;

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function describeFraud({ status, then, after }: Fraud): string {
  return `has its order's fraud check end ${status}${then ? `, and ${then} after ${after}` : ''}`;
}

/** The effects of faults on the client, in words. */
const troubles: Record<FaultKind, string> = {
  status: 'gets status',
  delay: 'is answered late',
  timeout: 'gets no answer',
  close: 'has its connection closed',
  reset: 'has its connection reset',
  garbage: 'gets bytes that are no answer',
  truncate: 'gets half of the answer',
  empty: 'gets an answer without a body',
};

function describeFault({ commit, kind, status, delay }: Fault): string {
  const late = delay === undefined ? '' : ` after ${delay} ms`;
  return `${commit ? 'is done, and ' : ''}${troubles[kind]}${status === undefined ? '' : ` ${status}`}${late}`;
}

/** Returns a delivery rule in one line: `authorization: twice, PT2S later`. */
export function describeDelivery({ on, delivery }: DeliveryRule): string {
  const { twice, after, delay, before_the_answer, drop, reorder, status }: Delivery = delivery;
  const ways = [
    drop && 'never sent',
    before_the_answer && 'before the answer',
    twice && 'twice',
    after !== undefined && `first after ${after}`,
    delay !== undefined && `${delay} later`,
    reorder && 'after the one that should follow',
    status !== undefined && `the receiver gives ${status}`,
  ];
  return `${on}: ${ways.filter((way) => typeof way === 'string').join(', ')}`;
}

/** Returns the shopper's behaviour: `pay_in_4 by card, denied`. In a step any part may be a variable or invalid. */
function describeShopper({ result, payment_option, funding_source, invalid_fields }: Record<string, unknown>): string {
  const { type } = Object(funding_source);
  const method = type === undefined ? payment_option : `${payment_option ?? 'pay_now'} by ${written(type)}`;
  return [method, result, invalid_fields]
    .filter((part) => part !== undefined)
    .map(written)
    .join(', ');
}

/** Returns a step with its expected status, in one line. */
function describeStep(step: Step): string {
  const { title, as, times, expect } = step;
  const status = expect?.status;
  return [
    title ?? action(step),
    as === undefined ? '' : ` as ${as}`,
    times === 1 ? '' : `, ${times} times`,
    status === undefined ? '' : `: ${written(status)}`,
  ].join('');
}

/** Returns the words for a step that has no title. */
function action({ kind, operation, request }: Step): string {
  if (kind === 'operation') return operation.name;
  const body = (request.body ?? {}) as Record<string, unknown>;
  if (kind === 'clock') return `the clock moves ${body.by === undefined ? `to ${body.now}` : `on by ${body.by}`}`;
  const act = actBy(operation.name);
  const how = act?.takes === 'purchase' ? describeShopper(body) : '';
  return `the shopper ${act?.action}${how && ` ${how}`}`;
}
