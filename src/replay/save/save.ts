import { Document, isCollection, isPair, isScalar, type Node, Scalar, visit } from 'yaml';
import type { Call } from '../../exchange/call.js';
import { isWholeDuration, readDelay, writeDuration } from '../../exchange/durations.js';
import type { Journal } from '../../exchange/exchange.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import { headerOf } from '../../exchange/message.js';
import { makeRedactor, type Redactor } from '../../exchange/stand-ins.js';
import { type MarketCountry, marketOf } from '../../klarna/catalogue/markets.js';
import { ruleOf } from '../../klarna/catalogue/rules.js';
import { type Instant, MINUTE, SECOND } from '../../klarna/time.js';
import { isClock, isRepeated, type LeftOut, readCalls } from './calls.js';
import { Ids } from './ids.js';
import { expectationOf, RequestWriter } from './request.js';

/** How long a saved answer is held back at most. */
const LONGEST_DELAY = 'PT1S';

interface Outcome {
  on: string;
  from: number;
  to: number;
  what: Fields;
}

/** Gathers what a scenario did to the calls of a journal, as outcomes of one. */
export class Script {
  readonly #counts = new Map<string, number>();
  readonly #keys = new Set<string>();
  readonly #outcomes: Outcome[] = [];
  /** How many answers were held back longer than they will be. */
  shortened = 0;

  /** Counts a call as the scenario will, and lets happen to it what happened. */
  take({ exchange, operation }: Call): void {
    const { explanation, scripted } = exchange;
    const { cause, stage = 'operation' } = ruleOf(explanation?.rule) ?? {};
    // A request that is refused before its operation is no call to the scenario.
    if (operation.api === 'sandbox' || (cause === 'request' && stage !== 'operation')) return;
    const key = `${operation.name} ${operation.idempotent ? headerOf(exchange.request.headers, 'klarna-idempotency-key') : undefined}`;
    if (isRepeated(exchange) && this.#keys.has(key)) return;
    this.#keys.add(key);
    const call = (this.#counts.get(operation.name) ?? 0) + 1;
    this.#counts.set(operation.name, call);
    // A replay is not held to the limits of the one who called too fast.
    const what =
      explanation?.rule === 'rate-limit' ? { fault: { status: 429 } } : this.#brief(scripted as Fields | undefined);
    if (what) this.#add(operation.name, call, what);
  }

  /** The outcomes of a scenario file. */
  written(): Fields[] {
    return this.#outcomes.map(({ on, from, to, what }) => ({
      on,
      calls: from === to ? from : `${from}..${to}`,
      ...what,
    }));
  }

  #add(on: string, call: number, what: Fields): void {
    const last = this.#outcomes.findLast((outcome) => outcome.on === on);
    if (last?.to === call - 1 && JSON.stringify(last.what) === JSON.stringify(what)) last.to = call;
    else this.#outcomes.push({ on, from: call, to: call, what });
  }

  #brief(what: Fields | undefined): Fields | undefined {
    const fault = what?.fault as { delay?: string } | undefined;
    if (fault?.delay === undefined || readDelay(fault.delay) <= readDelay(LONGEST_DELAY)) return what;
    this.shortened++;
    return { fault: { ...fault, delay: LONGEST_DELAY } };
  }
}

/**
 * The clock of a replay beside that of the journal. It stands still between steps: what passed there it is moved on by
 * where that may make a difference, which is after a minute, before it is moved anyway, and before a refusal.
 */
export class Timeline {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  /** The durations to move the clock by before a call, or in its place when it is the one that moved the clock. */
  advances({ exchange, operation }: Call): string[] {
    const moves = isClock(operation);
    const lag = Date.parse(exchange.at) - this.#now;
    const late = lag >= (moves || exchange.status >= 400 ? SECOND : MINUTE);
    const before = late ? [this.#by(lag)] : [];
    if (!moves) return before;
    const { now } = exchange.response.body as { now: string };
    const { by } = exchange.request.body as { by?: unknown };
    const moved = Date.parse(now) - this.#now;
    this.#now = Date.parse(now);
    if (moved <= 0) return before;
    return [...before, typeof by === 'string' && isWholeDuration(by) ? by : writeDuration(moved)];
  }

  #by(lag: number): string {
    this.#now += Math.ceil(lag / SECOND) * SECOND;
    return writeDuration(lag);
  }
}

/** A collection of plain values that is no longer than this stands on one line. */
const ONE_LINE = 90;

/** A scenario as YAML, as a person would write it: short collections on one line. */
export function toYaml(scenario: object): string {
  const document = new Document(scenario, { aliasDuplicateObjects: false });
  visit(document, {
    Pair(_, { key }) {
      // Without quotes this key would mean that something is merged in.
      if (isScalar(key) && key.value === '<<') key.type = Scalar.QUOTE_DOUBLE;
    },
    Collection(_, node, path) {
      // The document itself, its lists, and their elements.
      if (path.length > 4 || (path.length > 1 && node.items.every((item) => isScalar(item)))) {
        node.flow = isShort(node);
      }
    },
  });
  return document.toString({ lineWidth: 120 });
}

function isShort(node: Node & { items: unknown[] }): boolean {
  const plain = node.items.every((item) => !isCollection(isPair(item) ? item.value : item));
  return plain && JSON.stringify(node).length <= ONE_LINE;
}

