import type { Coverage } from '../findings/coverage.js';
import { type Check, type Finding, finding, type Unjudged } from '../findings/finding.js';
import { inOrder } from '../findings/summary.js';
import type { Call } from './call.js';
import { coverageOf } from './coverage.js';
import type { CallbackAttempt, Exchange } from './exchange.js';
import { type History, livesOf, readHistory } from './history.js';
import type { Practice } from './practice.js';
import { isUnresolved } from './practices/callbacks.js';
import { practices } from './practices.js';
import type { ContractProblem } from './refusals.js';
import { contractChecks } from './violations.js';

/** What is known of one merchant's shop. */
export interface ShopJournal {
  /** As the journal has them, oldest first; those of the control API tell what the shopper and time did. */
  exchanges: readonly Exchange[];
  /** Attempts to deliver callbacks to the shop, oldest first. */
  callbacks?: readonly CallbackAttempt[];
  /** How many older exchanges and attempts are no longer there. */
  dropped?: number;
  droppedCallbacks?: number;
  /** The merchant, where findings are to name it. */
  merchant?: string;
}

/** What came of judging a shop. */
export interface ShopVerdict {
  findings: Finding[];
  coverage: Required<Coverage>;
  /** How many exchanges with Klarna's APIs were judged. */
  judged: number;
  unjudged: Unjudged[];
  /** The checks that ran. */
  checks: Check[];
}

/** A practice as reports list it. */
const asCheck = ({ id, severity, says, why, evidence, source }: Practice): Check => ({
  id,
  severity,
  title: says,
  reason: why,
  evidence,
  source,
});

/** Every check there is: what the contracts say, then what a careful shop does. */
export const checks: readonly Check[] = [
  ...contractChecks.map(({ id, severity, title, reason }) => ({ id, severity, title, reason })),
  ...practices.map(asCheck),
];

/** The check of that id, or of that name without what is before the slash. */
export function findCheck(id: string): Check | undefined {
  return checks.find((check) => check.id === id || check.id.endsWith(`/${id}`));
}

/**
 * Judges what shops sent and what they made of the answers, each merchant's by itself; the coverage is that of all.
 * @param off ids of the checks to leave out
 */
export function judgeShop(journals: readonly ShopJournal[], off: readonly string[] = []): ShopVerdict {
  const left = checks.filter(({ id }) => !off.includes(id));
  const judged = journals.map((journal) => ({ journal, histories: historiesOf(journal) }));
  const histories = judged.flatMap((one) => one.histories);
  return {
    findings: inOrder(
      judged.flatMap(({ journal, histories }) => histories.flatMap((one) => findIn(one, left, journal.merchant))),
    ),
    coverage: coverageOf(histories),
    judged: histories.reduce((count, { calls, strangers }) => count + calls.length + strangers.length, 0),
    unjudged: judged.flatMap(({ journal, histories }) => unjudged(histories, journal)),
    checks: left,
  };
}

/** The history of a merchant's world, one for each world that it had. */
function historiesOf({ exchanges, callbacks, dropped = 0 }: ShopJournal): History[] {
  let first = dropped + 1;
  const lives = livesOf(exchanges);
  return lives.map((life, at) => {
    // A reset forgets callbacks as well: those that are known are of the last world.
    const history = readHistory(life, at === lives.length - 1 ? callbacks : [], first);
    first += life.length;
    return history;
  });
}

/** What the checks find in one history: practices first, since they explain some of Klarna's refusals. */
function findIn(history: History, left: readonly Check[], merchant: string | undefined): Finding[] {
  const byId = new Map(left.map((check) => [check.id, check]));
  const settled = new Set<Call>();
  const problems = practices.flatMap(({ id, check }) => {
    const own = byId.get(id);
    return own ? check(history).map((problem) => ({ own, problem })) : [];
  });
  for (const { problem } of problems) if (problem.settles && problem.call) settled.add(problem.call);
  const broken = contractChecks.flatMap(({ id, check }) => {
    const own = byId.get(id);
    return own ? check(history, settled).map((problem) => ({ own, problem })) : [];
  });
  return [...broken, ...problems].map(({ own, problem }) => asFinding(own, problem, merchant));
}

function asFinding(check: Check, problem: ContractProblem, merchant: string | undefined): Finding {
  const { call, stranger, message, path, expected, got, identity, severity = check.severity } = problem;
  const exchange = call?.number ?? stranger;
  return finding({
    check: check.id,
    severity,
    ...(call && { operation: call.operation.name }),
    message,
    ...(path !== undefined && { path }),
    ...(expected !== undefined && { expected }),
    ...(got !== undefined && { got }),
    evidence: problem.evidence ?? check.evidence,
    source: problem.source ?? check.source,
    where: { ...(exchange !== undefined && { exchange }), ...(merchant !== undefined && { merchant }) },
    ...(identity !== undefined && { identity }),
  });
}

/** What nobody could look at, and why. */
function unjudged(
  histories: readonly History[],
  { dropped = 0, droppedCallbacks = 0, merchant }: ShopJournal,
): Unjudged[] {
  const left: Unjudged[] = [];
  const of = merchant === undefined ? '' : ` of ${merchant}`;
  if (dropped > 0) {
    const what = dropped === 1 ? 'the oldest exchange' : `the oldest ${dropped} exchanges`;
    left.push({ what: what + of, why: 'the journal had no room for more: report more often, or clear it between' });
  }
  if (droppedCallbacks > 0) {
    left.push({ what: `the oldest ${droppedCallbacks} attempts of callbacks${of}`, why: 'only the latest are kept' });
  }
  for (const { number, operation, exchange } of histories.flatMap(({ calls }) => calls)) {
    if (!exchange.request.cut) continue;
    left.push({
      what: `the body of exchange ${number} (${operation.name})${of}`,
      why: 'it is too long for the journal',
    });
  }
  for (const { on, url, result } of histories.flatMap(({ callbacks }) => callbacks)) {
    const why = result.refused ?? (isUnresolved(result.error) ? result.error : undefined);
    if (why !== undefined) left.push({ what: `the ${on} callback to ${url}${of}`, why });
  }
  return left;
}
