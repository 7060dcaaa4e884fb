import type { Agent } from 'undici';
import type { Answer, SentRequest } from './target.js';

/** The outcome of sending a request: its answer, or why there is none. */
export interface Sent {
  answer?: Answer;
  trouble?: string;
}

/** Milliseconds that a request waits for its answer unless told otherwise. */
const TIMEOUT = 10_000;

/**
 * Sends a request as it stands: a body goes with any method, a path is not tidied up, and no redirect is followed.
 * @param timeout milliseconds to wait for the whole answer
 */
export async function send({ method, url, headers, body }: SentRequest, timeout = TIMEOUT): Promise<Sent> {
  const agent = await loadAgent();
  const end = url.indexOf('/', url.indexOf('//') + 2);
  const [origin, path] = end < 0 ? [url, '/'] : [url.slice(0, end), url.slice(end)];
  try {
    const signal = AbortSignal.timeout(timeout);
    const response = await agent.request({
      origin,
      path,
      method,
      headers,
      signal,
      ...(body !== undefined && { body }),
    });
    const text = await response.body.text();
    return { answer: { status: response.statusCode, headers: response.headers, body: readBody(text) } };
  } catch (error) {
    return { trouble: troubleOf(error as NodeJS.ErrnoException, timeout) };
  }
}

let loading: Promise<Agent> | undefined;

/** Loads the HTTP client when something is first sent: a server sends nothing by it. */
function loadAgent(): Promise<Agent> {
  loading ??= import('undici').then(({ default: undici }) => new undici.Agent());
  return loading;
}

/** JSON as a value, anything else as text; undefined when there is none. */
export function readBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The error of a connection, in one line. */
function troubleOf(error: NodeJS.ErrnoException, timeout: number): string {
  if (error.name === 'TimeoutError') return `timed out after ${timeout / 1000} s`;
  // As Node's own client says it.
  if (error.code === 'UND_ERR_SOCKET') return 'socket hang up';
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return (first ?? error).message.replace(/\s+/g, ' ').trim();
}
