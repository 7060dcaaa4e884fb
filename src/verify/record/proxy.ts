import http, { type ClientRequest, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { isLoopback, urlForOthers, withoutBrackets } from '../../client/loopback.js';
import { CLOCK_HEADER } from '../../contract/headers.js';
import { bodyText } from '../../exchange/message.js';
import { type WallClock, wallClock } from '../../exchange/wall-clock.js';
import { isVouchedFor, type StrangersOptions, strangersFault, turnAway } from './strangers.js';

/** One exchange that went through the proxy. */
export interface ProxiedExchange {
  /** Arrival of the request, epoch ms. */
  at: number;
  /** Time of the merchant's clock, epoch ms, where the target is a sandbox that gives it. */
  clock?: number;
  /** Duration until the end of the answer, in ms. */
  ms: number;
  method: string;
  /** Path and query. */
  target: string;
  /** Names as they were spelt; a header that came more than once has its values in one text. */
  requestHeaders: Record<string, string>;
  requestBody?: string;
  /** 0 where no whole answer came. */
  status: number;
  responseHeaders: Record<string, string>;
  responseBody?: string;
  /** The reason why no whole answer came, or why a body is not kept. */
  trouble?: string;
}

/** Keeps the beginning of a body that is streamed on. */
export class Tap {
  readonly #chunks: Buffer[] = [];
  readonly #limit: number;
  #bytes = 0;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  on(message: IncomingMessage): this {
    message.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, this.#limit - this.#bytes);
      if (part.length > 0) this.#chunks.push(part);
      this.#bytes += part.length;
    });
    return this;
  }

  /** Returns the body as text, or the reason why it is none. */
  read(headers: Record<string, string>): { text?: string; unreadable?: string } {
    if (this.#bytes === 0) return {};
    const bytes = Buffer.concat(this.#chunks);
    // The beginning of a long body may end within a character.
    if (this.#bytes >= this.#limit) return { text: bytes.toString('utf8') };
    return bodyText(headers, bytes);
  }
}

/** Returns headers as they were spelt; one that came more than once has its values in one text. */
export function spelt(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const [name, value] = [raw[at] as string, raw[at + 1] as string];
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

/** Options of the way to the target. */
export interface UpstreamOptions extends StrangersOptions {
  target: URL;
  /** The target is a sandbox, which gives the time of a merchant's clock on request. */
  sandbox?: boolean;
}

/** Sends requests on to the target as they came. */
export class Upstream {
  readonly #options: UpstreamOptions;
  /** A connection to the target for each of the shop's, so that each ends with the other. */
  readonly #agents = new WeakMap<Socket, http.Agent>();

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  /** Begins a request; its body is still to be written. */
  begin(request: IncomingMessage): ClientRequest {
    const { target } = this.#options;
    const secure = target.protocol === 'https:';
    return (secure ? https : http).request({
      protocol: target.protocol,
      hostname: withoutBrackets(target.hostname),
      port: target.port,
      method: request.method,
      path: target.pathname.replace(/\/$/, '') + pathOf(request.url as string),
      headers: this.#headers(request) as unknown as http.OutgoingHttpHeaders,
      setHost: false,
      agent: this.#agentOf(request.socket, secure),
    });
  }

  #agentOf(socket: Socket, secure: boolean): http.Agent {
    const known = this.#agents.get(socket);
    if (known) return known;
    const agent = new (secure ? https : http).Agent({ keepAlive: true, maxSockets: 1 });
    this.#agents.set(socket, agent);
    socket.once('close', () => agent.destroy());
    return agent;
  }

  /** Returns names and values in turn, in the order and the spelling of the shop. */
  #headers({ rawHeaders, method = '', url }: IncomingMessage): string[] {
    const { target, sandbox } = this.#options;
    const credentials = isVouchedFor(pathOf(url as string), this.#options) ? this.#options.credentials : undefined;
    const replaced = new Map<string, string>();
    // A target elsewhere is found by its name; one on this machine answers with links to where it was asked.
    if (!isLoopback(target.hostname)) replaced.set('host', target.host);
    if (credentials) {
      const { username, password } = credentials;
      replaced.set('authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
    }
    const headers: string[] = [];
    const names = new Set<string>();
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const [name, value] = [rawHeaders[at] as string, rawHeaders[at + 1] as string];
      const lower = name.toLowerCase();
      names.add(lower);
      headers.push(name, replaced.get(lower) ?? value);
    }
    if (credentials && !names.has('authorization')) {
      headers.push('Authorization', replaced.get('authorization') as string);
    }
    if (!names.has('host')) headers.push('Host', target.host);
    if (sandbox) headers.push(CLOCK_HEADER, 'tell');
    // Without a length Node would announce a body that does not come.
    const bodiless = !names.has('content-length') && !names.has('transfer-encoding');
    if (bodiless && !/^(GET|HEAD|DELETE|OPTIONS|TRACE|CONNECT)$/.test(method)) headers.push('Content-Length', '0');
    return headers;
  }
}

/** Returns path and query, also of a request for an absolute URL, as those to a proxy are. */
export function pathOf(url: string): string {
  if (url.startsWith('/') || !URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

/** Options of a proxy. */
export interface ProxyOptions extends UpstreamOptions {
  port: number;
  host: string;
  /** The longest silence of the target, in ms. */
  patience?: number;
  /** The most bytes of a body that are kept; all of it is sent on. */
  keep: number;
  /** Called with every exchange when it is over. */
  onExchange(exchange: ProxiedExchange): void;
  /** Called with a request that was turned away, in one line without its query. */
  onRefusal?(line: string): void;
  wall?: Pick<WallClock, 'now' | 'monotonic'>;
}

/** A running proxy. */
export interface Proxy {
  url: string;
  /** Closes the proxy and the requests under way. */
  close(): Promise<void>;
}

const PATIENCE = 60_000;

/**
 * Stands between a shop and a target: everything passes as it comes, in both directions.
 * @throws the error of the system when it cannot listen
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const upstream = new Upstream(options);
  const server = createServer(
    { requireHostHeader: false, maxHeaderSize: 64 * 1024, keepAliveTimeout: 120_000 },
    (request, response) => {
      const path = pathOf(request.url as string);
      const fault = strangersFault(request, path, options);
      if (!fault) return new Passage(request, response, options).run(upstream);
      options.onRefusal?.(`${request.method} ${path.split('?')[0]} ${fault.status}  ${fault.text}`);
      turnAway(response, fault);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  return {
    url: urlForOthers(server.address() as AddressInfo),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One request on its way to the target, and its answer on the way back. */
class Passage {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #options: ProxyOptions;
  readonly #requestBody: Tap;
  readonly #answerBody: Tap;
  readonly #at: number;
  readonly #started: number;
  #answer?: IncomingMessage;
  #done = false;

  constructor(request: IncomingMessage, response: ServerResponse, options: ProxyOptions) {
    const { wall = wallClock, keep } = options;
    this.#request = request;
    this.#response = response;
    this.#options = options;
    this.#requestBody = new Tap(keep).on(request);
    this.#answerBody = new Tap(keep);
    this.#at = wall.now();
    this.#started = wall.monotonic();
  }

  run(upstream: Upstream): void {
    const { target, patience = PATIENCE } = this.#options;
    const { origin } = target;
    const going = this.#orFail('the request cannot be sent on', () => upstream.begin(this.#request));
    if (!going) return;
    going.setTimeout(patience, () => going.destroy(new Error(`${origin} was silent for ${patience / 1000} s`)));
    going.on('response', (answer) => this.#passOn(answer));
    going.on('error', (error) => this.#fail(`${origin} gave no answer: ${describeError(error)}`));
    going.on('close', () => {
      if (!this.#answer) this.#fail(`${origin} gave no answer: it closed the connection`);
    });
    this.#request.pipe(going);
    this.#response.on('close', () => {
      if (this.#response.writableFinished) return;
      this.#end('the shop hung up before the answer was there');
      going.destroy();
    });
  }

  #passOn(answer: IncomingMessage): void {
    this.#answer = answer;
    this.#answerBody.on(answer);
    const response = this.#response;
    const passed = this.#orFail('the answer cannot be passed on', () => {
      response.sendDate = false;
      // Node would add the headers that the target leaves out.
      for (const name of ['connection', 'content-length', 'transfer-encoding']) response.removeHeader(name);
      response.writeHead(answer.statusCode as number, reasonOf(answer), this.#rawHeadersOf(answer));
      response.flushHeaders();
      return true;
    });
    if (!passed) {
      answer.destroy();
      return;
    }
    answer.on('end', () => {
      this.#orFail('the trailers cannot be passed on', () => {
        if (answer.rawTrailers.length > 0) response.addTrailers(spelt(answer.rawTrailers));
      });
      this.#end();
    });
    answer.on('error', (error) =>
      this.#fail(`the answer of ${this.#options.target.origin} broke off: ${describeError(error)}`),
    );
    answer.pipe(response);
  }

  /** Returns names and values in turn, without the header of the clock that was asked for in addition. */
  #rawHeadersOf({ rawHeaders }: IncomingMessage): string[] {
    if (!this.#options.sandbox) return rawHeaders;
    const isClock = (at: number) => (rawHeaders[at - (at % 2)] as string).toLowerCase() === CLOCK_HEADER;
    return rawHeaders.filter((_, at) => !isClock(at));
  }

  /** Does what Node refuses where the other side keeps no rule; the exchange fails then, and no other. */
  #orFail<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#fail(`${what}: ${describeError(error as Error)}`);
      return undefined;
    }
  }

  /** Tells the shop that there is no answer, or breaks off the one that has begun. */
  #fail(trouble: string): void {
    if (this.#done) return;
    this.#end(trouble);
    if (this.#response.headersSent) {
      this.#response.destroy();
      return;
    }
    for (const name of this.#response.getHeaderNames()) this.#response.removeHeader(name);
    const text = `mock-klarna record: ${trouble}. The request may have been carried out.\n`;
    const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text) };
    this.#response.writeHead(502, headers).end(text);
  }

  #end(trouble?: string): void {
    if (this.#done) return;
    this.#done = true;
    const { onExchange, wall = wallClock } = this.#options;
    const requestHeaders = spelt(this.#request.rawHeaders);
    const responseHeaders = spelt(this.#answer ? this.#rawHeadersOf(this.#answer) : []);
    const clock = Date.parse(String(this.#answer?.headers[CLOCK_HEADER]));
    const requestBody = this.#requestBody.read(requestHeaders);
    const responseBody = this.#answerBody.read(responseHeaders);
    const why = trouble ?? requestBody.unreadable ?? responseBody.unreadable;
    onExchange({
      at: this.#at,
      ...(this.#options.sandbox && !Number.isNaN(clock) && { clock }),
      ms: wall.monotonic() - this.#started,
      method: this.#request.method as string,
      target: pathOf(this.#request.url as string),
      requestHeaders,
      requestBody: requestBody.text,
      status: trouble === undefined ? (this.#answer?.statusCode as number) : 0,
      responseHeaders,
      responseBody: responseBody.text,
      ...(why !== undefined && { trouble: why }),
    });
  }
}

/** Returns the reason phrase of an answer, without signs that none may have. */
const reasonOf = ({ statusMessage = '' }: IncomingMessage): string =>
  statusMessage.replace(/[^\t\x20-\x7e\x80-\xff]/g, '');

/** Returns the error of a connection in one line; its code where several addresses of one name have failed. */
function describeError(error: Error): string {
  return error.message || String((error as NodeJS.ErrnoException).code);
}
