import { bodyFields, type Operation, operations } from '../contract/operations.js';
import { checkShape } from '../contract/validate.js';
import { type ErrorEntry, errors } from '../klarna/catalogue/errors.js';
import { chooseMethod } from '../klarna/payments/payment-methods.js';
import { entry, itemsOf, type Located } from './located.js';
import { isMatcherMap, isWord, keyMatchers, wordMatchers } from './matchers.js';
import { faultKeys, readDelay } from './outcomes.js';
import { isAboutPaid } from './paid.js';
import { parsePath } from './paths.js';
import { CallTable, readCalls } from './plan.js';
import { didYouMean, type Position, type Problem } from './problem.js';
import type { Calls, ShopperScript } from './scenario.js';
import { shopperActs } from './steps.js';
import { generators, rootOf, variablesOf } from './template.js';

/** Tells a mistake. */
export type Report = (at: Position, message: string) => void;

/** What a text may name at its place in the file. */
interface Known {
  variables: ReadonlySet<string>;
  merchants: ReadonlySet<string>;
  /** Why there is no variable of that name. */
  unknown(name: string): string;
}

/** Variables that stand before the first step. */
const builtIn: ReadonlySet<string> = new Set(['merchant', 'merchants', 'person', 'receiver']);

/** The parts of an answer that a step can keep something of. */
const ANSWER = ['status', 'headers', 'body', 'callbacks'];

/**
 * What a schema cannot say: matchers, generated values and errors that exist, variables kept by an earlier step and used
 * by a later one, paths that can be read, calls left for each outcome. Looks only at what is there, so that it may follow
 * a structure with mistakes.
 */
export function checkMeaning(root: Located, path: string): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (at, message) => problems.push({ path, ...at, message });
  const parts = ['steps', 'outcomes', 'callbacks', 'shopper'];
  if (root.entries && !parts.some((part) => root.entries?.has(part))) {
    report(root.at, `a scenario needs one of ${parts.join(', ')}`);
  }
  checkShopper(root, report);
  checkOutcomes(root, report);
  checkConditions(root, report);
  checkCallbacks(root, report);
  checkActs(root, report);
  checkPaid(root, report);
  checkSteps(root, report);
  return problems;
}

/** The conditions of outcomes: a chosen scenario has no variables but those of its market. */
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
  const kept = new Kept();
  let misspelt = false;
  const unknown = (name: string) => {
    misspelt = true;
    return `no step before this one keeps "${name}"${didYouMean(name, variables)}`;
  };
  for (const step of steps) {
    const known = { variables, merchants, unknown };
    for (const [key, { node }] of step.entries ?? []) {
      if (key === 'title') continue;
      if (key === 'expect') checkExpected(node, known, report);
      else if (key === 'keep') checkKeep(node, report);
      else checkRequest(node, known, report);
      if (key !== 'keep') kept.use(node);
    }
    for (const [name, { key }] of entry(step, 'keep')?.entries ?? []) {
      // A name that cannot be one is told elsewhere.
      if (/^[A-Za-z_]\w*$/.test(name) && !builtIn.has(name)) kept.keep(name, key);
      variables.add(name);
    }
  }
  // A name that is misspelt where it is used is one mistake, not two.
  if (!misspelt) for (const { name, at } of kept.unused()) report(at, `"${name}" is kept and never used`);
}

/** Variables that steps keep, and whether a later step uses them before they are kept anew. */
class Kept {
  readonly #waiting = new Map<string, Position>();
  readonly #unused: { name: string; at: Position }[] = [];

  use(node: Located): void {
    if (typeof node.value === 'string') for (const name of variablesOf(node.value)) this.#waiting.delete(rootOf(name));
    for (const item of node.items ?? []) this.use(item);
    for (const { node: inner } of node.entries?.values() ?? []) this.use(inner);
  }

  keep(name: string, at: Position): void {
    const before = this.#waiting.get(name);
    if (before) this.#unused.push({ name, at: before });
    this.#waiting.set(name, at);
  }

  unused(): { name: string; at: Position }[] {
    return [...this.#unused, ...[...this.#waiting].map(([name, at]) => ({ name, at }))];
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
    // A variable may bring the argument in; what it brings is judged when the step is played.
    const variable = typeof argument.value === 'string' && key !== '$match' && variablesOf(argument.value).length > 0;
    const message = variable ? undefined : wrong(argument.value);
    if (message) report(argument.at, `${key} ${message}`);
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
      const start = `$.${text.replace(/^\$?\.?/, '').replace(/\W.*/s, '')}`;
      const hint = didYouMean(
        start,
        ANSWER.map((part) => `$.${part}`),
      );
      report(path.at, `${JSON.stringify(path.value)} is no path into the answer, such as $.body.session_id${hint}`);
    }
  }
}

/** What a schema of the file's form cannot say of the shopper: values that the control API refuses. */
export function checkShopper(root: Located, report: Report): void {
  const shopper = entry(root, 'shopper');
  if (!shopper?.entries) return;
  const violations = checkShape('sandbox', 'authorize_request', shopper.value)
    // The form of the file has named unknown keys already.
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

/** Where a field stands, or the nearest thing around it that is there. */
function placeOf(node: Located, path: readonly (string | number)[]): Located['at'] {
  let at = node;
  for (const segment of path) {
    const inner = at.items?.[Number(segment)] ?? entry(at, String(segment));
    if (!inner) break;
    at = inner;
  }
  return at.at;
}

/** What a schema cannot say of the shopper's steps: some acts have nothing to be said with them. */
export function checkActs(root: Located, report: Report): void {
  for (const { entries } of itemsOf(root, 'steps')) {
    const name = entries?.get('shopper')?.node.value;
    const said = entries?.get('with');
    if (!said || shopperActs.get(String(name))?.takes !== 'nothing') continue;
    report(said.key, `the shopper who does "${name}" has nothing "with" it`);
  }
}

/** What a schema cannot say of a step that expects a payment method: it is about something that is paid. */
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

/** What a schema cannot say of callbacks: one rule for each kind, nothing beside a callback that is dropped, one time to send it. */
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

/** The operations that create an order, and so have it checked for fraud. */
const ordering = ['createOrder', 'createCustomerTokenOrder'];

/** What an outcome may be: exactly one of these. */
const KINDS = ['error', 'fraud', 'fault'];
const KEYS = new Set(['on', 'calls', 'when', ...KINDS]);

const MAX_DELAY = 120_000;

/** What a schema cannot say of outcomes: errors that an operation has, calls that are left for an outcome. */
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
    // A name that no operation has is told by the schema.
    const operation = operations.get(String(entry(node, 'on')?.value));
    if (!operation) continue;
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
  // A misspelt key is an unknown one; that the outcome then lacks it needs no saying.
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
  const hint = elsewhere ? `; ${elsewhere.join(', ')} can` : didYouMean(code, own);
  report(node.at, `${name} cannot answer the error ${JSON.stringify(code)}${hint}`);
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

/** A condition on a field that the body does not have is never met. */
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

/** Which calls the outcomes before one take. */
class Taken {
  /** By operation and condition; outcomes under the same condition count the same calls. */
  readonly #tables = new Map<string, CallTable>();

  /** Lets an outcome have what is left of its calls; false when nothing is. */
  take(on: string, when: unknown, calls: Calls): boolean {
    const own = this.#table(`${on} ${JSON.stringify(when)}`);
    const left = own.hasRoom(calls) && (when === undefined || this.#hasLater(on, calls));
    own.add(calls, 0);
    return left;
  }

  /** The nth call that meets a condition may be any call from the nth on. */
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
