import type { AuthorizeAnswer } from './messages.js';

/** The answer of a load. */
export interface LoadAnswer {
  show_form: boolean;
  error?: AuthorizeAnswer['error'];
}

/** A payment method category as a session names it. */
export interface Category {
  identifier: string;
  name?: string;
  asset_urls?: Record<string, string>;
}

/** A session that the SDK opened by itself, for a button. */
export interface OpenedSession {
  session_id: string;
  client_token: string;
  payment_method_categories: Category[];
}

/** A call that the sandbox refused, or did not get; its message is one sentence. */
export class SandboxError extends Error {
  override name = 'SandboxError';
}

/** Time that the sandbox has to answer, in milliseconds. */
const PATIENCE = 30_000;

/** Number of characters of a report to the journal. */
const LONGEST_REPORT = 10_000;

interface Call {
  method?: 'GET' | 'POST';
  token?: string;
  body?: object;
  /** True for a call that may outlive the page. */
  keepalive?: boolean;
}

/** The header in which the sandbox explains its answer in one line. */
const EXPLAIN = 'mock-klarna-explain';

/** Returns why the sandbox refused a call, in a few words. */
export async function refusalOf(response: Response): Promise<string> {
  const explained = response.headers.get(EXPLAIN);
  if (explained) return explained;
  const said: unknown = await response.json().catch(() => undefined);
  const { error_messages: messages } = Object(said) as { error_messages?: unknown };
  return Array.isArray(messages) ? messages.join('; ') : `status ${response.status}`;
}

/** Calls an operation of the sandbox for browsers; `path` follows the base. */
async function call(base: string, path: string, { method = 'POST', token, body, keepalive }: Call): Promise<unknown> {
  const url = `${base}${path}`;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(keepalive ? { keepalive } : {}),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: patience.signal,
    });
    if (!response.ok) throw new SandboxError(`the sandbox refused ${method} ${path}: ${await refusalOf(response)}`);
    return response.status === 204 ? undefined : await response.json();
  } catch (error) {
    if (error instanceof SandboxError) throw error;
    throw new SandboxError(
      `${url} gave no answer (${error instanceof Error ? error.message : error}); the sandbox must run, and the page’s content security policy name it in connect-src`,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** The calls of the SDK to the sandbox for one client token. */
export class Session {
  constructor(
    /** The claim `base_url`, without a slash at its end. */
    readonly base: string,
    readonly token: string,
  ) {}

  /** Tells the session what a load says of the purchase; returns the load's answer. */
  async load(body: object): Promise<LoadAnswer> {
    const answer = await call(this.base, '/v1/purchase/load', { token: this.token, body });
    return answer as LoadAnswer;
  }

  /** Returns the payment method categories of the session. */
  async categories(): Promise<Category[]> {
    const purchase = await call(this.base, '/v1/purchase', { method: 'GET', token: this.token });
    return (purchase as { payment_method_categories: Category[] }).payment_method_categories;
  }

  /** Lets the journal have an error of the SDK. It never fails: the page gets its error in any case. */
  report(verb: string, error: string, message: string): void {
    const body = { call: verb, error, message: message.slice(0, LONGEST_REPORT) };
    call(this.base, '/v1/purchase/errors', { token: this.token, body, keepalive: true }).catch(() => {});
  }
}

/** Opens a session for a button, by the merchant's client id. */
export async function openSession(base: string, clientId: string, data: object): Promise<OpenedSession> {
  const opened = await call(base, '/v1/express-sessions', { body: { client_id: clientId, data } });
  return opened as OpenedSession;
}
