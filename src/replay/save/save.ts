import { type MarketCountry, marketOf } from '../../klarna/catalogue/markets.js';
import { type Fields, isFields } from '../words.js';
import { type Call, isClock, type Journal, type LeftOut, readCalls } from './calls.js';
import { expectationOf } from './expectation.js';
import { Ids } from './ids.js';
import { makeRedactor, type Redactor } from './redact.js';
import { RequestWriter } from './request.js';
import { Script } from './script.js';
import { Timeline } from './timeline.js';
import { toYaml } from './yaml.js';

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
function unknownIn({ exchange, path }: Call, ids: Ids): string | undefined {
  const { status, request, scripted } = exchange;
  // Nobody looked at what it named; and what is not found is not found again.
  const fault = scripted?.fault;
  if ((fault && fault.commit !== true) || status === 404 || status === 400 || status === 401 || status === 429) {
    return undefined;
  }
  const named = [...Object.entries(path), ...references.map((name) => [name, find(request.body, name)] as const)];
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
