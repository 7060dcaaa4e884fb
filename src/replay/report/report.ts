import { describeOutcome } from '../../scenario/describe.js';
import type { Outcome } from '../../scenario/scenario.js';
import { version } from '../../version.js';
import type { Arrival } from '../receiver.js';
import type { PaymentMethod } from '../result.js';
import { hasFailed, type OutcomeProgress, type ScenarioResult, type StepResult, type Warning } from '../result.js';
import { complaints, count, renderVerdict, type Totals } from '../verdict.js';
import { type Actor, actorOf, deed, type Fields, isFields, tokenizedMethod } from '../words.js';
import { type PlacedCallback, placeCallbacks } from './callbacks.js';

export interface ReportedStep {
  number: number;
  line: number;
  title?: string;
  /** What is done, in words. */
  deed: string;
  actor: Actor;
  operation: string;
  /** Another merchant than the scenario's own. */
  as?: string;
  /** How often the same request was sent, if more than once. */
  times?: number;
  /** What the merchant's clock showed. */
  clock?: string;
  request?: { method: string; path: string; headers: Record<string, string>; body?: unknown };
  answer?: { status: number; location?: string; explanation?: string; body?: unknown; callbacks?: Arrival[] };
  tokenized?: string;
  /** How the order or customer token is paid that the step is about. */
  payment_method?: PaymentMethod;
  /** What was expected and could not be judged. */
  unjudged?: string;
  /** `got` is absent where there was nothing. */
  mismatches: { path: string; expected: unknown; got?: unknown }[];
  /** Why there is no answer to judge. */
  trouble?: string;
  /** What was wrong, one line each. */
  complaints: string[];
}

export interface ReportedScenario {
  name: string;
  title: string;
  file: string;
  evidence: string;
  source?: string;
  tags: string[];
  merchant: string;
  result: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or could not be begun. */
  reason?: string;
  /** What of it tested nothing, by the line of its file. */
  warnings: Warning[];
  /** The result as the command prints it. */
  verdict: string;
  /** How many steps it has. */
  of: number;
  /** Those that were played. */
  steps: ReportedStep[];
  /** The attempts to deliver callbacks to its merchant, oldest first. */
  callbacks: PlacedCallback[];
  /** What the scenario scripts, and how often that happened. */
  outcomes: ReportedOutcome[];
}

export interface ReportedOutcome extends Pick<OutcomeProgress, 'line' | 'matched' | 'hits'> {
  /** What it does, in words. */
  what: string;
}

/** What came of a replay, as plain data: the JSON report, and what the others are made from. */
export interface Report {
  mock_klarna: string;
  totals: Totals;
  scenarios: ReportedScenario[];
}

/** A host name that says nothing of where a sandbox ran. Kept free for tests by RFC 6761. */
export const ANY_HOST = 'klarna.test';

/**
 * The report of a replay: no wall time, and with `sandbox`, the URL of the one it was played on, no host and no port.
 * @param chosen how many scenarios were to be played
 */
export function makeReport(results: readonly ScenarioResult[], chosen: number, sandbox?: string): Report {
  const report = {
    mock_klarna: version,
    totals: count(results, chosen),
    scenarios: results.map(reportScenario),
  };
  const text = JSON.stringify(report);
  if (sandbox === undefined) return JSON.parse(text);
  // What a URL's host is made of stands in JSON as it is.
  const { host } = new URL(sandbox);
  return JSON.parse(text.replaceAll(sandbox, `http://${ANY_HOST}`).replaceAll(host, ANY_HOST));
}

function reportScenario(result: ScenarioResult): ReportedScenario {
  const { scenario, merchant, passed, skipped, trouble, steps, outcomes = [], warnings = [] } = result;
  const { name, title, path, evidence, source, tags } = scenario;
  return {
    name,
    title,
    file: path,
    evidence,
    source,
    tags,
    merchant,
    result: passed ? 'passed' : hasFailed(result) ? 'failed' : 'skipped',
    reason: skipped ?? trouble,
    warnings,
    verdict: renderVerdict(result),
    of: scenario.steps.length,
    steps: withTokenized(steps).map(reportStep),
    callbacks: placeCallbacks(result),
    outcomes: outcomes.map(({ index, line, matched, hits }) => {
      const what = describeOutcome(scenario.outcomes[index] as Outcome);
      return { line, what, matched, hits };
    }),
  };
}

/** Where no look at the customer tokens told what was tokenized, the first that the shop reads does. */
function withTokenized(steps: readonly StepResult[]): readonly StepResult[] {
  if (steps.some(({ tokenized }) => tokenized !== undefined)) return steps;
  const read = steps.find(({ step, answer }) => step.operation.name === 'readCustomerToken' && answer?.status === 200);
  return steps.map((result) =>
    result === read ? { ...result, tokenized: tokenizedMethod(result.answer?.body as Fields) } : result,
  );
}

function reportStep(result: StepResult): ReportedStep {
  const { step, number, request, answer, mismatches, trouble, clock, tokenized, payment_method, unjudged } = result;
  return {
    number,
    line: step.at.line,
    title: step.title,
    deed: deed(result),
    actor: actorOf(step),
    operation: step.operation.name,
    as: step.as,
    times: step.times > 1 ? step.times : undefined,
    clock,
    request: request && {
      method: request.method,
      path: request.url.replace(/^https?:\/\/[^/]+/, ''),
      headers: shownHeaders(request.headers),
      body: request.body === undefined ? undefined : readJson(request.body),
    },
    answer: answer && {
      status: answer.status,
      location: text(answer.headers.location),
      explanation: text(answer.headers['mock-klarna-explain']),
      body: answer.body,
      callbacks: answer.callbacks,
    },
    tokenized,
    payment_method,
    unjudged,
    mismatches,
    trouble,
    complaints: complaints(result),
  };
}

/** Credentials stay out of reports; the host and the kind of a body go without saying. */
function shownHeaders({ authorization: _, host: __, ...headers }: Record<string, string>): Record<string, string> {
  if (headers['content-type'] === 'application/json') delete headers['content-type'];
  return headers;
}

const text = (header: string | string[] | undefined): string | undefined => header?.toString();

function readJson(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return isFields(value) || Array.isArray(value) ? value : body;
  } catch {
    return body;
  }
}
