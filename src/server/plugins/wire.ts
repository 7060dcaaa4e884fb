import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type Server,
  ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WallClock } from '../../exchange/wall-clock.js';
import type { Reason } from '../../klarna/catalogue/rules.js';
import { errorBody } from '../../klarna/decision.js';
import { explainHeader } from './explanation.js';

/** Names that are not simply capitalised word by word. */
const irregular = new Map([
  ['www-authenticate', 'WWW-Authenticate'],
  ['etag', 'ETag'],
  ['x-xss-protection', 'X-XSS-Protection'],
]);

/** Highest number of remembered names: those of the code are few, but scenarios may bring any number. */
const REMEMBERED = 500;
const remembered = new Map(irregular);

/**
 * Returns the spelling of a header name on the wire: `Klarna-Correlation-Id` for `klarna-correlation-id`.
 * Klarna's gateway writes names so (reported), and some clients look them up by case.
 */
export function canonicalName(name: string): string {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const canonical = irregular.get(lower) ?? lower.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  if (remembered.size < REMEMBERED) remembered.set(name, canonical);
  return canonical;
}

/** The state of a connection. */
export interface Line {
  /** Number of requests whose headers have arrived and whose answers have not been sent. */
  unanswered: number;
  answered: boolean;
  newest?: WireResponse;
  /** Number of bytes that had been read when the bytes stopped being HTTP; absent before. */
  brokenAt?: number;
  /** The function that ends a broken connection, and the number of answers that may be missing by then. */
  ending?: { left: number; end(): void };
}

const lines = new WeakMap<object, Line>();

/** Returns the state of a connection. */
export function lineOf(socket: object): Line {
  let line = lines.get(socket);
  if (!line) {
    line = { unanswered: 0, answered: false };
    lines.set(socket, line);
  }
  return line;
}

/** Ends a broken connection as soon as all answers that must be sent before have been sent. */
function endWhenAnswered(line: Line): void {
  const { ending } = line;
  if (!ending || line.unanswered > ending.left) return;
  line.ending = undefined;
  // Node still works on the response that was just sent.
  process.nextTick(ending.end);
}

/** Tells whether the server that accepted a connection stops. Node has sockets know it, which the types do not declare. */
const isStopping = (socket: (Socket & { server?: Server }) | null): boolean => socket?.server?.listening === false;

/**
 * A response that writes header names in canonical case, and that the connection counts from the arrival of its
 * request. Node itself knows only the first of a pipeline, and the later ones would be lost with the connection.
 */
export class WireResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  constructor(...request: ConstructorParameters<typeof ServerResponse<Request>>) {
    // Node passes options that the types do not declare.
    super(...request);
    const line = lineOf(request[0].socket);
    line.unanswered++;
    line.newest = this;
  }

  /** True when its request came with right credentials. */
  admitted = false;

  /** The headers as they were sent, where they were given as one object: without a copy, names as they were given. */
  sentHeaders: OutgoingHttpHeaders | undefined;

  override detachSocket(socket: Socket): void {
    super.detachSocket(socket);
    const line = lineOf(socket);
    line.unanswered--;
    line.answered = true;
    endWhenAnswered(line);
    // Its headers may have promised that the connection stays.
    if (line.unanswered === 0 && isStopping(socket)) process.nextTick(() => socket.end());
  }

  override setHeader(name: string, value: number | string | readonly string[]): this {
    return super.setHeader(canonicalName(name), value);
  }

  /** A list of headers keeps its spelling; an object of headers gets canonical case. */
  override writeHead(
    status: number,
    message?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    // A server that stops listening answers what is under way, and no more.
    if (isStopping(this.req.socket) && lineOf(this.req.socket).newest === this) this.shouldKeepAlive = false;
    if (typeof message === 'string') return super.writeHead(status, message, listed(headers));
    const given = message ?? headers;
    if (!Array.isArray(given)) this.sentHeaders = given;
    return super.writeHead(status, listed(given));
  }
}

/**
 * Calls back once the bytes behind a request are known. While Node still reads the chunk with the request, an answer
 * would be sent before stray bytes in the same chunk are seen.
 */
export function onceRead({ complete }: Pick<IncomingMessage, 'complete'>, leave: () => void): void {
  if (complete === false) process.nextTick(leave);
  else leave();
}

function listed(headers: OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined): OutgoingHttpHeader[] | undefined {
  if (headers === undefined || Array.isArray(headers)) return headers;
  const list: OutgoingHttpHeader[] = [];
  for (const name in headers) list.push(canonicalName(name), headers[name] as OutgoingHttpHeader);
  return list;
}

