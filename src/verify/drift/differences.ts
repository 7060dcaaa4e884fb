import type { Target } from '../../client/target.js';
import { judgedHeaders } from '../../contract/answers.js';
import type { Operation } from '../../contract/operations.js';
import type { RecordedAnswer, RecordedExchange, Unjudged } from '../../exchange/recorded.js';
import { type Check, type Finding, finding, type Place, type SeenExchange } from '../../report/finding.js';
import { shorten } from '../../report/text.js';
import { compareAnswers, type Difference } from '../recordings/compare.js';

/** One of the two sides of a comparison: a target, or a recording of one. */
export type Side = TargetSide | RecordingSide;

/** A target as a side. */
export interface TargetSide {
  kind: 'target';
  /** Its name in findings, without port and credentials. */
  name: string;
  target: Target;
  sandbox: boolean;
  /** Waited for before each request. */
  before?: () => Promise<void>;
}

/** A recording as a side. */
export interface RecordingSide {
  kind: 'recording';
  name: string;
  exchanges: readonly RecordedExchange[];
  /** The parts of the file that are no exchange. */
  unjudged: readonly Unjudged[];
}

/** The answers of both sides to the same request. */
export interface Pair {
  operation: Operation;
  /** The request in words. */
  what: string;
  answers: readonly [RecordedAnswer, RecordedAnswer];
  where: Place;
  /** Returns the exchanges of both as reports show them. */
  seen(): readonly SeenExchange[];
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

/** Returns the severity of a difference: only the messages of a refusal may change without a shop noticing. */
const severityOf = (kind: string): Check['severity'] => (kind === 'message' ? 'warning' : 'violation');

/** The checks of a comparison. */
export const driftChecks: Check[] = Object.entries(titles).map(([kind, title]) => ({
  id: `drift/${kind}`,
  severity: severityOf(kind),
  title,
}));

/** Returns the differences of two answers to one request, but for values, which differ with ids and clocks. */
export function differencesOf(
  { operation, what, answers, where }: Omit<Pair, 'seen'>,
  sides: readonly [Side, Side],
): Finding[] {
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

/** Returns the headers of the contract that only the second side sends. */
function extraHeaders(first: RecordedAnswer, second: RecordedAnswer, headers: readonly string[]): Difference[] {
  if (first.status !== second.status) return [];
  return compareAnswers(second, first, { headers, values: false })
    .filter(({ kind, got }) => kind === 'header' && got === undefined)
    .map((difference) => ({ ...difference, expected: difference.got, got: difference.expected }));
}

/** Tells if a difference is not judged: a recording without a header may have lost it. */
function isLeftOut({ kind, expected, got }: Difference, [first, second]: readonly [Side, Side]): boolean {
  if (kind !== 'header') return false;
  return (expected === undefined && first.kind === 'recording') || (got === undefined && second.kind === 'recording');
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : shorten(value, 200));
