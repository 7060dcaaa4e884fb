import { bodyFields, type Operation, operations } from '../contract/operations.js';
import { checkShape } from '../contract/validate.js';
import { readDelay } from '../exchange/durations.js';
import { type ErrorEntry, errors } from '../klarna/catalogue/errors.js';
import { chooseMethod } from '../klarna/payments/payment-methods.js';
import { entry, itemsOf, type Located } from './located-value.js';
import { isMatcherMap, isWord, keyMatchers, wordMatchers } from './matchers.js';
import { faultKeys } from './outcomes.js';
import { isAboutPaid } from './paid.js';
import { parsePath } from './paths.js';
import { inFewSteps } from './pattern.js';
import { CallTable, readCalls } from './plan.js';
import { didYouMean, MOST_PROBLEMS, nearestWord, type Position, type Problem } from './problem.js';
import type { Calls, ShopperScript } from './scenario.js';
import { PARTS } from './scenario-file.js';
import { shopperActs } from './steps.js';
import { generators, rootOf, variablesOf } from './template.js';

/** Reports a mistake at a position of the file. */
export type Report = (at: Position, message: string) => void;

/** The names that a text may use at its place in the file. */
interface Known {
  variables: ReadonlySet<string>;
  merchants: ReadonlySet<string>;
  /** Returns the message for a name that is no variable here. */
  unknown(name: string): string;
}

/** The variables that exist before the first step. */
const builtIn: ReadonlySet<string> = new Set(['merchant', 'merchants', 'person', 'receiver']);

/** The parts of an answer from which a step can keep values. */
const ANSWER = ['status', 'headers', 'body', 'callbacks'];

/** Returns the path that a text stands for: `$.body.session_id` for `body.session_id`, or for `session_id`. */
function pathMeant(text: string): string | undefined {
  // A word before `status`, `headers`, `body` or `callbacks` names the answer, and is left out.
  const [, first, rest] = /^\$?\.?(?:\w+\.(?=(?:status|headers|body|callbacks)\b))?([\w-]+)(.*)$/s.exec(text) ?? [];
  if (first === undefined) return undefined;
  const part = nearestWord(first, ANSWER);
  const path = part === undefined ? `$.body.${first}${rest}` : `$.${part}${rest}`;
  return parsePath(path) && path;
}

/**
 * Finds the mistakes that the schema cannot: unknown matchers, generated values and errors, variables that no earlier
 * step keeps, paths that cannot be read, outcomes that no call can reach. Looks only at the parts that are there, so it can
 * run on a file whose structure has mistakes.
 */
export function checkMeaning(root: Located, path: string): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (at, message) => {
    problems.push({ path, ...at, message });
    if (problems.length === MOST_PROBLEMS) throw new Enough();
  };
  try {
    inFewSteps(() => findProblems(root, report), CHECKING);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return problems;
}

/** The most steps for the regular expressions of a file: a thousand that have to be compiled. */
const CHECKING = 10_000_000;

/** Ends the search when there are enough mistakes. */
class Enough extends Error {}

function findProblems(root: Located, report: Report): void {
  const keys = [...(root.entries?.keys() ?? [])];
  // A key that is misspelt is reported as unknown, and not as a missing one as well.
  if (root.entries && !keys.slice(0, 100).some((key) => nearestWord(key, PARTS) !== undefined)) {
    report(root.at, `a scenario needs one of ${PARTS.join(', ')}`);
  }
  checkShopper(root, report);
  checkOutcomes(root, report);
  checkConditions(root, report);
  checkCallbacks(root, report);
  checkActs(root, report);
  checkPaid(root, report);
  checkSteps(root, report);
}

/** Checks the conditions of outcomes. They may only use the variables of the market. */
function checkConditions(root: Located, report: Report): void {
  const known: Known = {
    variables: new Set(entry(root, 'market') ? ['person'] : []),
    merchants: new Set(),
    unknown: (name) => `an outcome has no variable "${name}", only those of the market such as \${person.customer}`,
  };
  for (const outcome of itemsOf(root, 'outcomes')) {
    const when = entry(outcome, 'when');
    if (when) checkExpected(when, known, report);
  }
}

function checkSteps(root: Located, report: Report): void {
  const steps = itemsOf(root, 'steps');
  const variables = new Set(builtIn);
  if (!entry(root, 'market')) variables.delete('person');
  const merchants = new Set(
    steps.flatMap((step) => entry(step, 'as')?.value).filter((name) => typeof name === 'string'),
  );
  const unknown = (name: string) => `no step before this one keeps "${name}"${didYouMean(name, variables)}`;
  for (const step of steps) {
    const known = { variables, merchants, unknown };
    for (const [key, { node }] of step.entries ?? []) {
      if (key === 'title') continue;
      if (key === 'expect') {
        checkStatus(entry(node, 'status'), report);
        checkExpected(node, known, report);
      } else if (key === 'keep') checkKeep(node, report);
      else checkRequest(node, known, report);
    }
    for (const name of entry(step, 'keep')?.entries?.keys() ?? []) variables.add(name);
  }
}