/**
 * Node's options for `Fastify({ http })`. Headers and target may take 20 kB in total (Klarna's request limits; docs).
 * Requests without `Host` are accepted, since HTTP/1.0 has none: the application then uses its own address.
 */
export const httpOptions = { ServerResponse: WireResponse, maxHeaderSize: 20_480, requireHostHeader: false };

export interface UnreadableOptions {
  wall: Pick<WallClock, 'later'>;
  correlationId(): string;
  /** `false` omits the header `Mock-Klarna-Explain`. */
  explain: boolean;
  /** Called with every answer given here, since no handler sees them. */
  refused?(answer: { status: number; correlationId: string; because: Reason }): void;
}

/**
 * A client that is still sending reads its answer only after it has finished. For this time in milliseconds, and up to
 * this number of bytes, what it sends is read and discarded.
 */
const LINGER = 2_000;
const LINGER_BYTES = 64 * 1024 * 1024;

/**
 * Makes Fastify's `clientErrorHandler`, for bytes on a connection that are not HTTP.
 *
 * Pending answers are sent first. Stray bytes behind a request then end the connection without an answer (reported: a
 * client that writes `{}` after a GET); the last pending answer says `Connection: close`, or a client would send its
 * next request on that connection. An unreadable request gets 400 in Klarna's shape, one that does not arrive in time
 * gets 408. The connection is closed after that.
 */
export function clientErrorHandler(options: UnreadableOptions): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    const { code, rawPacket, bytesParsed = 0 } = error as ParserError;
    if (code === 'ECONNRESET' || socket.destroyed) {
      socket.destroy();
      return;
    }
    const line = lineOf(socket);
    if (line.brokenAt !== undefined) {
      if (socket.bytesRead - line.brokenAt > LINGER_BYTES) socket.destroy();
      return;
    }
    line.brokenAt = socket.bytesRead;
    const inBody = line.unanswered > 0 && line.newest?.req.complete === false && !line.newest.headersSent;
    const stray =
      code === 'HPE_CLOSED_CONNECTION' ||
      (code === 'HPE_INVALID_METHOD' && !rawPacket?.includes(' HTTP/', bytesParsed));
    const silent = !inBody && (line.unanswered > 0 || line.answered) && stray;
    if (silent && line.newest) line.newest.shouldKeepAlive = false;
    line.ending = {
      // The request with the broken body waits for the rest of it and is never answered.
      left: inBody ? 1 : 0,
      end: () => (silent ? socket.end() : refuse(socket, code, options)),
    };
    endWhenAnswered(line);
  };
}

/** Makes the handler of the server's event `connect`: a request for a tunnel, which Node itself would not answer. */
export function connectHandler(options: UnreadableOptions): (request: IncomingMessage, socket: Duplex) => void {
  return (_request, socket) => {
    const line = lineOf(socket);
    line.ending = { left: 0, end: () => refuse(socket, 'CONNECT', options) };
    // Node no longer reads from the socket; without a reader its end would not be noticed.
    socket.on('error', () => socket.destroy()).resume();
    endWhenAnswered(line);
  };
}

interface ParserError extends Error {
  code?: string;
  rawPacket?: Buffer;
  bytesParsed?: number;
}

const complaints: Record<string, string> = {
  CONNECT: 'CONNECT asks for a tunnel, and this is no proxy',
  HPE_HEADER_OVERFLOW: 'target and headers take more than 20 kB',
  HPE_INVALID_METHOD: 'the method is not one of HTTP',
  HPE_INVALID_EOF_STATE: 'the connection ended within the request',
  ERR_HTTP_REQUEST_TIMEOUT: 'the request did not arrive in time',
};

function refuse(socket: Duplex, code: string | undefined, options: UnreadableOptions): void {
  if (!socket.writable) return void socket.destroy();
  const status = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const correlationId = options.correlationId();
  const text = complaints[code ?? ''] ?? `the bytes are not HTTP (${code ?? 'unknown'})`;
  const because: Reason = { rule: 'readable-request', text };
  const body = JSON.stringify(errorBody({ error: 'BAD_REQUEST', messages: [] }, correlationId));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Klarna-Correlation-Id: ${correlationId}`,
    ...(options.explain ? [`Mock-Klarna-Explain: ${explainHeader(because.rule, because.text)}`] : []),
    'Connection: close',
  ];
  const release = options.wall.later(LINGER, () => socket.destroy());
  socket.once('close', release);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  options.refused?.({ status, correlationId, because });
}
