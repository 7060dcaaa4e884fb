import { locate } from '../../contract/locate.js';
import { readBasic } from '../../exchange/credentials.js';
import type { Exchange } from '../../exchange/exchange.js';
import { headerOf } from '../../exchange/message.js';
import { showExchange } from '../../exchange/raw-exchange.js';
import type { Unjudged } from '../../exchange/recorded.js';
import type { Reason } from '../../klarna/catalogue/rules.js';
import { type RuleId, rules } from '../../klarna/catalogue/rules.js';
import { type Instant, toIso } from '../../klarna/time.js';
import { JournalRing } from '../../store/journal-ring.js';
import type { Passed } from './proxy.js';

/** So many exchanges are kept, and so many characters of them; the oldest go. */
const EXCHANGES = 10_000;
const ROOM = 32 * 1024 * 1024;

/** So much of a body is looked at, in bytes. What is longer than the journal keeps is cut there, and counts as cut. */
export const BODY_KEPT = ROOM / 4 + 1;

/** An exchange of a recording, with whose it is. */
export interface KeptExchange {
  exchange: Exchange;
  /** User name of the merchant, as far as the request says it. */
  merchant?: string;
  /** Why it has no answer, or lacks a body. */
  trouble?: string;
}

/** What a recording keeps until it is written: a journal, in memory, bounded. */
export class Kept {
  readonly #journal: JournalRing;
  readonly #limit: number;
  readonly #notes: (Omit<KeptExchange, 'exchange'> & Pick<Passed, 'clock'>)[] = [];
  readonly #correlated = new Set<string>();

  constructor({ limit = EXCHANGES, room = ROOM } = {}) {
    this.#journal = new JournalRing(limit, room);
    this.#limit = limit;
  }

  add(passed: Passed): void {
    const { target, requestHeaders, responseHeaders, trouble } = passed;
    this.#journal.add({
      at: passed.at,
      method: passed.method,
      path: target,
      operation: locate(passed.method, target)?.operation.name,
      status: passed.status,
      ms: passed.ms,
      correlationId: this.#correlation(headerOf(responseHeaders, 'klarna-correlation-id')),
      requestHeaders,
      requestBody: passed.requestBody,
      responseHeaders,
      responseBody: passed.responseBody,
      because: reasonOf(headerOf(responseHeaders, 'mock-klarna-explain')),
    });
    const { username: merchant } = readBasic(headerOf(requestHeaders, 'authorization')) ?? {};
    this.#notes.push({ merchant, trouble, clock: passed.clock });
    while (this.#notes.length > this.#journal.length) this.#notes.shift();
  }

  /** Oldest first, with the times of the merchants' own clocks where they are known. */
  list(): { exchanges: KeptExchange[]; dropped: number } {
    const { items, dropped } = this.#journal.list();
    const times = this.#clocks();
    const kept = items
      .map(showExchange)
      .reverse()
      .map((exchange, at): KeptExchange => {
        const { merchant, trouble } = this.#notes[at] as Omit<KeptExchange, 'exchange'>;
        const time = times[at];
        return { exchange: time === undefined ? exchange : { ...exchange, at: toIso(time) }, merchant, trouble };
      });
    return { exchanges: kept, dropped };
  }

  /**
   * What the merchant's clock showed at each exchange. One without an answer that tells it happened when the one before it
   * did, as far as anybody knows, and the first ones when the next did.
   */
  #clocks(): (Instant | undefined)[] {
    const nobody = this.#notes.find(({ merchant }) => merchant !== undefined)?.merchant;
    const known = new Map<string | undefined, Instant>();
    const clocks = this.#notes.map(({ merchant = nobody, clock }) => ({ merchant, clock }));
    // The first time of each is what those before it get.
    for (const { merchant, clock } of clocks.toReversed()) if (clock !== undefined) known.set(merchant, clock);
    return clocks.map(({ merchant, clock }) => {
      if (clock !== undefined) known.set(merchant, clock);
      return known.get(merchant);
    });
  }

  /** An answer that came before has the id of then; as in the sandbox's journal, the exchange then has another. */
  #correlation(id: string | undefined): string | undefined {
    if (id === undefined) return undefined;
    if (this.#correlated.has(id)) return `${id} again`;
    this.#correlated.add(id);
    if (this.#correlated.size > this.#limit) this.#correlated.delete(this.#correlated.values().next().value as string);
    return id;
  }
}

/** The reason that a sandbox gives with its answer. */
function reasonOf(explanation: string | undefined): Reason | undefined {
  const [, rule = '', text = ''] = /^([\w-]+): (.*)$/s.exec(explanation ?? '') ?? [];
  return rule in rules ? { rule: rule as RuleId, text } : undefined;
}

/** What of a recording is no exchange to judge, and why. */
export function troublesOf(exchanges: readonly KeptExchange[], dropped: number): Unjudged[] {
  const troubles = exchanges.flatMap(({ exchange, trouble }, at) => {
    const what = `exchange ${at + 1} (${exchange.method} ${exchange.path})`;
    const why = trouble ?? (exchange.response.cut && 'the body of the answer is too long to be kept');
    return why ? [{ what, why }] : [];
  });
  if (dropped === 0) return troubles;
  const why = 'there was no room for more: record less at once';
  return [{ what: dropped === 1 ? 'the oldest exchange' : `the oldest ${dropped} exchanges`, why }, ...troubles];
}