function checkRequest(node: Located, known: Known, report: Report): void {
  if (typeof node.value === 'string') {
    if (wordMatchers.has(node.value) && !generators.has(node.value)) refuseMatcher(node.at, node.value, report);
    else if (isWord(node.value)) checkWord(node, generators, 'generated value', report);
    else checkVariables(node, known, report);
  }
  for (const item of node.items ?? []) checkRequest(item, known, report);
  for (const [key, { key: at, node: inner }] of node.entries ?? []) {
    if (/^\$(?!\$)/.test(key)) refuseMatcher(at, key, report);
    checkRequest(inner, known, report);
  }
}

function refuseMatcher(at: Position, name: string, report: Report): void {
  report(at, `a request has no matchers such as ${name}, only ${[...generators].join(', ')}; $$ is a literal $`);
}

/** Checks the status that a step expects: a number, a matcher or a variable. */
function checkStatus(node: Located | undefined, report: Report): void {
  if (!node) return;
  const { value, entries } = node;
  if (entries && [...entries.keys()].some((key) => key.startsWith('$'))) {
    for (const option of itemsOf(node, '$oneOf')) checkStatus(option, report);
    return;
  }
  if (typeof value === 'number' && STATUS.test(String(value))) return;
  if (typeof value === 'string' && (isWord(value) || variablesOf(value).length > 0)) return;
  const given = JSON.stringify(value);
  if (typeof value === 'string' && STATUS.test(value)) {
    report(node.at, `"status" is a number: write ${value} without the quotes, not ${given}`);
  } else if (node.items) {
    const all = node.items.every((item) => STATUS.test(String(item.value)));
    if (all) report(node.at, `"status" is one number, or { $oneOf: ${given.replaceAll(',', ', ')} }`);
  } else report(node.at, `"status" is a number such as 200, or a matcher such as { $oneOf: [200, 201] }, not ${given}`);
}

/** A status of HTTP. */
const STATUS = /^[1-5]\d\d$/;

function checkExpected(node: Located, known: Known, report: Report): void {
  if (typeof node.value === 'string') {
    if (isWord(node.value)) checkWord(node, new Set(wordMatchers.keys()), 'matcher', report);
    else checkVariables(node, known, report);
  }
  for (const item of node.items ?? []) checkExpected(item, known, report);
  if (!node.entries) return;
  const onlyMatchers = isMatcherMap(node.value as object);
  for (const [key, { key: at, node: inner }] of node.entries) {
    if (/^\$(?!\$)/.test(key)) checkMatcher(key, at, inner, onlyMatchers, report);
    if (key !== '$match') checkExpected(inner, known, report);
  }
}

function checkMatcher(key: string, at: Position, argument: Located, alone: boolean, report: Report): void {
  const wrong = keyMatchers.get(key);
  if (!wrong) report(at, `unknown matcher ${key}${didYouMean(key, keyMatchers.keys())}`);
  else if (!alone) report(at, `${key} stands beside fields; a matcher takes the place of the whole value`);
  else {
    // An argument given by a variable is only checked when the step is played.
    const variable = typeof argument.value === 'string' && key !== '$match' && variablesOf(argument.value).length > 0;
    const message = variable ? undefined : wrong(argument.value);
    // Of a list of patterns the wrong one.
    const part = key === '$match' ? argument.items?.find(({ value }) => wrong(value) === message) : undefined;
    if (message) report((part ?? argument).at, `${key} ${message}`);
  }
}

function checkWord(node: Located, words: ReadonlySet<string>, what: string, report: Report): void {
  const word = node.value as string;
  if (!words.has(word)) report(node.at, `unknown ${what} ${word}${didYouMean(word, words)}`);
}

function checkVariables(node: Located, { variables, merchants, unknown }: Known, report: Report): void {
  for (const name of variablesOf(node.value as string)) {
    const path = parsePath(name);
    const root = rootOf(name);
    if (!path) report(node.at, `\${${name}} is no variable`);
    else if (root === 'person' && !variables.has(root)) report(node.at, `\${${name}} needs a market`);
    else if (!variables.has(root)) report(node.at, unknown(root));
    else if (root === 'merchants' && !merchants.has(String(path[0]))) {
      report(node.at, `no step acts as "${path[0]}"${didYouMean(String(path[0]), merchants)}`);
    }
  }
}

