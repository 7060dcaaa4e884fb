import { type Fields, isFields } from '../../exchange/fields.js';
import { describeOutcome } from '../../scenario/describe.js';
import type { CallbackName, Outcome } from '../../scenario/scenario.js';
import { version } from '../../version.js';
import type { Arrival } from '../receiver.js';
import {
  type CallbackAttempt,
  hasFailed,
  type OutcomeProgress,
  type PaymentMethod,
  type ScenarioResult,
  type StepResult,
  type Warning,
} from '../result.js';
import { complaints, count, renderVerdict, type Totals } from '../verdict.js';
import { type Actor, actorOf, deed, tokenizedMethod } from '../words.js';

/** An attempt to deliver a callback, and where a picture shows it. */
export interface PlacedCallback extends CallbackAttempt {
  /** The number of the step that it follows. */
  after: number;
  /** It came before the answer to that step. */
  before_the_answer?: true;
}

/** Ids as Klarna makes them. */
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What brings a callback about. */
const causes: Record<CallbackName, RegExp> = {
  authorization: /^(?:authorize|finalize)Session$/,
  notification: /Order$/,
  push: /Order$/,
  status_update: /HostedSession$/,
};

/**
 * Places attempts among the steps: behind the step that brought the callback about, not before the clock showed the
 * attempt's time, and in the order in which they were made. The sandbox does not tell the cause; it is the step whose
 * answer first names what the callback names or, where that names nothing, the first that can have been it.
 */
export function placeCallbacks({ scenario, steps, callbacks = [] }: ScenarioResult): PlacedCallback[] {
  const said = steps.map(({ answer }) => JSON.stringify(answer?.body) ?? '');
  const early = new Set(scenario.callbacks.flatMap(({ on, delivery }) => (delivery.before_the_answer ? on : [])));
  let from = 0;
  return callbacks.map((attempt) => {
    const { on, url, body, at } = attempt;
    const ids = JSON.stringify([url, body]).match(ID) ?? [];
    const named = Math.max(-1, ...ids.map((id) => said.findIndex((text) => text.includes(id))));
    const cause = steps.findIndex((step, index) =>
      named >= 0 ? index === named || wasUnanswered(step, steps[named]) : index >= from && canCause(on, step),
    );
    const due = steps.findIndex(
      ({ step, clock }, index) => index >= Math.max(from, cause) && step.as === undefined && (clock ?? '') >= at,
    );
    // A clock that runs by itself is not looked at before each step.
    from = due < 0 ? Math.max(0, from, cause) : due;
    const before = early.has(on) && from === cause;
    return { ...attempt, after: steps[from]?.number ?? 0, ...(before && { before_the_answer: true }) };
  });
}

/** Whether a step asked for the same as a later one, and got no answer. */
const wasUnanswered = (step: StepResult, later: StepResult | undefined): boolean =>
  !step.answer && step.request?.url === later?.request?.url;

const canCause = (on: CallbackName, { step, answer }: StepResult): boolean =>
  step.as === undefined && causes[on].test(step.operation.name) && (answer === undefined || answer.status < 400);

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
