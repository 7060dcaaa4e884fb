import { type Fields, isFields, upsert } from '../exchange/fields.js';
import { DOCUMENT_DEPTH, readBody } from '../exchange/json.js';
import { ANY_HOST } from '../report/any-host.js';
import type {
  Actor,
  PlacedCallback,
  ReplayReport,
  ReportedScenario,
  ReportedStep,
  Totals,
  Warning,
} from '../report/replay.js';
import { describeTokenized } from '../report/replay-summary.js';
import { renderScenario } from '../report/terminal.js';
import { describeOutcome } from '../scenario/describe.js';
import type { CallbackName, Outcome } from '../scenario/scenario.js';
import { actBy } from '../scenario/steps.js';
import { findingsOf } from './findings.js';
import { complaints, hasFailed, type ScenarioResult, type StepResult } from './result.js';

/** Ids as Klarna makes them. */
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The operations that bring about each kind of callback. */
const causes: Record<CallbackName, RegExp> = {
  authorization: /^(?:authorize|finalize)Session$/,
  notification: /Order$/,
  push: /Order$/,
  status_update: /HostedSession$/,
};

/**
 * Places attempts among the steps: behind the step that brought the callback about, not before the clock showed the
 * attempt's time, and in the order in which they were made. The sandbox does not give the cause: it is the step whose
 * answer first has an id that is in the callback or, where the callback has none, the first step that can be the cause.
 */
export function placeCallbacks({ scenario, steps, callbacks = [] }: ScenarioResult): PlacedCallback[] {
  const bodies = steps.map(({ answer }) => JSON.stringify(answer?.body) ?? '');
  const early = new Set(scenario.callbacks.filter(({ delivery }) => delivery.before_the_answer).map(({ on }) => on));
  let from = 0;
  return callbacks.map((attempt) => {
    const { on, url, body, at } = attempt;
    const ids = JSON.stringify([url, body]).match(ID) ?? [];
    const named = Math.max(-1, ...ids.map((id) => bodies.findIndex((text) => text.includes(id))));
    const asked = steps[named]?.request?.url;
    const cause = steps.findIndex((step, index) =>
      named >= 0 ? index === named || isUnanswered(step, asked) : index >= from && canCause(on, step),
    );
    const due = steps.findIndex(
      ({ step, clock }, index) => index >= Math.max(from, cause) && step.as === undefined && (clock ?? '') >= at,
    );
    // The time of a running clock is not read before each step.
    from = due < 0 ? Math.max(0, from, cause) : due;
    const before = early.has(on) && from === cause;
    return { ...attempt, after: steps[from]?.number ?? 0, ...(before && { before_the_answer: true }) };
  });
}

/** Tells if a step asked for a URL and got no answer. */
const isUnanswered = ({ answer, request }: StepResult, url: string | undefined): boolean =>
  !answer && request?.url === url;

const canCause = (on: CallbackName, { step, answer }: StepResult): boolean =>
  step.as === undefined && causes[on].test(step.operation.name) && (answer === undefined || answer.status < 400);

/**
 * Makes the report of a replay. It has no wall time and, with the URL of the sandbox it was played on, no host and no port.
 * @param chosen the number of scenarios that were to be played
 * @param sandbox base URL of the sandbox; absent: the target is none
 * @param target the target in words
 */
export function makeReport(
  results: readonly ScenarioResult[],
  chosen: number,
  sandbox?: string,
  target = 'a sandbox',
): ReplayReport {
  const report: ReplayReport = {
    totals: count(results, chosen),
    scenarios: results.map(reportScenario),
    tool: 'replay',
    title: 'Replay',
    target,
    ...findingsOf(results),
  };
  const text = JSON.stringify(report);
  if (sandbox === undefined) return JSON.parse(text);
  // The host of a URL has no character that JSON escapes.
  const { host } = new URL(sandbox);
  return JSON.parse(text.replaceAll(sandbox, `http://${ANY_HOST}`).replaceAll(host, ANY_HOST));
}

/**
 * Counts scenarios by result.
 * @param chosen the number of scenarios that were to be played
 */
export function count(results: readonly ScenarioResult[], chosen: number): Totals {
  const passed = results.filter((result) => result.passed).length;
  const failed = results.filter(hasFailed).length;
  const warnings = results.reduce((sum, result) => sum + (result.warnings?.length ?? 0), 0);
  return { passed, failed, skipped: results.length - passed - failed, not_run: chosen - results.length, warnings };
}

