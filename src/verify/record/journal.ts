import { locate } from '../../contract/locate.js';
import { readBasic } from '../../exchange/credentials.js';
import type { Exchange } from '../../exchange/exchange.js';
import { headerOf } from '../../exchange/message.js';
import { showExchange } from '../../exchange/raw-exchange.js';
import type { Unjudged } from '../../exchange/recorded.js';
import { withoutSecrets } from '../../exchange/redact.js';
import type { Reason } from '../../klarna/catalogue/rules.js';
import { type RuleId, rules } from '../../klarna/catalogue/rules.js';
import { type Instant, toIso } from '../../klarna/time.js';
import { JournalRing } from '../../store/journal-ring.js';
import type { ProxiedExchange } from './proxy.js';

/** The most exchanges that are kept, and the most characters of them; the oldest go first. */
const EXCHANGES = 10_000;
const ROOM = 32 * 1024 * 1024;

/** The most bytes of a body that are read: more than the journal keeps, so that a longer one counts as cut. */
export const BODY_LIMIT = ROOM / 4 + 1;

/** An exchange of a recording and its merchant. */
export interface MerchantExchange {
  exchange: Exchange;
  /** User name of the merchant, as far as the request says it. */
  merchant?: string;
  /** The reason why it has no answer, or lacks a body. */
  trouble?: string;
}

/** An exchange as a recording keeps it: without credentials, and with what they said of the merchant. */
export interface KeptExchange extends ProxiedExchange {
  /** User name of the merchant, as far as the request says it. */
  merchant?: string;
  /** The request came with an API key of Klarna's live environment. */
  live?: true;
}

/** Returns an exchange as it is kept; one that is kept already stays as it is. */
export function keep(exchange: KeptExchange): KeptExchange {
  const { requestHeaders, responseHeaders } = exchange;
  const { username: merchant, live } = readBasic(headerOf(requestHeaders, 'authorization')) ?? {};
  return {
    ...(merchant !== undefined && { merchant }),
    ...(live && { live }),
    ...exchange,
    requestHeaders: withoutSecrets(requestHeaders),
    responseHeaders: withoutSecrets(responseHeaders),
  };
}

/** The notes of an exchange that a journal does not have. */
type Note = Pick<KeptExchange, 'merchant' | 'trouble' | 'clock' | 'live'>;

/** The exchanges of a recording as it is finished, in memory and bounded. */
export class RecordingJournal {
  readonly #journal: JournalRing;
  readonly #limit: number;
  readonly #before: number;
  readonly #notes: Note[] = [];
  readonly #correlated = new Set<string>();

  /** @param options `before`: number of exchanges that were given up before the first one */
  constructor({ limit = EXCHANGES, room = ROOM, before = 0 } = {}) {
    this.#journal = new JournalRing(limit, room);
    this.#limit = limit;
    this.#before = before;
  }

  get length(): number {
    return this.#journal.length;
  }

  add(given: KeptExchange): void {
    const exchange = keep(given);
    const { target, requestHeaders, responseHeaders, trouble, merchant, clock, live } = exchange;
    this.#journal.add({
      at: exchange.at,
      method: exchange.method,
      path: target,
      operation: locate(exchange.method, target)?.operation.name,
      status: exchange.status,
      ms: exchange.ms,
      correlationId: this.#correlation(headerOf(responseHeaders, 'klarna-correlation-id')),
      requestHeaders,
      requestBody: exchange.requestBody,
      responseHeaders,
      responseBody: exchange.responseBody,
      because: reasonOf(headerOf(responseHeaders, 'mock-klarna-explain')),
    });
    this.#notes.push({ merchant, trouble, clock, live });
    while (this.#notes.length > this.#journal.length) this.#notes.shift();
  }

  /** Returns the exchanges, oldest first, with the times of the merchants' own clocks where they are known. */
  list(): { exchanges: MerchantExchange[]; dropped: number } {
    const { items, dropped } = this.#journal.list();
    const times = this.#clocks();
    const listed = items
      .map(showExchange)
      .reverse()
      .map((exchange, at): MerchantExchange => {
        const { merchant, trouble, live } = this.#notes[at] as Note;
        const time = times[at];
        const own = { ...(time !== undefined && { at: toIso(time) }), ...(live && { live_key: live }) };
        return { exchange: { ...exchange, ...own }, merchant, trouble };
      });
    return { exchanges: listed, dropped: dropped + this.#before };
  }

  /**
   * Returns the time of the merchant's clock at each exchange. One whose answer does not give it has the time of the one
   * before, and the first ones that of the next.
   */
  #clocks(): (Instant | undefined)[] {
    const nobody = this.#notes.find(({ merchant }) => merchant !== undefined)?.merchant;
    const known = new Map<string | undefined, Instant>();
    const clocks = this.#notes.map(({ merchant = nobody, clock }) => ({ merchant, clock }));
    // Exchanges before the first known time of a merchant get that time.
    for (const { merchant, clock } of clocks.toReversed()) if (clock !== undefined) known.set(merchant, clock);
    return clocks.map(({ merchant, clock }) => {
      if (clock !== undefined) known.set(merchant, clock);
      return known.get(merchant);
    });
  }

  /** Returns the correlation id of an exchange: another than the answer's where that repeats an earlier one, as in the sandbox's journal. */
  #correlation(id: string | undefined): string | undefined {
    if (id === undefined) return undefined;
    if (this.#correlated.has(id)) return `${id} again`;
    this.#correlated.add(id);
    if (this.#correlated.size > this.#limit) this.#correlated.delete(this.#correlated.values().next().value as string);
    return id;
  }
}

/** Returns the reason that a sandbox gives with its answer. */
function reasonOf(explanation: string | undefined): Reason | undefined {
  const [, rule = '', text = ''] = /^([\w-]+): (.*)$/s.exec(explanation ?? '') ?? [];
  return rule in rules ? { rule: rule as RuleId, text } : undefined;
}

/** Returns the exchanges of a recording that cannot be judged, with the reasons. */
export function troublesOf(exchanges: readonly MerchantExchange[], dropped: number): Unjudged[] {
  const troubles = exchanges.flatMap(({ exchange, trouble }, at) => {
    const what = `exchange ${at + 1} (${exchange.method} ${exchange.path})`;
    const why = trouble ?? (exchange.response.cut && 'the body of the answer is too long to be kept');
    return why ? [{ what, why }] : [];
  });
  if (dropped === 0) return troubles;
  const why = 'there was no room for more: record less at once';
  return [{ what: dropped === 1 ? 'the oldest exchange' : `the oldest ${dropped} exchanges`, why }, ...troubles];
}
