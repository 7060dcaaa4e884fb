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
import { textOf } from '../exchange/fields.js';
import { errorsOf } from '../klarna/catalogue/errors.js';
import { ruleOf } from '../klarna/catalogue/rules.js';
import { NEVER_TAKEN, orderMoves } from '../klarna/orders/life-cycle.js';
import { tokenMoves } from '../klarna/tokens/customer-tokens.js';
import { type Coverage, type CoverageCell, type CoveredApi, nameOf } from '../report/coverage.js';
import type { History, Step } from './history.js';
import { reachable } from './reach-table.js';

/** What tells a cell from the others of its operation. */
export type CellKey = Pick<CoverageCell, 'operation' | 'status' | 'code' | 'transition' | 'outcome'>;

/** A cell's key as one text. */
export const keyOf = (cell: CellKey): string => `${cell.operation} ${nameOf(cell)}`;

/** What the success of an operation makes of its order or token, where that tells it from others. */
const transitions = ({ name }: Operation): string[] | undefined =>
  (orderMoves[name] ?? tokenMoves[name])?.map((move) => move.join(' -> '));

/** Refunds by what they leave of the captured amount. */
export const REFUNDS = { part: 'a part is refunded', all: 'all is refunded' } as const;

/** The fields of an answer whose words are outcomes of their own. */
export const TOLD = ['status', 'fraud_status'] as const;

/** The outcomes that the answer's own words tell apart: `fraud_status PENDING`, `status CANCELLED`. */
function toldOutcomes({ api }: Operation, pointer: string | undefined): string[] {
  if (pointer === undefined) return [];
  const document = documentOf(api);
  const properties = propertiesOf(document, resolve<Schema>(document, pointer));
  const field = TOLD.find((name) => name in properties);
  if (!field) return [];
  let { enum: words, $ref } = properties[field] as Schema;
  if (!words && $ref) words = resolve<Schema>(document, $ref).enum;
  return (words ?? []).filter((word) => word !== NEVER_TAKEN).map((word) => `${field} ${word}`);
}

function successes(operation: Operation): CellKey[] {
  return [...operation.answers.values()]
    .filter(({ status }) => status < 300)
    .flatMap(({ status, schema }): CellKey[] => {
      const cell = { operation: operation.name, status };
      const moves = transitions(operation);
      if (moves) return moves.map((transition) => ({ ...cell, transition }));
      if (operation.name === 'refundOrder') return Object.values(REFUNDS).map((outcome) => ({ ...cell, outcome }));
      const told = toldOutcomes(operation, schema);
      return told.length > 0 ? told.map((outcome) => ({ ...cell, outcome })) : [cell];
    });
}

/** The errors of an operation, but for those that nobody need have met. */
function refusals({ name, api, answers }: Operation): CellKey[] {
  return errorsOf(name, api)
    .filter(([, { status, slip }]) => answers.has(status) && !slip)
    .map(([, { status, code }]) => ({ operation: name, status, ...(hasBody(api, status) && { code }) }));
}

/** The gateway's 401 is a page, and a 429 is empty but for Order Management's (recorded, docs). */
const hasBody = (api: Operation['api'], status: number): boolean =>
  status !== 401 && (status !== 429 || api === 'order-management');

const known = new Map<string, CellKey[]>();

/** Everything that can come of an operation: its successes, the errors it can answer, and no answer. */
export function cellsOf(operation: Operation): readonly CellKey[] {
  let cells = known.get(operation.name);
  if (!cells) {
    const all = [...successes(operation), ...refusals(operation), { operation: operation.name, status: 0 }];
    // Klarna has errors that differ in their words alone.
    cells = [...new Map(all.map((cell) => [keyOf(cell), cell])).values()];
    known.set(operation.name, cells);
  }
  return cells;
}

/** The exchanges of one cell. */
interface Met {
  key: CellKey;
  calls: Call[];
}

/**
 * What a shop has met of what the operations it calls can answer. A success that a scenario bent or held back on the wire
 * does not prove the ordinary path; an error proves that the shop has met it, whoever brought it about.
 */
