import {
  type Api,
  apis,
  documentOf,
  type Operation,
  operations,
  propertiesOf,
  resolve,
  type Schema,
} from '../contract/operations.js';
import type { Call } from '../exchange/call.js';
import { textOf, upsert } from '../exchange/fields.js';
import { errorsOf } from '../klarna/catalogue/errors.js';
import { ruleOf } from '../klarna/catalogue/rules.js';
import { NEVER_TAKEN, orderMoves } from '../klarna/orders/life-cycle.js';
import { tokenMoves } from '../klarna/tokens/customer-tokens.js';
import { type Coverage, type CoverageCell, type CoveredApi, nameOf } from '../report/coverage.js';
import type { History, Step } from './history.js';
import { reachable } from './reach-table.js';

/** The fields that identify a cell among those of its operation. */
export type CellKey = Pick<CoverageCell, 'operation' | 'status' | 'code' | 'transition' | 'outcome'>;

/** Returns a cell's key as one text. */
export const keyOf = (cell: CellKey): string => `${cell.operation} ${nameOf(cell)}`;

/** Returns the changes of status that an operation can make, as `before -> after`; undefined when it makes none. */
const transitions = ({ name }: Operation): string[] | undefined =>
  (orderMoves[name] ?? tokenMoves[name])?.map((move) => move.join(' -> '));

/** The outcomes of a refund: part or all of the captured amount is given back. */
export const REFUNDS = { part: 'a part is refunded', all: 'all is refunded' } as const;

/** The fields of an answer each value of which is an outcome of its own. */
export const TOLD = ['status', 'fraud_status'] as const;

/** Returns the outcomes that differ by a field of the answer: `fraud_status PENDING`, `status CANCELLED`. */
function outcomesByField({ api }: Operation, pointer: string | undefined): string[] {
  if (pointer === undefined) return [];
  const document = documentOf(api);
  const properties = propertiesOf(document, resolve<Schema>(document, pointer));
  const field = TOLD.find((name) => name in properties);
  if (!field) return [];
  let { enum: values, $ref } = properties[field] as Schema;
  if (!values && $ref) values = resolve<Schema>(document, $ref).enum;
  return (values ?? []).filter((value) => value !== NEVER_TAKEN).map((value) => `${field} ${value}`);
}

function successes(operation: Operation): CellKey[] {
  return [...operation.answers.values()]
    .filter(({ status }) => status < 300)
    .flatMap(({ status, schema }): CellKey[] => {
      const cell = { operation: operation.name, status };
      const moves = transitions(operation);
      if (moves) return moves.map((transition) => ({ ...cell, transition }));
      if (operation.name === 'refundOrder') return Object.values(REFUNDS).map((outcome) => ({ ...cell, outcome }));
      const outcomes = outcomesByField(operation, schema);
      return outcomes.length > 0 ? outcomes.map((outcome) => ({ ...cell, outcome })) : [cell];
    });
}

/** Returns the errors of an operation, without those that only a mistake in the shop's program brings about. */
function refusals({ name, api, answers }: Operation): CellKey[] {
  return errorsOf(name, api)
    .filter(([, { status, slip }]) => answers.has(status) && !slip)
    .map(([, { status, code }]) => ({ operation: name, status, ...(hasBody(api, status) && { code }) }));
}

/**
 * Tells whether an error has a JSON body. The gateway's 401 is a page, and a 429 is empty except in Order Management
 * (recorded, docs).
 */
const hasBody = (api: Operation['api'], status: number): boolean =>
  status !== 401 && (status !== 429 || api === 'order-management');

const known = new Map<string, CellKey[]>();

/** Returns all cells of an operation: its successes, the errors that it can answer, and no answer (status 0). */
export function cellsOf(operation: Operation): readonly CellKey[] {
  let cells = known.get(operation.name);
  if (!cells) {
    const all = [...successes(operation), ...refusals(operation), { operation: operation.name, status: 0 }];
    // Some errors of Klarna have the same status and code, and differ only in their messages.
    cells = [...new Map(all.map((cell) => [keyOf(cell), cell])).values()];
    known.set(operation.name, cells);
  }
  return cells;
}

/** The calls that fall into one cell. */
interface Met {
  key: CellKey;
  calls: number;
  /** Number of those that a scenario scripted, and of those with which it meddled on the wire. */
  scripted: number;
  faults: number;
}

/** Number of calls that are counted in a step. */
const STEP = 1_000;

/**
 * Counts which of the possible answers of its operations a shop has met. A success that a scenario changed or delayed
 * on the wire does not count, since it does not prove the ordinary path. An error counts whatever caused it.
 */
export class CoverageCount {
  readonly #met = new Map<string, Met>();
  readonly #called = new Set<Operation>();

