import type { Agent } from 'undici';
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

/** Loads the HTTP client at first use: a server never needs it. */
function loadAgent(): Promise<Agent> {
  loading ??= import('undici').then(({ default: undici }) => new undici.Agent());
  return loading;
}

/** Parses JSON; returns other text unchanged, and undefined for an empty text. */
export function readBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Describes the error of a connection in one line. */
function troubleOf(error: NodeJS.ErrnoException, timeout: number): string {
  if (error.name === 'TimeoutError') return `timed out after ${timeout / 1000} s`;
  // The wording of Node's own client.
  if (error.code === 'UND_ERR_SOCKET') return 'socket hang up';
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return (first ?? error).message.replace(/\s+/g, ' ').trim();
}