export function coverageOf(histories: readonly History[]): Required<Coverage> {
  const steps = stepsOf(histories);
  const calls = histories.flatMap((history) => history.calls);
  const met = new Map<string, Met>();
  for (const call of calls) {
    const key = cellOf(call, steps.get(call));
    const name = keyOf(key);
    const known = met.get(name);
    if (known) known.calls.push(call);
    else met.set(name, { key, calls: [call] });
  }
  const called = new Set(calls.map(({ operation }) => operation));
  const cells = [...called].flatMap((operation) => cellsOf(operation));
  const names = new Set(cells.map(keyOf));
  const others = [...met.values()].filter(({ key }) => !names.has(keyOf(key)));
  const judgedCells = cells.map((key) => judged(key, met.get(keyOf(key))?.calls ?? []));
  return {
    apis: apis.filter((api) => api !== 'sandbox').map((api) => coveredApi(api, called, judgedCells)),
    cells: judgedCells,
    others: others.map(({ key, calls: own }) => ({ ...key, met: own.length, counts: false, why: whyUnexpected(key) })),
    unused: [...operations.values()]
      .filter((operation) => operation.api !== 'sandbox' && !called.has(operation))
      .map((operation) => ({
        operation: operation.name,
        api: titleOf(operation.api),
        ...reachOf(firstOf(operation)),
      })),
  };
}

const titleOf = (api: Api): string => documentOf(api).info.title;

/** How much of an API the shop has met. */
function coveredApi(api: Api, operations: ReadonlySet<Operation>, all: readonly CoverageCell[]): CoveredApi {
  const called = [...operations].filter((operation) => operation.api === api).map(({ name }) => name);
  const cells = all.filter(({ operation }) => called.includes(operation));
  const counting = cells.filter(({ counts }) => counts).length;
  const percent = cells.length === 0 ? 0 : Math.floor((100 * counting) / cells.length);
  return { name: titleOf(api), called, cells: cells.length, counting, percent };
}

const firstOf = (operation: Operation): CellKey => cellsOf(operation)[0] as CellKey;

/** The scenario that leads to a cell, where one does. */
function reachOf(key: CellKey): { reach?: string } {
  const reach = reachable[keyOf(key)];
  return reach === undefined ? {} : { reach };
}

/** What each call made of its order. */
function stepsOf(histories: readonly History[]): Map<Call, Step> {
  const orders = histories.flatMap((history) => [...history.orders.values()]);
  return new Map(orders.flatMap(({ steps }) => steps.map((step) => [step.call, step] as const)));
}

function cellOf(call: Call, step: Step | undefined): CellKey {
  const { operation, status, code } = call;
  const key = { operation: operation.name, status };
  if (status === 0 || status >= 400) return { ...key, code };
  if (call.result === 'failed') return { ...key, outcome: 'an answer that cannot be read' };
  const cells = cellsOf(operation);
  if (operation.name in tokenMoves) return { ...key, transition: cells[0]?.transition };
  if (operation.name in orderMoves) {
    return { ...key, transition: `${step?.before ?? 'unknown'} -> ${step?.after ?? 'unknown'}` };
  }
  if (operation.name === 'refundOrder' && step)
    return { ...key, outcome: step.refundable > 0 ? REFUNDS.part : REFUNDS.all };
  const told = TOLD.find((field) => cells.some(({ outcome }) => outcome?.startsWith(`${field} `)));
  return told ? { ...key, outcome: `${told} ${textOf(call.answer[told]) ?? 'not told'}` } : key;
}

/** Why a cell counts or does not. */
function judged(key: CellKey, calls: readonly Call[]): CoverageCell {
  const cell = { ...key, met: calls.length };
  const reach = reachOf(key);
  if (calls.length === 0) return { ...cell, counts: false, why: 'never met', ...reach };
  const rules = calls.map(({ rule }) => rule);
  if (key.status >= 200 && key.status < 300 && rules.every((rule) => rule === 'scenario-fault')) {
    const why = 'met only where a scenario meddled with the answer on the wire, which does not prove the ordinary path';
    return { ...cell, counts: false, why, ...reach };
  }
  const scripted = rules.every((rule) => ruleOf(rule)?.cause === 'script');
  return { ...cell, counts: true, ...(scripted && { why: 'met because a scenario scripts it' }) };
}

function whyUnexpected({ transition, status }: CellKey): string {
  if (transition?.includes('unknown')) return 'how far the order had come, the journal does not tell';
  if (transition !== undefined) return 'nothing changed';
  return status >= 400 ? 'a mistake of the shop, which nobody need have met' : 'no answer of the contract';
}
