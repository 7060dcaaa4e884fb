import { type Call, intentOf } from '../../exchange/call.js';
import { groupBy, upsert } from '../../exchange/fields.js';
import { isRepeatable } from '../../klarna/catalogue/errors.js';
import { DAY } from '../../klarna/time.js';
import type { History } from '../history.js';
import type { Practice } from './practice.js';

const policy = 'Klarna: escalation and retry policy';

/** The operations that take money or give it back again at every request. */
const notRepeatable = new Set(['createCustomerTokenOrder', 'captureOrder', 'refundOrder']);

const howItFailed = ({ status }: Call): string =>
  status === 0 ? 'got no answer' : status < 300 ? `got a ${status} that cannot be read` : `failed with ${status}`;

const known = new WeakMap<History, Call[][]>();

/**
 * Returns calls grouped by intent, oldest first within each group: those of the subjects with which not all went well, since
 * only these may have been tried again. Grouped once, since each check asks for them.
 */
const byIntent = (history: History): Call[][] =>
  upsert(known, history, () => {
    const troubled = new Set(history.calls.filter(({ result }) => result !== 'done').map(subjectOf));
    const calls = troubled.size === 0 ? [] : history.calls.filter((call) => troubled.has(subjectOf(call)));
    return [...groupBy(calls, intentOf).values()];
  });

/** Returns operation and ids of a call in one text, which calls of one intent have in common. */
const subjectOf = ({ operation, params }: Call): string => `${operation.name} ${Object.values(params)}`;

/** Returns each call with the next one of the same intent. */
const repeated = (history: History): { call: Call; next: Call }[] =>
  byIntent(history).flatMap((group) => group.slice(1).map((next, index) => ({ call: group[index] as Call, next })));

/** Makes a look-up of the calls whose paths share an id with a call. */
function byId(calls: Iterable<Call>): (call: Call) => Call[] {
  const lists = new Map<unknown, Call[]>();
  for (const call of calls) {
    for (const id of Object.values(call.params)) upsert(lists, id, () => []).push(call);
  }
  return ({ params }) => Object.values(params).flatMap((id) => lists.get(id) ?? []);
}

/** Returns the failed calls that were not retried within a day, and whose subject the shop did not read afterwards. */
function givenUp(history: History): Call[] {
  if (byIntent(history).length === 0) return [];
  const reads = byId(history.calls.filter(({ operation, result }) => operation.method === 'GET' && result === 'done'));
  const idOf = ({ key, operation }: Call) => `${operation.name} ${key}`;
  const keyed = groupBy(history.calls, idOf);
  return byIntent(history).flatMap((group) =>
    group.filter(
      (call) =>
        call.result === 'failed' &&
        !group.some((other) => other !== call && Math.abs(other.at - call.at) < DAY) &&
        // A call with the same key is a retry, even with another body.
        (call.key === undefined || keyed.get(idOf(call))?.length === 1) &&
        !reads(call).some(({ number }) => number > call.number),
    ),
  );
}

/** Makes a test whether, between a call and its retry, its subject was changed or the clock was moved. */
function changes({ all }: History): (call: Call, next: Call) => boolean {
  const done = all.filter(({ operation, result }) => operation.method !== 'GET' && result === 'done');
  const related = byId(done);
  const moved = done.filter(({ operation }) => operation.name === 'setClock' || operation.name === 'advanceClock');
  return (call, next) =>
    [...related(call), ...moved].some(({ number }) => number > call.number && number < next.number);
}

/** The practices for failed and refused requests. */
export const retries: Practice[] = [
  {
    id: 'practice/failure-not-retried',
    severity: 'warning',
    says: 'A request that failed or got no answer is tried again.',
    why: 'After a 429, a 5xx or a time-out nobody knows what was done. The check takes it for retried when the same request came again, or the shop read afterwards what had become of it.',
    evidence: 'docs',
    source: policy,
    check: (history) =>
      givenUp(history).map((call) => ({
        call,
        identity: String(call.status),
        message: `${call.operation.name} ${howItFailed(call)} and was not tried again; repeat it with the same body and key, or read what became of it`,
      })),
  },
  {
    id: 'practice/retried-without-key',
    severity: 'violation',
    says: 'What is tried again is tried with the key of the first time.',
    why: 'The first request may have been carried out although its answer was lost: without the same key the shopper is charged, or the money moved, twice. A repetition within a day of the failure is taken for a retry.',
    evidence: 'docs',
    source: policy,
    check: (history) =>
      repeated(history).flatMap(({ call, next }) => {
        if (call.result !== 'failed' || call.status === 429 || !notRepeatable.has(call.operation.name)) return [];
        if (call.key !== undefined && call.key === next.key) return [];
        if (next.at >= call.at + DAY) return [];
        const how = call.key && next.key ? 'with another key' : 'without a key';
        return [
          {
            call: next,
            path: '$.headers.klarna-idempotency-key',
            message: `${next.operation.name} repeats exchange ${call.number}, which ${howItFailed(call)}, ${how}: if that was carried out, this does it twice; send the same Klarna-Idempotency-Key`,
          },
        ];
      }),
  },
  {
    id: 'practice/refusal-retried',
    severity: 'warning',
    says: 'A request that was refused is not sent again as it is.',
    why: 'A 4xx other than 429 says that the request must change: the same one gets the same answer. Reading again is no retry, nor is a charge that the payment method refused, nor a request before which something changed.',
    evidence: 'inferred',
    source: 'what a 4xx means in HTTP',
    check: (history) => {
      const all = repeated(history);
      if (all.length === 0) return [];
      const changed = changes(history);
      return all.flatMap(({ call, next }) => {
        if (call.result !== 'refused' || call.operation.method === 'GET') return [];
        const { status, code = '' } = call;
        if (isRepeatable(code) || changed(call, next)) return [];
        const refusal = `${status} ${code}`.trim();
        return [
          {
            call: next,
            identity: refusal,
            message: `${next.operation.name} repeats exchange ${call.number} as it was, which was refused with ${refusal}; change the request, or stop`,
          },
        ];
      });
    },
  },
];
