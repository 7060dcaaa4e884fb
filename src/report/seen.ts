import { isFraming } from '../contract/headers.js';
import { groupBy } from '../exchange/fields.js';
import { headerOf } from '../exchange/message.js';
import { ANY_HOST } from './any-host.js';
import type { Finding, Place, SeenExchange } from './finding.js';
import { printable, shorten } from './text.js';

/** The parts of an exchange, in whatever form it was met, that reports show. */
export type ShownParts = Pick<SeenExchange, 'method' | 'path' | 'request' | 'status' | 'response'>;

/**
 * Returns an exchange as a report shows it: without headers of the framing, the port of a sandbox and client tokens, which
 * are long, tell nobody anything and have the port in them.
 */
export function seenAt(
  where: Place,
  { method, path, request, status, response }: ShownParts,
  side?: string,
): SeenExchange {
  const seen = {
    where,
    ...(side !== undefined && { side }),
    method,
    path,
    request: shownMessage(request),
    status,
    response: shownMessage(response),
  };
  const text = JSON.stringify(seen, hideToken);
  const host = headerOf(request.headers, 'host') ?? '';
  return JSON.parse(/^[\w.-]+:\d+$/.test(host) ? text.replaceAll(host, ANY_HOST) : text);
}

const hideToken = (name: string, value: unknown): unknown =>
  name === 'client_token' && typeof value === 'string' ? '[redacted]' : value;

const shownMessage = (message: ShownParts['request']) => ({
  ...message,
  headers: shownHeaders(message.headers),
  body: message.body,
  cut: message.cut,
});

const shownHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !isFraming(name) && name.toLowerCase() !== 'host'));

/** The most exchanges that are kept for findings that say the same. */
const MOST_ALIKE = 3;

/** The most characters of all exchanges that are kept, as JSON. */
const ROOM = 4_000_000;

/** Keeps the exchanges that findings are about: each once, and for many findings that say the same those of the first. */
export class SeenExchanges {
  readonly #byPlace: Map<string, readonly SeenExchange[]>;
  readonly #alike = new Map<string, number>();
  #room = ROOM;

  /** @param known exchanges that are kept already */
  constructor(known: readonly SeenExchange[] = []) {
    this.#byPlace = groupBy(known, ({ where }) => keyOf(where));
  }

  /**
   * Keeps the exchanges of a finding, unless there are enough.
   * @param make gives them, and is called only if they are kept
   */
  add(found: Finding, make: () => readonly SeenExchange[]): void {
    if (this.#room <= 0) return;
    // Only the path may have a line break in it.
    const says = `${found.check}\n${found.operation}\n${found.message}\n${found.path}`;
    const alike = this.#alike.get(says) ?? 0;
    if (alike >= MOST_ALIKE) return;
    this.#alike.set(says, alike + 1);
    const place = keyOf(found.where);
    if (this.#byPlace.has(place)) return;
    const made = make();
    this.#byPlace.set(place, made);
    this.#room -= JSON.stringify(made).length;
  }

  /** Returns the exchanges in the order in which they were added. */
  list(): SeenExchange[] {
    return [...this.#byPlace.values()].flat();
  }
}

const keyOf = ({ file, line, case: name, step, merchant, exchange }: Place): string =>
  JSON.stringify([file, line, name, step, merchant, exchange]);

/** Returns a function that finds the exchanges of a finding among those of a report. */
export function seenFinder(exchanges: readonly SeenExchange[] = []): (found: Finding) => readonly SeenExchange[] {
  const byPlace = groupBy(exchanges, ({ where }) => keyOf(where));
  return ({ where }) => byPlace.get(keyOf(where)) ?? [];
}

/** Returns the exchanges that some of the findings are about. */
export function seenIn(exchanges: readonly SeenExchange[], findings: readonly Finding[]): SeenExchange[] {
  const places = new Set(findings.map(({ where }) => keyOf(where)));
  return exchanges.filter(({ where }) => places.has(keyOf(where)));
}

/** The longest body in a line, in characters. */
const LONGEST_LINE = 400;

const inLine = (body: unknown): string => (body === undefined ? '' : ` ${shorten(body, LONGEST_LINE)}`);

/** Returns an exchange in two lines: the request, and the answer to it. */
export function exchangeLines({ side, method, path, request, status, response }: SeenExchange): string[] {
  const answered = status === 0 ? 'no answer' : `answered ${status}${inLine(response.body)}`;
  const lines = [`${method} ${path}${inLine(request.body)}`, side === undefined ? answered : `${side}: ${answered}`];
  return lines.map(printable);
}
