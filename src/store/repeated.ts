import type { RawExchange, RawHeaders } from '../exchange/raw-exchange.js';

/** The parts of the newest request for an operation that the next one may have as well. */
interface Newest {
  path: string;
  headers: RawHeaders;
  /** The names of its headers in their order. */
  names: readonly string[];
  /** Bytes of the names and values of its headers. */
  size: number;
}

/**
 * Keeps once what requests for the same operation have in common. A client sends the same headers each time: they are more than
 * a third of the objects of an exchange, all of which the garbage collector has to copy twice.
 */
export class Repeated {
  readonly #newest = new Map<string | undefined, Newest>();

  /**
   * Gives an exchange the path and the request headers of the one of its operation before, where they are the same.
   * @returns bytes of the names and values of its request headers
   */
  share(exchange: RawExchange): number {
    const { operation, path, requestHeaders } = exchange;
    const newest = this.#newest.get(operation);
    if (!newest || !hasSame(newest, requestHeaders)) {
      const size = headersSize(requestHeaders);
      this.#newest.set(operation, { path, headers: requestHeaders, names: Object.keys(requestHeaders), size });
      return size;
    }
    exchange.requestHeaders = newest.headers;
    if (path === newest.path) exchange.path = newest.path;
    else newest.path = path;
    return newest.size;
  }
}

/** Tells whether headers have the same names in the same order, with the same values. */
function hasSame({ headers, names }: Newest, others: RawHeaders): boolean {
  let at = 0;
  for (const name in others) {
    if (names[at++] !== name || headers[name] !== others[name]) return false;
  }
  return at === names.length;
}

/** Returns the bytes of the names and values of headers. */
export function headersSize(headers: RawHeaders): number {
  let size = 0;
  for (const name in headers) {
    size += name.length + String(headers[name]).length;
  }
  return size;
}