/** Renders the result of a scenario as the command prints it. */
export const renderVerdict = (result: ScenarioResult): string => reportScenario(result).verdict;

const known = new WeakMap<ScenarioResult, ReportedScenario>();

/** Returns a scenario as reports have it. Made once, since its verdict is printed before the report is made. */
const reportScenario = (result: ScenarioResult): ReportedScenario => upsert(known, result, () => makeReportOf(result));

function makeReportOf(result: ScenarioResult): ReportedScenario {
  const { scenario, merchant, passed, skipped, trouble, steps, seconds, outcomes = [], warnings = [] } = result;
  const { name, title, path, evidence, source, tags } = scenario;
  const reported: ReportedScenario = {
    name,
    title,
    file: path,
    evidence,
    source,
    tags,
    merchant,
    result: passed ? 'passed' : hasFailed(result) ? 'failed' : 'skipped',
    reason: skipped ?? trouble,
    ...(seconds !== undefined && { seconds }),
    warnings: scenario.inline ? warnings.map((warning) => placedInWords(scenario, warning)) : warnings,
    verdict: '',
    of: scenario.steps.length,
    steps: withTokenized(steps).map((step) => reportStep(step, scenario)),
    callbacks: placeCallbacks(result),
    outcomes: outcomes.map(({ index, line, matched, hits }) => {
      const what = describeOutcome(scenario.outcomes[index] as Outcome);
      return { ...(line !== undefined && { line }), what, matched, hits };
    }),
  };
  return { ...reported, verdict: renderScenario(reported) };
}

/** Adds the tokenized payment method to the first step that reads a customer token, unless a look at the tokens gave it. */
function withTokenized(steps: readonly StepResult[]): readonly StepResult[] {
  if (steps.some(({ tokenized }) => tokenized !== undefined)) return steps;
  const read = steps.find(({ step, answer }) => step.operation.name === 'readCustomerToken' && answer?.status === 200);
  return steps.map((result) =>
    result === read ? { ...result, tokenized: describeTokenized(result.answer?.body as Fields) } : result,
  );
}

/** Returns a warning about a scenario that is no file: the title of the step that it is in takes the place of the line. */
function placedInWords({ steps }: ScenarioResult['scenario'], { line = 0, message }: Warning): Warning {
  const title = steps.findLast(({ at }) => at.line <= line)?.title;
  return { message: title === undefined ? message : `${JSON.stringify(title)}: ${message}` };
}

function reportStep(result: StepResult, { inline }: ScenarioResult['scenario']): ReportedStep {
  const { step, number, request, answer, mismatches, trouble, clock, tokenized, payment_method, unjudged } = result;
  return {
    number,
    line: inline ? undefined : step.at.line,
    title: step.title,
    action: describeAction(result),
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

/** Returns the headers without credentials, the host, and the usual content type. */
function shownHeaders({ authorization: _, host: __, ...headers }: Record<string, string>): Record<string, string> {
  if (headers['content-type'] === 'application/json') delete headers['content-type'];
  return headers;
}

const text = (header: string | string[] | undefined): string | undefined => header?.toString();

function readJson(body: string): unknown {
  const value = readBody(body, DOCUMENT_DEPTH);
  return isFields(value) || Array.isArray(value) ? value : body;
}

/** Returns the actor of a step. */
export function actorOf({ kind, operation }: StepResult['step']): Actor {
  if (kind !== 'operation') return kind;
  return operation.api === 'sandbox' && operation.name !== 'followRedirect' ? 'sandbox' : 'shop';
}

/** Describes the action of a step: the operation's name, or what the shopper or the clock does. */
export function describeAction({ step, request }: Pick<StepResult, 'step' | 'request'>): string {
  if (step.kind === 'operation') return step.operation.name;
  const body: Fields = request?.body ? JSON.parse(request.body) : {};
  if (step.kind === 'clock') return `the clock moves ${body.by ? `on by ${body.by}` : `to ${body.now}`}`;
  const choices = [body.payment_option, (body.funding_source as Fields | undefined)?.type, body.result];
  const choice = choices.filter((part) => part !== undefined).join(', ');
  return `the shopper ${actBy(step.operation.name)?.action}${choice && `: ${choice}`}`;
}
