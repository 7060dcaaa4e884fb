import { operations } from '../contract/operations.js';
import { type Call, offOf, senderOf } from '../exchange/call.js';
import type { CallbackAttempt, Exchange } from '../exchange/exchange.js';
import { upsert } from '../exchange/fields.js';
import type { Unjudged } from '../exchange/recorded.js';
import type { Coverage } from '../report/coverage.js';
import { type Check, type Finding, finding } from '../report/finding.js';
import { counted, inOrder } from '../report/summary.js';
import { didYouMean } from '../scenario/problem.js';
import type { ContractProblem } from './contract/refusals.js';
import { contractChecks } from './contract/violations.js';
import { coverageOf } from './coverage.js';
import { type History, livesOf, readHistory } from './history.js';
import { ALL_CHECKS, leavesOut, readOff } from './off.js';
import { isUnresolved } from './practices/callbacks.js';
import type { Practice } from './practices/practice.js';
import { practices } from './practices.js';

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
  /** Checks that say nothing of this merchant; `*` for all of them. */
  off?: readonly string[];
  /** Judged also where nobody but the harness has called, since it was asked for by its name. */
  named?: boolean;
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

/** What a word that names no check is told. */
export function noSuchCheck(name: string): string {
  const known = checks.flatMap(({ id }) => [id, id.replace(/^.*\//, '')]);
  return `which is no check${didYouMean(name, known)}; docs/practices.md lists them`;
}

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
      judged.flatMap(({ journal, histories }) => histories.flatMap((one) => findIn(one, left, journal))),
    ),
    coverage: coverageOf(histories),
    judged: histories.reduce((count, { calls, strangers }) => count + calls.length + strangers.length, 0),
    unjudged: [...judged.flatMap(({ journal, histories }) => unjudged(histories, journal)), ...leftOut(journals)],
    checks: left,
  };
}

/** Whether an exchange is with one of Klarna's APIs, or meant to be. */
const isKlarnas = ({ operation }: Exchange): boolean => operations.get(String(operation))?.api !== 'sandbox';

/** Whether it is the shop that a journal tells of, and not the harness alone. */
const isShops = ({ exchanges }: ShopJournal): boolean =>
  exchanges.some((exchange) => isKlarnas(exchange) && senderOf(exchange) === undefined);

/** Whether everything in a journal counts, though the harness sent it. */
const countsWhole = (journal: ShopJournal): boolean => journal.named === true && !isShops(journal);

/** The history of a merchant's world, one for each world that it had; none where only the harness called. */
function historiesOf(journal: ShopJournal): History[] {
  const { exchanges, callbacks, dropped = 0 } = journal;
  const whole = countsWhole(journal);
  if (!whole && !isShops(journal)) return [];
  let first = dropped + 1;
  const lives = livesOf(exchanges);
  return lives.map((life, at) => {
    // A reset forgets callbacks as well: those that are known are of the last world.
    const own = at === lives.length - 1 ? callbacks : [];
    const history = readHistory(life, own, { first, isOwn: (one) => whole || senderOf(one) === undefined });
    first += life.length;
    return history;
  });
}

/** What the harness sent, in a line for each of its commands. */
function leftOut(journals: readonly ShopJournal[]): Unjudged[] {
  const senders = new Map<string, { exchanges: number; merchants: Set<ShopJournal> }>();
  for (const journal of journals.filter((one) => !countsWhole(one))) {
    for (const exchange of journal.exchanges.filter(isKlarnas)) {
      const sender = senderOf(exchange);
      if (sender === undefined) continue;
      const sent = upsert(senders, sender, () => ({ exchanges: 0, merchants: new Set<ShopJournal>() }));
      sent.exchanges++;
      sent.merchants.add(journal);
    }
  }
  return [...senders].map(([sender, { exchanges, merchants }]) => ({
    what: counted(exchanges, 'exchange') + (journals.length > 1 ? ` of ${counted(merchants.size, 'merchant')}` : ''),
    why: `sent by ${sender}, and not by a shop`,
  }));
}

/** What the checks find in one history: practices first, since they explain some of Klarna's refusals. */
function findIn(history: History, left: readonly Check[], journal: ShopJournal): Finding[] {
  const { merchant, off = [] } = journal;
  const byId = new Map(left.filter(({ id }) => !leavesOut(off, id)).map((check) => [check.id, check]));
  const whole = countsWhole(journal);
  const counts = (id: string, { call, stranger }: ContractProblem): boolean => {
    const exchange = call?.exchange ?? history.strangers.find(({ number }) => number === stranger)?.exchange;
    if (exchange === undefined) return true;
    return (whole || senderOf(exchange) === undefined) && !leavesOut(checksOff(exchange), id);
  };
  /** What a check finds that counts, with the check; nothing of one that is left out. */
  const found = (id: string, find: () => ContractProblem[]) => {
    const own = byId.get(id);
    return own ? find().flatMap((problem) => (counts(id, problem) ? [{ own, problem }] : [])) : [];
  };
  const settled = new Set<Call>();
  const problems = practices.flatMap(({ id, check }) => found(id, () => check(history)));
  for (const { problem } of problems) if (problem.settles && problem.call) settled.add(problem.call);
  const broken = contractChecks.flatMap(({ id, check }) => found(id, () => check(history, settled)));
  return [...broken, ...problems].map(({ own, problem }) => asFinding(own, problem, merchant));
}

/** The ids of the checks that an exchange itself wants left out. */
const checksOff = (exchange: Exchange): string[] =>
  readOff(offOf(exchange)).map(({ check }) => findCheck(check)?.id ?? check);

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
    for (const { check } of readOff(offOf(exchange))) {
      if (check === ALL_CHECKS || findCheck(check)) continue;
      const what = `Mock-Klarna-Off of exchange ${number} (${operation.name})${of}`;
      left.push({ what, why: `it names ${check}, ${noSuchCheck(check)}` });
    }
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
