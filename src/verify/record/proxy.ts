import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CLOCK_HEADER } from '../../contract/headers.js';
import { urlOf } from '../../server/start.js';
import { type WallClock, wallClock } from '../../server/world/clock.js';
import type { Passed } from './passed.js';
import { spelt, Tap } from './tap.js';
import { pathOf, Upstream, type UpstreamOptions } from './upstream.js';

export interface ProxyOptions extends UpstreamOptions {
  port: number;
  host: string;
  /** How long the target may be silent, in ms. */
  patience?: number;
  /** So much of a body is kept, in bytes; all of it passes. */
  keep: number;
  /** Hears of every exchange when it is over. */
  passed(exchange: Passed): void;
  wall?: Pick<WallClock, 'now' | 'monotonic'>;
}

export interface Proxy {
  url: string;
  /** Ends it, and what is under way. */
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
    (request, response) => new Passage(request, response, options).run(upstream),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  return {
    url: urlOf(server.address() as AddressInfo),
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
  readonly #asked: Tap;
  readonly #answered: Tap;
  readonly #at: number;
  readonly #started: number;
  #answer?: IncomingMessage;
  #done = false;

  constructor(request: IncomingMessage, response: ServerResponse, options: ProxyOptions) {
    const { wall = wallClock, keep } = options;
    this.#request = request;
    this.#response = response;
    this.#options = options;
    this.#asked = new Tap(keep).on(request);
    this.#answered = new Tap(keep);
    this.#at = wall.now();
    this.#started = wall.monotonic();
  }

  run(upstream: Upstream): void {
    const { target, patience = PATIENCE } = this.#options;
    const { origin } = target;
    const going = upstream.begin(this.#request);
    going.setTimeout(patience, () => going.destroy(new Error(`${origin} was silent for ${patience / 1000} s`)));
    going.on('response', (answer) => this.#passOn(answer));
    going.on('error', (error) => this.#fail(`${origin} gave no answer: ${tell(error)}`));
    this.#request.pipe(going);
    this.#response.on('close', () => {
      if (this.#response.writableFinished) return;
      this.#end('the shop hung up before the answer was there');
      going.destroy();
    });
  }

  #passOn(answer: IncomingMessage): void {
    this.#answer = answer;
    this.#answered.on(answer);
    const response = this.#response;
    response.sendDate = false;
    // What the target leaves out Node would add.
    for (const name of ['connection', 'content-length', 'transfer-encoding']) response.removeHeader(name);
    response.writeHead(answer.statusCode as number, answer.statusMessage, this.#rawHeadersOf(answer));
    response.flushHeaders();
    answer.on('end', () => {
      if (answer.rawTrailers.length > 0) response.addTrailers(spelt(answer.rawTrailers));
      this.#end();
    });
    answer.on('error', (error) => this.#fail(`the answer of ${this.#options.target.origin} broke off: ${tell(error)}`));
    answer.pipe(response);
  }

  /** Names and values in turn, without the time that was asked for in addition. */
  #rawHeadersOf({ rawHeaders }: IncomingMessage): string[] {
    if (!this.#options.sandbox) return rawHeaders;
    const isClock = (at: number) => rawHeaders[at - (at % 2)]?.toLowerCase() === CLOCK_HEADER;
    return rawHeaders.filter((_, at) => !isClock(at));
  }

  /** Tells the shop that there is no answer, or breaks off the one that has begun. */
  #fail(trouble: string): void {
    this.#end(trouble);
    if (this.#response.headersSent) {
      this.#response.destroy();
      return;
    }
    const text = `mock-klarna record: ${trouble}. The request may have been carried out.\n`;
    const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text) };
    this.#response.writeHead(502, headers).end(text);
  }

  #end(trouble?: string): void {
    if (this.#done) return;
    this.#done = true;
    const { passed, wall = wallClock } = this.#options;
    const requestHeaders = spelt(this.#request.rawHeaders);
    const responseHeaders = spelt(this.#answer ? this.#rawHeadersOf(this.#answer) : []);
    const clock = Date.parse(String(this.#answer?.headers[CLOCK_HEADER]));
    const asked = this.#asked.read(requestHeaders);
    const answered = this.#answered.read(responseHeaders);
    const why = trouble ?? asked.unreadable ?? answered.unreadable;
    passed({
      at: this.#at,
      ...(this.#options.sandbox && !Number.isNaN(clock) && { clock }),
      ms: wall.monotonic() - this.#started,
      method: this.#request.method as string,
      target: pathOf(this.#request.url as string),
      requestHeaders,
      requestBody: asked.text,
      status: trouble === undefined ? (this.#answer?.statusCode as number) : 0,
      responseHeaders,
      responseBody: answered.text,
      ...(why !== undefined && { trouble: why }),
    });
  }
}

/** The error of a connection in one line; several addresses of one name may have failed, each in its way. */
function tell(error: Error): string {
  return error.message || String((error as NodeJS.ErrnoException).code);
}
