import { bodyFields, type Operation, operations } from '../contract/operations.js';
import { type ErrorEntry, errors } from '../klarna/errors.js';
import { CallTable, readCalls } from './calls.js';
import type { Report } from './check.js';
import { entry, itemsOf, type Located } from './located.js';
import type { Calls } from './outcome.js';
import { faultKeys, readDelay } from './outcomes.js';
import { didYouMean, type Position } from './problem.js';

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
