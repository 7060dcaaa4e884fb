import type { Call } from '../../exchange/call.js';
import type { Evidence } from '../../klarna/catalogue/evidence.js';
import type { Severity } from '../../report/finding.js';
import type { History } from '../history.js';

/** A problem that a check found in a shop's history. */
export interface Problem {
  /** The call that shows it; absent for a problem of a callback. */
  call?: Call;
  /** One line: the value given, why it fails, how to correct it. */
  message: string;
  /** Path into the exchange: `$.body.order_lines[0].name`. */
  path?: string;
  expected?: unknown;
  got?: unknown;
  /** Text that distinguishes it from problems with the same check, operation and path. Contains no id and no time. */
  identity?: string;
  /** Set when it is lower than that of the check. */
  severity?: Severity;
  /** True when it explains why Klarna refused the call, so that the refusal is not reported as well. */
  settles?: true;
}

/** A rule that a careful shop follows, and the check of a history for it. */
export interface Practice {
  /** Stable id in kebab case, with the prefix `practice/`. */
  id: string;
  severity: Severity;
  /** The practice in one sentence. */
  says: string;
  /** The harm without it, and how the check recognises it. */
  why: string;
  evidence: Evidence;
  source: string;
  check(history: History): Problem[];
}
