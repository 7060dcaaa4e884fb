import { readDelay, writeSeconds } from '../exchange/durations.js';
import type { ErrorName } from '../klarna/catalogue/errors.js';
import { itemsOf, type Located } from './located-value.js';
import { readCalls } from './plan.js';
import type { Calls, Delivery, DeliveryRule, Fault, FaultKind, Fraud, Outcome } from './scenario.js';
import { fillExpected } from './template.js';

type Fields = Record<string, unknown>;

/** The kinds of faults by their keys in a file, except `delay`, which may also stand beside the others. */
export const faultKeys: ReadonlyMap<string, FaultKind> = new Map([
  ['status', 'status'],
  ['429', 'status'],
  ['timeout', 'timeout'],
  ['close', 'close'],
  ['reset', 'reset'],
  ['garbage', 'garbage'],
  ['truncate', 'truncate'],
  ['empty', 'empty'],
]);

/** Makes the outcomes of a file without mistakes; `variables` are put into their `when`. */
export function buildOutcomes(root: Located, variables: Fields): Outcome[] {
  return itemsOf(root, 'outcomes').map(({ at, value }, index) => {
    const { on, calls, when, error, fraud, fault } = value as Fields;
    return {
      index,
      line: at.line,
      on: on as string,
      calls: readCalls(calls) as Calls,
      ...(when !== undefined && { when: fillExpected(when, { variables }) }),
      ...(error !== undefined && { error: error as ErrorName }),
      ...(fraud !== undefined && { fraud: fraud as Fraud }),
      ...(fault !== undefined && { fault: buildFault(fault as Fields) }),
    };
  });
}

function buildFault({ commit = false, delay, ...kinds }: Fields): Fault {
  const [key] = Object.keys(kinds);
  const kind = key === undefined ? 'delay' : (faultKeys.get(key) as FaultKind);
  return {
    commit: commit as boolean,
    kind,
    ...(kind === 'status' && { status: key === '429' ? 429 : (kinds.status as number) }),
    ...(delay !== undefined && { delay: readDelay(delay as string) }),
  };
}

/** Makes the delivery rules of a file without mistakes. */
export function buildCallbacks(root: Located): DeliveryRule[] {
  return itemsOf(root, 'callbacks').map(({ at, value }) => {
    const { on, delivery } = value as { on: DeliveryRule['on']; delivery: Fields };
    const named = Object.entries(delivery).map(([key, inner]) => [key.replaceAll('-', '_'), inner]);
    return { line: at.line, on, delivery: Object.fromEntries(named) as Delivery };
  });
}

/** Returns an outcome as it is written in a file, without `on`, `calls` and `when`. */
export function writeOutcome({
  error,
  fraud,
  fault,
}: Outcome): { error: string } | { fraud: Fraud } | { fault: object } {
  if (error !== undefined) return { error };
  return fraud ? { fraud } : { fault: writeFault(fault as Fault) };
}

function writeFault({ commit, kind, status, delay }: Fault): object {
  return {
    ...(commit && { commit }),
    ...(kind !== 'delay' && { [kind]: status ?? true }),
    ...(delay !== undefined && { delay: writeSeconds(delay) }),
  };
}
