import { documentOf, type Operation, propertiesOf, resolve, type Schema } from '../contract/operations.js';
import { nameOf } from '../findings/cells.js';
import type { CoverageCell } from '../findings/coverage.js';
import { type ErrorEntry, errors } from '../klarna/errors.js';

/** What tells a cell from the others of its operation. */
export type CellKey = Pick<CoverageCell, 'operation' | 'status' | 'code' | 'transition' | 'outcome'>;

/** A cell's key as one text. */
export const keyOf = (cell: CellKey): string => `${cell.operation} ${nameOf(cell)}`;

/** What a success of an operation makes of its order or token. */
const transitions: Record<string, readonly string[]> = {
  captureOrder: [
    'AUTHORIZED -> PART_CAPTURED',
    'AUTHORIZED -> CAPTURED',
    'PART_CAPTURED -> PART_CAPTURED',
    'PART_CAPTURED -> CAPTURED',
  ],
  cancelOrder: ['AUTHORIZED -> CANCELLED'],
  releaseRemainingAuthorization: ['PART_CAPTURED -> CAPTURED'],
  updateCustomerTokenStatus: ['ACTIVE -> CANCELLED'],
};

/** Refunds by what they leave of the captured amount. */
export const REFUNDS = { part: 'a part is refunded', all: 'all is refunded' } as const;

/** A word of Klarna's document that no order of the sandbox ever has. */
const neverSaid = new Set<unknown>(['CLOSED']);

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
  return (words ?? []).filter((word) => !neverSaid.has(word)).map((word) => `${field} ${word}`);
}

function successes(operation: Operation): CellKey[] {
  return [...operation.answers.values()]
    .filter(({ status }) => status < 300)
    .flatMap(({ status, schema }): CellKey[] => {
      const cell = { operation: operation.name, status };
      const moves = transitions[operation.name];
      if (moves) return moves.map((transition) => ({ ...cell, transition }));
      if (operation.name === 'refundOrder') return Object.values(REFUNDS).map((outcome) => ({ ...cell, outcome }));
      const told = toldOutcomes(operation, schema);
      return told.length > 0 ? told.map((outcome) => ({ ...cell, outcome })) : [cell];
    });
}

/** Errors that only a mistake in the shop's own program brings about: nobody need have met them. */
const slips = new Set([
  'BAD_REQUEST',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'REQUEST_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
]);

/** Order Management has its own words for these. */
const ofOtherApis = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'BAD_VALUE']);

function refusals({ name, api, answers }: Operation): CellKey[] {
  return Object.entries<ErrorEntry>(errors)
    .filter(([error, { status, operations }]) => {
      if (!answers.has(status)) return false;
      if (operations) return operations.includes(name);
      return !slips.has(error) && !(api === 'order-management' && ofOtherApis.has(error));
    })
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
