import { operations } from '../contract/operations.js';
import { type Call, senderOf } from '../exchange/call.js';
import type { CallbackAttempt, Exchange } from '../exchange/exchange.js';
import { groupBy, upsert } from '../exchange/fields.js';
import type { Unjudged } from '../exchange/recorded.js';
import { atOnce } from '../exchange/slices.js';
import type { Coverage } from '../report/coverage.js';
import { type Check, type Finding, finding, type SeenExchange } from '../report/finding.js';
import { SeenExchanges, seenAt } from '../report/seen.js';
import { counted, inOrder } from '../report/summary.js';
import { didYouMean } from '../scenario/problem.js';
import type { ContractProblem } from './contract/refusals.js';
import { contractChecks } from './contract/violations.js';
import { CoverageCount } from './coverage.js';
import { type History, livesOf, readHistory, type Stranger } from './history.js';
import { ALL_CHECKS, leavesOut, readOff } from './off.js';
import { isUnresolved } from './practices/callbacks.js';
import type { Practice } from './practices/practice.js';
import { practices } from './practices.js';

/** The exchanges and callbacks of one merchant, and how to judge them. */
export interface ShopJournal {
  /** Exchanges of the journal, oldest first. Those of the control API show what the shopper and the clock did. */
  exchanges: readonly Exchange[];
  /** Attempts to deliver callbacks to the shop, oldest first. */
  callbacks?: readonly CallbackAttempt[];
  /** Number of older exchanges, and of older attempts, that the journal has dropped. */
  dropped?: number;
  droppedCallbacks?: number;
  /** User name of the merchant, when findings are to name it. */
  merchant?: string;
  /** Ids of checks left out for this merchant; `*` stands for all of them. */
  off?: readonly string[];
  /** True when the merchant was asked for by name: it is then judged even if only the harness has called. */
  named?: boolean;
}

/** The result of judging shops. */
export interface ShopVerdict {
  findings: Finding[];
  /** The exchanges that the findings are about. */
  exchanges: SeenExchange[];
  coverage: Required<Coverage>;
  /** Number of exchanges with Klarna's APIs that were judged. */
  judged: number;
  unjudged: Unjudged[];
  /** The checks that ran. */
  checks: Check[];
}

/** Returns a practice as reports list it. */
const asCheck = ({ id, severity, says, why, evidence, source }: Practice): Check => ({
  id,
  severity,
  title: says,
  reason: why,
  evidence,
  source,
});

/** All checks: those of the contracts, then the practices. */
export const checks: readonly Check[] = [
  ...contractChecks.map(({ id, severity, title, reason }) => ({ id, severity, title, reason })),
  ...practices.map(asCheck),
];