/** A journal as a scenario file. */
export interface Saved {
  /** The file; undefined when there is nothing to save. */
  text: string | undefined;
  /** How many requests it makes. */
  calls: number;
  /** What it does not have, or not as it was, in a line each. */
  notes: string[];
}

/** A file holds at most 1 MB and 250,000 words and signs; with this many characters it stays below. */
const MAX_LENGTH = 512 * 1024;

/**
 * Writes the journal of a merchant as a scenario that passes when it is replayed: the same journal gives the same file.
 * Credentials and personal data are not in it.
 */
export function saveJournal(journal: Journal, username: string): Saved {
  const { calls, left } = readCalls(journal);
  const market = marketIn(calls);
  const redact = makeRedactor(
    calls.flatMap(({ exchange: { request, response } }) => [
      [request.body, market] as const,
      [response.body, market] as const,
    ]),
    username,
  );
  let taken = calls;
  let saved = build(taken, market, redact);
  for (let text = saved.text; text.length > MAX_LENGTH && taken.length > 1; text = saved.text) {
    taken = calls.slice(0, Math.floor(taken.length * Math.min(0.9, MAX_LENGTH / text.length)));
    saved = build(taken, market, redact);
  }
  const notes = [
    ...(journal.dropped > 0 ? [`the oldest ${journal.dropped} of the journal, which it has dropped`] : []),
    ...gather([...left, ...saved.left]),
    ...(taken.length < calls.length ? [`the last ${calls.length - taken.length}, for which the file has no room`] : []),
    ...(saved.shortened > 0 ? [`the whole delay of ${saved.shortened}: a second must do`] : []),
  ];
  return { text: saved.calls > 0 ? saved.text : undefined, calls: saved.calls, notes };
}

/** The market of the first purchase. */
function marketIn(calls: readonly Call[]): MarketCountry | undefined {
  for (const { exchange } of calls) {
    const { body } = exchange.request;
    const country = isFields(body) ? body.purchase_country : undefined;
    const market = marketOf(typeof country === 'string' ? country : undefined);
    if (market) return market.country as MarketCountry;
  }
  return undefined;
}

interface Built {
  text: string;
  calls: number;
  left: LeftOut[];
  shortened: number;
}

function build(calls: readonly Call[], market: MarketCountry | undefined, redact: Redactor): Built {
  const ids = new Ids();
  const writer = new RequestWriter(ids, market, calls);
  const script = new Script();
  const timeline = new Timeline(Date.parse(calls[0]?.exchange.at ?? ''));
  const steps: Fields[] = [];
  const left: LeftOut[] = [];
  let written = 0;
  for (const call of calls) {
    const { exchange, operation } = call;
    const unknown = unknownIn(call, ids);
    if (unknown !== undefined) {
      left.push({ what: operation.name, why: `no answer that is saved gives its ${unknown}` });
      continue;
    }
    for (const advance of timeline.advances(call)) steps.push({ advance });
    if (isClock(operation)) continue;
    script.take(call);
    const request = writer.write(call, redact(exchange.request.body, market));
    steps.push({ ...request, expect: expectationOf(exchange, redact(exchange.response.body, market), ids) });
    if (exchange.status > 0) ids.learn(exchange.response.body, steps.length - 1);
    written++;
  }
  // Time that passes after the last call changes nothing.
  while (steps.at(-1)?.advance !== undefined) steps.pop();
  const outcomes = script.written();
  const text = toYaml({
    title: `A saved journal of ${written === 1 ? '1 call' : `${written} calls`}`,
    evidence: 'inferred',
    ...(market && { market }),
    tags: ['saved'],
    ...(outcomes.length > 0 && { outcomes }),
    steps: steps.map((step, index) => {
      const keep = ids.keptBy(index);
      return Object.keys(keep).length > 0 ? { ...step, keep } : step;
    }),
  });
  return { text, calls: written, left, shortened: script.shortened };
}

/** Fields of a body that name something which an answer gave. */
const references = ['customer_token', 'step_up_id'];

/** What a call that went well names though no answer gave it: it was made before the journal begins, or by another merchant. */
function unknownIn({ exchange, params }: Call, ids: Ids): string | undefined {
  const { status, request, scripted } = exchange;
  // Nobody looked at what it named; and what is not found is not found again.
  const fault = scripted?.fault;
  if ((fault && fault.commit !== true) || status === 404 || status === 400 || status === 401 || status === 429) {
    return undefined;
  }
  const named = [...Object.entries(params), ...references.map((name) => [name, find(request.body, name)] as const)];
  return named.find(([, value]) => value !== undefined && !ids.has(value))?.[0];
}

/** The text of a field, wherever it stands in a body. */
function find(body: unknown, name: string): string | undefined {
  if (!isFields(body) && !Array.isArray(body)) return undefined;
  for (const [key, inner] of Object.entries(body)) {
    const found = key === name && typeof inner === 'string' ? inner : find(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One line for each reason, with how often and where. */
function gather(left: readonly LeftOut[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { what, why } of left) byReason.set(why, [...(byReason.get(why) ?? []), what]);
  return [...byReason].map(([why, all]) => {
    const names = [...new Set(all)];
    const shown = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and others' : ''}`;
    return `${all.length} (${shown}): ${why}`;
  });
}