function checkKeep(node: Located, report: Report): void {
  for (const [name, { key, node: path }] of node.entries ?? []) {
    if (builtIn.has(name)) report(key, `"${name}" is a variable that every scenario has`);
    const text = String(path.value);
    const parsed = text.startsWith('$') ? parsePath(text) : undefined;
    if (!parsed || !ANSWER.includes(String(parsed[0]))) {
      const meant = pathMeant(text);
      const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
      report(path.at, `${JSON.stringify(path.value)} is no path into the answer, such as $.body.session_id${hint}`);
    }
  }
}

/** Checks the shopper for values that the control API refuses, which the schema of the file does not know. */
export function checkShopper(root: Located, report: Report): void {
  const shopper = entry(root, 'shopper');
  if (!shopper?.entries) return;
  const violations = checkShape('sandbox', 'authorize_request', shopper.value)
    // The schema of the file has reported unknown keys already.
    .map(({ field, text }) => ({ text, path: parsePath(`$.${field}`) ?? [rootOf(field)] }))
    .filter(({ path: [first] }) =>
      ['result', 'payment_option', 'funding_source', 'invalid_fields'].includes(`${first}`),
    );
  for (const { path, text } of violations) report(placeOf(shopper, path), text);
  if (violations.length > 0) return;
  const { payment_option, funding_source } = shopper.value as ShopperScript;
  const choice = chooseMethod(payment_option, funding_source);
  if ('rule' in choice) report(placeOf(shopper, choice.field.split('.')), choice.text);
}

/** Returns the position of a field, or of the nearest enclosing value that exists. */
function placeOf(node: Located, path: readonly (string | number)[]): Located['at'] {
  let at = node;
  for (const segment of path) {
    const inner = at.items?.[Number(segment)] ?? entry(at, String(segment));
    if (!inner) break;
    at = inner;
  }
  return at.at;
}

/** Checks the shopper's steps: some acts take no `with`. */
export function checkActs(root: Located, report: Report): void {
  for (const { entries } of itemsOf(root, 'steps')) {
    const name = entries?.get('shopper')?.node.value;
    const body = entries?.get('with');
    if (!body || shopperActs.get(String(name))?.takes !== 'nothing') continue;
    report(body.key, `the shopper who does "${name}" has nothing "with" it`);
  }
}

/** Checks that a step which expects a payment method is about an order or a customer token. */
export function checkPaid(root: Located, report: Report): void {
  for (const step of itemsOf(root, 'steps')) {
    const expected = entry(step, 'expect')?.entries?.get('payment_method');
    const act = shopperActs.get(String(entry(step, 'shopper')?.value))?.operation;
    const name = act ?? [...(step.entries?.keys() ?? [])].find((key) => operations.has(key) || key === 'advance');
    if (!expected || name === undefined) continue;
    const operation = operations.get(name);
    if (operation && isAboutPaid(operation)) continue;
    report(expected.key, `${name} is about no order and no customer token, so it has no payment_method`);
  }
}

/** Checks callbacks: one rule for each kind, no other keys beside `drop`, and not both `after` and `delay`. */
export function checkCallbacks(root: Located, report: Report): void {
  const lines = new Map<unknown, number>();
  for (const node of itemsOf(root, 'callbacks')) {
    const on = entry(node, 'on');
    const before = lines.get(on?.value);
    if (on && before !== undefined) report(on.at, `line ${before} says how ${JSON.stringify(on.value)} is delivered`);
    else if (on) lines.set(on.value, on.at.line);
    const delivery = entry(node, 'delivery')?.entries;
    if (delivery?.has('drop') && delivery.size > 1) {
      report(delivery.get('drop')?.key as Located['at'], 'a callback that is dropped has nothing beside "drop"');
    }
    const after = delivery?.get('after');
    if (after && delivery?.has('delay')) {
      report(
        after.key,
        '"after" says when it is first sent, "delay" how much later than usual; only one of them holds',
      );
    }
  }
}

/** The operations that create an order, which is then checked for fraud. */
const ordering = ['createOrder', 'createCustomerTokenOrder'];

/** The kinds of outcomes: each outcome has exactly one of these keys. */
const KINDS = ['error', 'fraud', 'fault'];
const KEYS = new Set(['on', 'calls', 'when', ...KINDS]);

/** Longest delay of a fault, in milliseconds. */
const MAX_DELAY = 120_000;

/** Checks outcomes: their operations can answer the errors, and calls are left for each of them. */
export function checkOutcomes(root: Located, report: Report): void {
  const taken = new Taken();
  for (const node of itemsOf(root, 'outcomes')) {
    if (!node.entries) continue;
    checkKind(node.at, [...node.entries.keys()], report);
    checkFault(entry(node, 'fault'), report);
    const calls = entry(node, 'calls');
    const counted = readCalls(calls?.value);
    if (calls && !counted && /^[1-9]\d*\.\.[1-9]\d*$/.test(String(calls.value))) {
      report(calls.at, `"calls" ${JSON.stringify(calls.value)} ends before it begins`);
    }
    // The schema reports unknown operations.
    const operation = operations.get(String(entry(node, 'on')?.value));
    if (!operation || operation.api === 'sandbox') continue;
    checkError(entry(node, 'error'), operation, report);
    checkFraud(node, operation, report);
    checkFields(node, operation, report);
    if (counted && !taken.take(operation.name, entry(node, 'when')?.value, counted)) {
      report(node.at, `no call can reach this outcome: those before it on ${operation.name} take them all`);
    }
  }
}

