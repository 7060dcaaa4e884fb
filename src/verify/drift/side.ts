import type { Target } from '../../client/target.js';
import type { Operation } from '../../contract/operations.js';
import type { Place, Unjudged } from '../../report/finding.js';
import type { Compared } from '../recordings/compare.js';
import type { RecordedExchange } from '../recordings/recorded.js';

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