/** Returns the end of a message about a name that no check has. */
export function noSuchCheck(name: string): string {
  const known = checks.flatMap(({ id }) => [id, id.replace(/^.*\//, '')]);
  return `which is no check${didYouMean(name, known)}; docs/reference/practices.md lists them`;
}

/** Returns the check with that id; the part up to the slash may be left out. */
export function findCheck(id: string): Check | undefined {
  return checks.find((check) => check.id === id || check.id.endsWith(`/${id}`));
}

/** Number of findings that are made, and of calls that are looked through, in a step. */
const STEP = 100;
const CALLS = 1_000;

/** The exchanges that one command of the harness sent. */
interface Sent {
  exchanges: number;
  merchants: number;
}

/**
 * Judges the requests of shops and how they act on the answers. Each merchant is judged by itself; the coverage is that
 * of all together. No journal is kept once it is judged, but for the exchanges that findings are about.
 */
export class ShopJudge {
  readonly #active: readonly Check[];
  readonly #findings: Finding[] = [];
  readonly #seen = new SeenExchanges();
  readonly #coverage = new CoverageCount();
  readonly #unjudged: Unjudged[] = [];
  /** Exchanges of the harness, which are not judged, by its commands. */
  readonly #leftOut = new Map<string, Sent>();
  #judged = 0;
  #journals = 0;

  /** @param off ids of the checks to leave out */
  constructor(off: readonly string[] = []) {
    this.#active = checks.filter(({ id }) => !off.includes(id));
  }

  /** Judges a journal in steps, between which other work can be done. */
  *take(journal: ShopJournal): Generator<void, void, undefined> {
    this.#journals++;
    const shops = yield* isShops(journal);
    // Calls of the harness are judged like a shop's where the merchant was named, and has no other calls.
    const whole = journal.named === true && !shops;
    const histories = shops || whole ? yield* historiesOf(journal, whole) : [];
    for (const history of histories) {
      yield;
      yield* this.#findIn(history, journal, whole);
      yield* this.#coverage.add(history);
      this.#judged += history.calls.length + history.strangers.length;
    }
    yield;
    for (const each of yield* unjudged(histories, journal)) this.#unjudged.push(each);
    if (!whole) yield* this.#leaveOut(journal);
  }

  /** Gives the verdict on all journals, in steps as well. */
  *verdict(): Generator<void, ShopVerdict, undefined> {
    const leftOut = [...this.#leftOut].map(([sender, { exchanges, merchants }]) => ({
      what: counted(exchanges, 'exchange') + (this.#journals > 1 ? ` of ${counted(merchants, 'merchant')}` : ''),
      why: `sent by ${sender}, and not by a shop`,
    }));
    // Sorted in parts: by severity and check first, as they are in order.
    const parts = [...groupBy(this.#findings, ({ severity, check }) => `${severity} ${check}`).values()];
    const firsts = new Map(parts.map((part) => [part[0] as Finding, part]));
    const findings: Finding[] = [];
    for (const first of inOrder([...firsts.keys()])) {
      yield;
      for (const each of inOrder(firsts.get(first) ?? [])) findings.push(each);
    }
    return {
      findings,
      exchanges: this.#seen.list(),
      coverage: this.#coverage.coverage,
      judged: this.#judged,
      unjudged: [...this.#unjudged, ...leftOut],
      checks: [...this.#active],
    };
  }

  /** Counts the exchanges that the harness sent, in steps. */
  *#leaveOut({ exchanges }: ShopJournal): Generator<void, void, undefined> {
    const senders = new Set<Sent>();
    for (const [index, exchange] of exchanges.entries()) {
      if (index % CALLS === 0) yield;
      const sender = isKlarnas(exchange) ? senderOf(exchange) : undefined;
      if (sender === undefined) continue;
      const sent = upsert(this.#leftOut, sender, () => ({ exchanges: 0, merchants: 0 }));
      sent.exchanges++;
      senders.add(sent);
    }
    for (const sent of senders) sent.merchants++;
  }

  /** Adds what was found to the findings, in steps. */
  *#add(
    found: readonly { own: Check; problem: ContractProblem }[],
    merchant: string | undefined,
    exchangeOf: (problem: ContractProblem) => Exchange | undefined,
  ): Generator<void, void, undefined> {
    for (const [index, { own, problem }] of found.entries()) {
      if (index % STEP === 0) yield;
      const made = asFinding(own, problem, merchant);
      this.#findings.push(made);
      const exchange = exchangeOf(problem);
      if (exchange) this.#seen.add(made, () => [seenAt(made.where, exchange)]);
    }
  }

  /** Finds what is wrong in one history. Practices run first, since they explain some of Klarna's refusals. */
  *#findIn(history: History, { merchant, off = [] }: ShopJournal, whole: boolean): Generator<void, void, undefined> {
    const byId = new Map(this.#active.filter(({ id }) => !leavesOut(off, id)).map((check) => [check.id, check]));
    const strangers = new Map(history.strangers.map((stranger) => [stranger.number, stranger]));
    const sentOf = ({ call, stranger }: ContractProblem): Stranger | undefined =>
      call ?? strangers.get(stranger as number);
    const exchangeOf = (problem: ContractProblem) => sentOf(problem)?.exchange;
    const counts = (id: string, problem: ContractProblem): boolean => {
      const sent = sentOf(problem);
      if (sent === undefined) return true;
      return (whole || sent.sender === undefined) && !leavesOut(checksOff(sent), id);
    };
    /** Returns the problems of a check that count, with the check; none when the check is left out. */
    const found = (id: string, find: () => ContractProblem[]) => {
      const own = byId.get(id);
      return own ? find().flatMap((problem) => (counts(id, problem) ? [{ own, problem }] : [])) : [];
    };
    const settled = new Set<Call>();
    const problems: ReturnType<typeof found> = [];
    for (const { id, check } of practices) {
      yield;
      for (const each of found(id, () => check(history))) problems.push(each);
    }
    for (const { problem } of problems) if (problem.settles && problem.call) settled.add(problem.call);
    for (const { id, check } of contractChecks) {
      yield;
      yield* this.#add(
        found(id, () => check(history, settled)),
        merchant,
        exchangeOf,
      );
    }
    yield* this.#add(problems, merchant, exchangeOf);
  }
}

/** Judges shops at once. @param off ids of the checks to leave out */
export function judgeShop(journals: readonly ShopJournal[], off: readonly string[] = []): ShopVerdict {
  const judge = new ShopJudge(off);
  for (const journal of journals) atOnce(judge.take(journal));
  return atOnce(judge.verdict());
}

/** Tells whether an exchange is meant for one of Klarna's APIs, also when its path belongs to no operation. */
const isKlarnas = ({ operation }: Exchange): boolean => operations.get(String(operation))?.api !== 'sandbox';

/** Tells whether a journal has calls of the shop itself, and not of the harness only. */
function* isShops({ exchanges }: ShopJournal): Generator<void, boolean, undefined> {
  for (const [index, exchange] of exchanges.entries()) {
    if (index % CALLS === 0) yield;
    if (isKlarnas(exchange) && senderOf(exchange) === undefined) return true;
  }
  return false;
}

/**
 * Returns a merchant's histories, one from each reset to the next.
 * @param whole true if calls of the harness count as the shop's
 */
function* historiesOf(
  { exchanges, callbacks, dropped = 0 }: ShopJournal,
  whole: boolean,
): Generator<void, History[], undefined> {
  let first = dropped + 1;
  const lives = livesOf(exchanges);
  const histories: History[] = [];
  for (const [at, life] of lives.entries()) {
    // A reset removes callbacks as well: those that are known came after the last one.
    const own = at === lives.length - 1 ? callbacks : [];
    const isOwn = (sender: string | undefined) => whole || sender === undefined;
    histories.push(yield* readHistory(life, own, { first, isOwn }));
    first += life.length;
  }
  return histories;
}

/** Returns the ids of the checks that a call leaves out by its own header. */
const checksOff = ({ off }: Stranger): string[] => readOff(off).map(({ check }) => findCheck(check)?.id ?? check);

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

/** Returns the parts that could not be judged, with the reasons; found in steps. */
function* unjudged(
  histories: readonly History[],
  { dropped = 0, droppedCallbacks = 0, merchant }: ShopJournal,
): Generator<void, Unjudged[], undefined> {
  const left: Unjudged[] = [];
  const ofMerchant = merchant === undefined ? '' : ` of ${merchant}`;
  if (dropped > 0) {
    const what = dropped === 1 ? 'the oldest exchange' : `the oldest ${dropped} exchanges`;
    left.push({
      what: what + ofMerchant,
      why: 'the journal had no room for more: report more often, or clear it between',
    });
  }
  if (droppedCallbacks > 0) {
    left.push({
      what: `the oldest ${droppedCallbacks} attempts of callbacks${ofMerchant}`,
      why: 'only the latest are kept',
    });
  }
  for (const [index, { number, operation, off, cut }] of histories.flatMap(({ calls }) => calls).entries()) {
    if (index % CALLS === 0) yield;
    for (const { check } of readOff(off)) {
      if (check === ALL_CHECKS || findCheck(check)) continue;
      const what = `Mock-Klarna-Off of exchange ${number} (${operation.name})${ofMerchant}`;
      left.push({ what, why: `it names ${check}, ${noSuchCheck(check)}` });
    }
    if (!cut) continue;
    left.push({
      what: `the body of exchange ${number} (${operation.name})${ofMerchant}`,
      why: 'it is too long for the journal',
    });
  }
  for (const { on, url, result } of histories.flatMap(({ callbacks }) => callbacks)) {
    const why = result.refused ?? (isUnresolved(result.error) ? result.error : undefined);
    if (why !== undefined) left.push({ what: `the ${on} callback to ${url}${ofMerchant}`, why });
  }
  return left;
}
