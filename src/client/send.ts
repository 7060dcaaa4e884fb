/// <reference path="./undici.d.ts" />
import type { Agent, Dispatcher } from 'undici';
import { DOCUMENT_DEPTH, readBody } from '../exchange/json.js';
import { wallClock } from '../exchange/wall-clock.js';
import type { Answer, SentRequest } from './target.js';

/** The outcome of sending a request: its answer, or the trouble where there is none. */
export interface Sent {
  answer?: Answer;
  trouble?: string;
}

/** Default time in milliseconds to wait for an answer. */
const TIMEOUT = 10_000;

/**
 * Sends a request exactly: any method may have a body, the path is not normalized, and redirects are not followed.
 * @param timeout time in milliseconds to wait for the whole answer
 */
export async function send({ method, url, headers, body }: SentRequest, timeout = TIMEOUT): Promise<Sent> {
  const agent = await loadAgent();
  const end = url.indexOf('/', url.indexOf('//') + 2);
  const [origin, path] = end < 0 ? [url, '/'] : [url.slice(0, end), url.slice(end)];
  return new Promise((resolve) => {
    const reader = new AnswerReader(timeout, resolve);
    agent.dispatch({ origin, path, method, headers, ...(body !== undefined && { body }) }, reader);
  });
}

/** Reads the answer to one request, or gives up. */
class AnswerReader implements Dispatcher.DispatchHandler {
  readonly #done: (sent: Sent) => void;
  readonly #callOff: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #late: Error | undefined;
  #status = 0;
  #headers: Answer['headers'] = {};
  readonly #chunks: Buffer[] = [];

  constructor(timeout: number, done: (sent: Sent) => void) {
    this.#done = done;
    this.#callOff = wallClock.later(timeout, () => {
      this.#late = new Error(`timed out after ${timeout / 1000} s`);
      this.#controller?.abort(this.#late);
      this.#end({ trouble: this.#late.message });
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#late) controller.abort(this.#late);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Answer['headers']): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const text = new TextDecoder().decode(Buffer.concat(this.#chunks));
    this.#end({ answer: { status: this.#status, headers: this.#headers, body: readBody(text, DOCUMENT_DEPTH) } });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end({ trouble: troubleOf(error) });
  }

  #end(sent: Sent): void {
    this.#callOff();
    this.#done(sent);
  }
}

let loading: Promise<Agent> | undefined;

/** Loads the HTTP client at first use: a server never needs it. */
function loadAgent(): Promise<Agent> {
  loading ??= import('undici/lib/dispatcher/agent.js').then(({ default: Agent }) => new Agent());
  return loading;
}

/** Describes the error of a connection in one line. */
function troubleOf(error: NodeJS.ErrnoException): string {
  // The wording of Node's own client.
  if (error.code === 'UND_ERR_SOCKET') return 'socket hang up';
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return (first ?? error).message.replace(/\s+/g, ' ').trim();
}
