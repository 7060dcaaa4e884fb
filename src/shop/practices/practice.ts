import type { Call } from '../../exchange/call.js';
import type { Evidence } from '../../klarna/catalogue/evidence.js';
import type { Severity } from '../../report/finding.js';
import type { History } from '../history.js';

/** Something that a check found in a shop's history. */
export interface Problem {
  /** The call it shows in; absent for what is about a callback. */
  call?: Call;
  /** One line: what was given, why it fails, what to do. */
  message: string;
  /** Where in the exchange: `$.body.order_lines[0].name`. */
  path?: string;
  expected?: unknown;
  got?: unknown;
  /** What tells it from others of its check, operation and path. No id, no time. */
  identity?: string;
  /** Where it is less than the check's own. */
  severity?: Severity;
  /** It says why Klarna refused the call: the refusal need not be told as well. */
  settles?: true;
}

/** What a careful shop does: one check of a history. */
export interface Practice {
  /** Stable, in kebab case, with `practice/` before it. */
  id: string;
  severity: Severity;
  /** The practice in one sentence. */
  says: string;
  /** What goes wrong without it, and what the check takes for it. */
  why: string;
  evidence: Evidence;
  source: string;
  check(history: History): Problem[];
}