function checkKind(at: Position, keys: string[], report: Report): void {
  const kinds = keys.filter((key) => KINDS.includes(key));
  if (kinds.length > 1) report(at, `an outcome is one thing, not several: ${kinds.join(', ')}`);
  // A misspelt key is reported as unknown, and not as a missing one as well.
  if (kinds.length === 0 && keys.every((key) => KEYS.has(key))) {
    report(at, `an outcome needs one of ${KINDS.join(', ')}`);
  }
}

function checkError(node: Located | undefined, { name }: Operation, report: Report): void {
  if (typeof node?.value !== 'string') return;
  const code = node.value;
  const all = Object.entries<ErrorEntry>(errors);
  const own = all.filter(([, { operations: on }]) => on?.includes(name) ?? true).map(([known]) => known);
  if (own.includes(code)) return;
  const elsewhere = all.find(([known]) => known === code)?.[1].operations;
  const hint = elsewhere ? `, which ${elsewhere.join(', ')} can` : didYouMean(code, own);
  report(node.at, `${name} cannot answer the error ${JSON.stringify(code)}${hint}; it can answer ${own.join(', ')}`);
}

function checkFraud(node: Located, { name }: Operation, report: Report): void {
  const fraud = node.entries?.get('fraud');
  if (!fraud) return;
  if (!ordering.includes(name)) report(fraud.key, `${name} creates no order; ${ordering.join(' and ')} do`);
  const then = fraud.node.entries?.get('then');
  const status = entry(fraud.node, 'status')?.value;
  if (!then || status === 'PENDING' || (status === 'ACCEPTED' && then.node.value === 'STOPPED')) return;
  report(then.key, 'only a fraud check that is PENDING ends in something else, and only an ACCEPTED order is STOPPED');
}

function checkFault(node: Located | undefined, report: Report): void {
  if (!node?.entries) return;
  const keys = [...node.entries.keys()];
  const kinds = keys.filter((key) => faultKeys.has(key));
  if (kinds.length > 1) report(node.at, `a fault is one kind of trouble, not several: ${kinds.join(', ')}`);
  if (kinds.length === 0 && keys.every((key) => key === 'commit')) {
    report(node.at, `a fault needs one of ${[...faultKeys.keys(), 'delay'].join(', ')}`);
  }
  const delay = entry(node, 'delay');
  const ms = readDelay(String(delay?.value));
  if (delay && (ms === 0 || ms > MAX_DELAY)) {
    report(delay.at, `"delay" is from PT0.001S to PT2M, not ${JSON.stringify(delay.value)}`);
  }
}

/** Checks that the fields of a condition exist: a condition on an unknown field is never met. */
function checkFields(node: Located, operation: Operation, report: Report): void {
  const when = node.entries?.get('when');
  if (!when) return;
  const fields = bodyFields(operation);
  if (fields.length === 0) report(when.key, `a request of ${operation.name} has no body that "when" could look at`);
  else {
    for (const [name, { key }] of when.node.entries ?? []) {
      if (name.startsWith('$') || fields.includes(name)) continue;
      report(key, `the body of ${operation.name} has no ${JSON.stringify(name)}${didYouMean(name, fields)}`);
    }
  }
}

/** The calls that the outcomes read so far take. */
class Taken {
  /** Tables by operation and condition: outcomes with the same condition count the same calls. */
  readonly #tables = new Map<string, CallTable>();

  /** Gives an outcome those of its calls that are left; returns false when none are. */
  take(on: string, when: unknown, calls: Calls): boolean {
    const own = this.#table(`${on} ${JSON.stringify(when)}`);
    const left = own.hasRoom(calls) && (when === undefined || this.#hasLater(on, calls));
    own.add(calls, 0);
    return left;
  }

  /** Tells whether a call from the nth on is left: the nth that meets a condition may be any of them. */
  #hasLater(on: string, calls: Calls): boolean {
    const from = 'every' in calls ? calls.every : calls.from;
    return this.#table(`${on} undefined`).hasRoom({ from, to: Number.POSITIVE_INFINITY });
  }

  #table(name: string): CallTable {
    const table = this.#tables.get(name) ?? new CallTable();
    this.#tables.set(name, table);
    return table;
  }
}
