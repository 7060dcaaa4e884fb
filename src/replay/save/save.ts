import { Document, isCollection, isPair, isScalar, isSeq, type Node, Scalar, visit } from 'yaml';
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

/** The longest delay of a saved answer. */
const LONGEST_DELAY = 'PT1S';

interface Outcome {
  on: string;
  from: number;
  to: number;
  what: Fields;
}

/** Gathers the outcomes that a scenario gave to the calls of a journal. */
export class Script {
  readonly #counts = new Map<string, number>();
  readonly #keys = new Set<string>();
  readonly #outcomes: Outcome[] = [];
  /** The number of answers whose delay was cut. */
  shortened = 0;

  /** Counts a call as the scenario will, and notes its outcome. */
  take({ exchange, operation }: Call): void {
    const { explanation, scripted } = exchange;
    const { cause, stage = 'operation' } = ruleOf(explanation?.rule) ?? {};
    // The scenario does not count a request that is refused before its operation.
    if (operation.api === 'sandbox' || (cause === 'request' && stage !== 'operation')) return;
    const key = `${operation.name} ${operation.idempotent ? headerOf(exchange.request.headers, 'klarna-idempotency-key') : undefined}`;
    if (isRepeated(exchange) && this.#keys.has(key)) return;
    this.#keys.add(key);
    const call = (this.#counts.get(operation.name) ?? 0) + 1;
    this.#counts.set(operation.name, call);
    // The limit of calls does not apply in a replay: the refusal is scripted.
    const what =
      explanation?.rule === 'rate-limit' ? { fault: { status: 429 } } : this.#brief(scripted as Fields | undefined);
    if (what) this.#add(operation.name, call, what);
  }

  /** Returns the outcomes as a scenario file has them. */
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
 * The clock of a replay beside that of the journal. It stands between steps, and is moved by the time that passed in the
 * journal where that may make a difference: after a minute, before the journal's clock was moved, and before a refusal.
 */
export class Timeline {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  /** Returns the durations to move the clock by before a call, or in its place where it moved the clock. */
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

/** The longest collection of plain values that stands on one line, in characters. */
const ONE_LINE = 90;

/** Returns a scenario as YAML, short collections on one line. */
export function toYaml(scenario: object): string {
  const document = new Document(scenario, { aliasDuplicateObjects: false });
  visit(document, {
    Pair(_, { key }) {
      // Without quotes this key would merge a mapping.
      if (isScalar(key) && key.value === '<<') key.type = Scalar.QUOTE_DOUBLE;
    },
    Collection(_, node, path) {
      // The document itself, its lists, and their elements.
      if (path.length > 4 || (path.length > 1 && isSeq(node))) {
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
  /** The number of its requests. */
  calls: number;
  /** The calls that it leaves out or changes, in a line for each reason. */
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

/** Returns the market of the first purchase. */
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
      const keep = ids.variablesAt(index);
      return Object.keys(keep).length > 0 ? { ...step, keep } : step;
    }),
  });
  return { text, calls: written, left, shortened: script.shortened };
}

/** Fields of a body whose value is an id of an earlier answer. */
const references = ['customer_token', 'step_up_id'];

/** Returns the parameter of a successful call whose id no answer gave: it is older than the journal, or another merchant's. */
function unknownIn({ exchange, params }: Call, ids: Ids): string | undefined {
  const { status, request, scripted } = exchange;
  // Such an answer does not depend on the id: a fault, or an id that was not found.
  const fault = scripted?.fault;
  if ((fault && fault.commit !== true) || status === 404 || status === 400 || status === 401 || status === 429) {
    return undefined;
  }
  const named = [...Object.entries(params), ...references.map((name) => [name, find(request.body, name)] as const)];
  return named.find(([, value]) => value !== undefined && !ids.has(value))?.[0];
}

/** Returns the text of a field, wherever it stands in a body. */
function find(body: unknown, name: string): string | undefined {
  if (!isFields(body) && !Array.isArray(body)) return undefined;
  for (const [key, inner] of Object.entries(body)) {
    const found = key === name && typeof inner === 'string' ? inner : find(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns one line for each reason, with the number of calls and their operations. */
function gather(left: readonly LeftOut[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { what, why } of left) byReason.set(why, [...(byReason.get(why) ?? []), what]);
  return [...byReason].map(([why, all]) => {
    const names = [...new Set(all)];
    const shown = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and others' : ''}`;
    return `${all.length} (${shown}): ${why}`;
  });
}
