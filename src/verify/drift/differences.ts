import type { Target } from '../../client/target.js';
import { judgedHeaders } from '../../contract/answers.js';
import type { Operation } from '../../contract/operations.js';
import type { RecordedExchange, Unjudged } from '../../exchange/recorded.js';
import { type Check, type Finding, finding, type Place } from '../../report/finding.js';
import { shorten } from '../../report/text.js';
import { type Compared, compareAnswers, type Difference } from '../recordings/compare.js';

/** One of two that are compared: a target that can be asked, or a recording of one. */
export type Side = TargetSide | RecordingSide;

export interface TargetSide {
  kind: 'target';
  /** As findings name it: no port, no credentials. */
  name: string;
  target: Target;
  sandbox: boolean;
  /** Waited for before each request. */
  before?: () => Promise<void>;
}

export interface RecordingSide {
  kind: 'recording';
  name: string;
  exchanges: readonly RecordedExchange[];
  /** What of the file is no exchange. */
  unjudged: readonly Unjudged[];
}

/** The answers of both sides to the same request. */
export interface Pair {
  operation: Operation;
  /** Which request it is, in words. */
  what: string;
  answers: readonly [Compared, Compared];
  where: Place;
}

const titles: Readonly<Record<Exclude<Difference['kind'], 'value'> | 'expectation', string>> = {
  status: 'Both answer with the same status',
  'error-code': 'Both refuse with the same error code',
  'fields-named': 'Both name the same fields',
  message: 'Both refuse in the same words',
  'missing-key': 'The second leaves out no field of the first',
  'extra-key': 'The second has no field beside those of the first',
  type: 'Values are of the same type',
  header: 'Both send the same headers',
  expectation: 'Both are as the case expects, or neither is',
};

/** Only the words of a refusal may change without a shop noticing. */
const severityOf = (kind: string): Check['severity'] => (kind === 'message' ? 'warning' : 'violation');

/** What is looked for between two sides. */
export const driftChecks: Check[] = Object.entries(titles).map(([kind, title]) => ({
  id: `drift/${kind}`,
  severity: severityOf(kind),
  title,
}));

/** In what two answers to one request differ, but for values, which differ with ids and clocks. */
export function differencesOf({ operation, what, answers, where }: Pair, sides: readonly [Side, Side]): Finding[] {
  const [first, second] = answers;
  const answer = operation.answers.get(first.status);
  const headers = answer ? judgedHeaders(answer) : [];
  const all = [...compareAnswers(first, second, { headers, values: false }), ...extraHeaders(first, second, headers)];
  return all
    .filter((difference) => !isLeftOut(difference, sides))
    .map(({ kind, path, expected, got }) =>
      finding({
        check: `drift/${kind}`,
        severity: severityOf(kind),
        operation: operation.name,
        message: `${what}: ${path} is ${shown(expected)} of ${sides[0].name}, ${shown(got)} of ${sides[1].name}`,
        path,
        expected,
        got,
        where,
      }),
    );
}

/** Headers of the contract that only the second sends. */
function extraHeaders(first: Compared, second: Compared, headers: readonly string[]): Difference[] {
  if (first.status !== second.status) return [];
  return compareAnswers(second, first, { headers, values: false })
    .filter(({ kind, got }) => kind === 'header' && got === undefined)
    .map((difference) => ({ ...difference, expected: difference.got, got: difference.expected }));
}

/** Recorders keep few headers: one that a recording does not have may have been there. */
function isLeftOut({ kind, expected, got }: Difference, [first, second]: readonly [Side, Side]): boolean {
  if (kind !== 'header') return false;
  return (expected === undefined && first.kind === 'recording') || (got === undefined && second.kind === 'recording');
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : shorten(value, 200));