  /** Takes the calls of a history, in steps; it is not kept. */
  *add(history: History): Generator<void, void, undefined> {
    const steps = stepsOf(history);
    for (const [index, call] of history.calls.entries()) {
      if (index % STEP === 0) yield;
      this.#called.add(call.operation);
      const key = cellOf(call, steps.get(call));
      const met = upsert(this.#met, keyOf(key), () => ({ key, calls: 0, scripted: 0, faults: 0 }));
      met.calls++;
      if (ruleOf(call.rule)?.cause === 'script') met.scripted++;
      if (call.rule === 'scenario-fault') met.faults++;
    }
  }

  get coverage(): Required<Coverage> {
    const called = this.#called;
    const cells = [...called].flatMap((operation) => cellsOf(operation));
    const names = new Set(cells.map(keyOf));
    const others = [...this.#met.values()].filter(({ key }) => !names.has(keyOf(key)));
    const judgedCells = cells.map((key) => judged(key, this.#met.get(keyOf(key))));
    return {
      apis: apis.filter((api) => api !== 'sandbox').map((api) => coveredApi(api, called, judgedCells)),
      cells: judgedCells,
      others: others.map(({ key, calls }) => ({ ...key, met: calls, counts: false, why: whyUnexpected(key) })),
      unused: [...operations.values()]
        .filter((operation) => operation.api !== 'sandbox' && !called.has(operation))
        .map((operation) => ({
          operation: operation.name,
          api: titleOf(operation.api),
          ...reachOf(firstOf(operation)),
        })),
    };
  }
}

const titleOf = (api: Api): string => documentOf(api).info.title;

/** Returns how much of one API the shop has met. */
function coveredApi(api: Api, operations: ReadonlySet<Operation>, all: readonly CoverageCell[]): CoveredApi {
  const called = [...operations].filter((operation) => operation.api === api).map(({ name }) => name);
  const cells = all.filter(({ operation }) => called.includes(operation));
  const counting = cells.filter(({ counts }) => counts).length;
  const percent = cells.length === 0 ? 0 : Math.floor((100 * counting) / cells.length);
  return { name: titleOf(api), called, cells: cells.length, counting, percent };
}

const firstOf = (operation: Operation): CellKey => cellsOf(operation)[0] as CellKey;

/** Returns the scenario that leads to a cell, if there is one. */
function reachOf(key: CellKey): { reach?: string } {
  const reach = reachable[keyOf(key)];
  return reach === undefined ? {} : { reach };
}

/** Returns the step of each call that is about an order. */
function stepsOf(history: History): Map<Call, Step> {
  return new Map([...history.orders.values()].flatMap(({ steps }) => steps.map((step) => [step.call, step] as const)));
}

const told = new Map<string, (typeof TOLD)[number] | null>();

/** Returns the field of an operation's answer whose values are outcomes of their own; null where none is. */
const toldBy = (operation: Operation): (typeof TOLD)[number] | null =>
  upsert(
    told,
    operation.name,
    () => TOLD.find((name) => cellsOf(operation).some(({ outcome }) => outcome?.startsWith(`${name} `))) ?? null,
  );

function cellOf(call: Call, step: Step | undefined): CellKey {
  const { operation, status, code } = call;
  const key = { operation: operation.name, status };
  if (status === 0 || status >= 400) return { ...key, code };
  if (call.result === 'failed') return { ...key, outcome: 'an answer that cannot be read' };
  if (operation.name in tokenMoves) return { ...key, transition: cellsOf(operation)[0]?.transition };
  if (operation.name in orderMoves) {
    return { ...key, transition: `${step?.before ?? 'unknown'} -> ${step?.after ?? 'unknown'}` };
  }
  if (operation.name === 'refundOrder' && step)
    return { ...key, outcome: step.refundable > 0 ? REFUNDS.part : REFUNDS.all };
  const field = toldBy(operation);
  return field ? { ...key, outcome: `${field} ${textOf(call.answer[field]) ?? 'not told'}` } : key;
}

/** Returns a cell with the number of its calls, and whether it counts and why. */
function judged(key: CellKey, { calls, scripted, faults }: Partial<Met> = {}): CoverageCell {
  const cell = { ...key, met: calls ?? 0 };
  const reach = reachOf(key);
  if (calls === undefined) return { ...cell, counts: false, why: 'never met', ...reach };
  if (key.status >= 200 && key.status < 300 && faults === calls) {
    const why = 'met only where a scenario meddled with the answer on the wire, which does not prove the ordinary path';
    return { ...cell, counts: false, why, ...reach };
  }
  return { ...cell, counts: true, ...(scripted === calls && { why: 'met because a scenario scripts it' }) };
}

function whyUnexpected({ transition, status }: CellKey): string {
  if (transition?.includes('unknown')) return 'how far the order had come, the journal does not tell';
  if (transition !== undefined) return 'nothing changed';
  return status >= 400 ? 'a mistake of the shop, which nobody need have met' : 'no answer of the contract';
}
