import type { components } from '../contract/generated/sandbox.js';
import type { CallbackAttempt } from '../exchange/exchange.js';
import type { HarnessReport } from './finding.js';
import { counted } from './summary.js';

type Schemas = components['schemas'];

/** A payment method as the control API lists it. */
export type PaymentMethod = Schemas['payment_method'];

/** The progress of an outcome of a scenario, as the control API tells it. */
export type OutcomeProgress = Schemas['outcome_progress'];

/** The actor of a step: a shop, the shopper, the clock, or Klarna itself by the control API. */
export type Actor = 'shop' | 'shopper' | 'clock' | 'sandbox';

/** Something of a scenario that tested nothing, or cannot. */
export interface Warning {
  /** Line of the scenario's file, from 1; absent for a scenario that is none. */
  line?: number;
  /** From 1; absent where only the line is known. */
  column?: number;
  message: string;
}

/** A callback that the receiver of a replay got. */
export interface ReceivedCallback {
  /** Path and query. */
  path: string;
  /** JSON as a value, anything else as text; absent when there was none. */
  body?: unknown;
  /** Status of the receiver's answer. */
  status: number;
}

/** An attempt to deliver a callback, with its place among the steps. */
export interface PlacedCallback extends CallbackAttempt {
  /** Number of the step that it follows; 0 before the first. */
  after: number;
  /** It came before the answer to that step. */
  before_the_answer?: true;
}

/** A step that was played. */
export interface ReportedStep {
  /** From 1. */
  number: number;
  /** Line of the scenario's file; absent for a scenario that is none. */
  line?: number;
  title?: string;
  /** The action in words: the operation's name, or what the shopper or the clock does. */
  action: string;
  actor: Actor;
  operation: string;
  /** Another merchant than the scenario's own. */
  as?: string;
  /** The number of times the same request was sent, if more than one. */
  times?: number;
  /** Time of the merchant's clock after the step, in ISO 8601. */
  clock?: string;
  request?: { method: string; path: string; headers: Record<string, string>; body?: unknown };
  answer?: { status: number; location?: string; explanation?: string; body?: unknown; callbacks?: ReceivedCallback[] };
  /** The payment method that was tokenized, in words. */
  tokenized?: string;
  /** The payment method of the order or customer token that the step is about. */
  payment_method?: PaymentMethod;
  /** An expectation that could not be judged, with the reason. */
  unjudged?: string;
  /** `got` is absent where there was nothing. */
  mismatches: { path: string; expected: unknown; got?: unknown }[];
  /** The reason why there is no answer to judge. */
  trouble?: string;
  /** The differences from what was expected, one line each. */
  complaints: string[];
}

/** An outcome that a scenario scripts, with the calls that it counted and those it happened to. */
export interface ReportedOutcome extends Pick<OutcomeProgress, 'line' | 'matched' | 'hits'> {
  /** The outcome in words. */
  what: string;
}

/** A scenario of a replay. */
export interface ReportedScenario {
  name: string;
  title: string;
  file: string;
  evidence: string;
  source?: string;
  tags: string[];
  merchant: string;
  result: 'passed' | 'failed' | 'skipped';
  /** The reason why it was skipped, or could not be begun. */
  reason?: string;
  /** Seconds that it took; absent where a run repeats, in which no time passes. */
  seconds?: number;
  /** The parts of it that tested nothing, by line. */
  warnings: Warning[];
  /** The result as the command prints it. */
  verdict: string;
  /** The number of its steps. */
  of: number;
  /** The steps that were played. */
  steps: ReportedStep[];
  /** The attempts to deliver callbacks to its merchant, oldest first. */
  callbacks: PlacedCallback[];
  /** The outcomes it scripts, each with how often it happened. */
  outcomes: ReportedOutcome[];
}

/** Numbers of scenarios by result, and the number of warnings. */
export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  /** Never begun. */
  not_run: number;
  warnings: number;
}

/** The report of a replay: findings as those of any harness, and each scenario with its steps. */
export interface ReplayReport extends HarnessReport {
  tool: 'replay';
  totals: Totals;
  scenarios: ReportedScenario[];
}

/** Tells the report of a replay from any other. */
export const isReplay = (report: HarnessReport): report is ReplayReport => report.tool === 'replay';

/** Renders totals such as `3 passed, 1 failed`; what is none is left out, but for what passed. */
export function renderTotals({ passed, failed, skipped, not_run, warnings }: Totals): string {
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (not_run > 0) parts.push(`${not_run} not run`);
  if (warnings > 0) parts.push(counted(warnings, 'warning'));
  return parts.join(', ');
}

/**
 * Renders the number of expectations that could not be judged, with the reasons, to stand behind a number of steps:
 * `, 2 not judged (…)`. Returns an empty text where all were judged.
 */
export function renderUnjudged(steps: readonly Pick<ReportedStep, 'unjudged'>[]): string {
  const reasons = steps.flatMap(({ unjudged }) => unjudged ?? []);
  return reasons.length === 0 ? '' : `, ${reasons.length} not judged (${[...new Set(reasons)].join('; ')})`;
}
