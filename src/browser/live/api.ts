/** A call that was refused or got no answer; the message is for people. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    message: string,
    /** 0 where there was no answer. */
    readonly status: number,
    readonly code?: string,
  ) {
    super(message);
  }
}

/** Calls the control API as the page of a merchant. */
export interface Api {
  /** Returns the body of the answer; rejects with an ApiError unless it succeeds. */
  call<T = unknown>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T>;
  /** Opens the stream of events after an exchange. */
  events(after: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** The base of the control API. */
const BASE = '/sandbox/v1';

/**
 * Makes the API of a page.
 * @param merchant returns the merchant that the page looks at
 * @param refused called with every refusal
 */
export function makeApi(merchant: () => string, refused: (error: ApiError) => void, send = globalThis.fetch): Api {
  async function answered(path: string, init: RequestInit, again = true): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Mock-Klarna-Merchant', encodeURIComponent(merchant()));
    let response: Response;
    try {
      response = await send(BASE + path, { ...init, headers, cache: 'no-store' });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiError('The sandbox does not answer: it was stopped, or the network is down.', 0);
    }
    if (response.ok) return response;
    const error = await errorOf(response);
    // The sandbox was started anew: its page has the cookie of this start.
    if (error.code === 'PAGE_UNKNOWN' && again) {
      await send('/', { cache: 'no-store' }).catch(() => undefined);
      return answered(path, init, false);
    }
    refused(error);
    throw error;
  }
  return {
    async call<T>(method: string, path: string, body?: object) {
      const init: RequestInit = { method };
      if (body !== undefined) {
        init.body = JSON.stringify(body);
        init.headers = { 'Content-Type': 'application/json' };
      }
      const response = await answered(path, init);
      const text = await response.text();
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
    async events(after, signal) {
      const { body } = await answered(`/events?after=${after}`, { signal });
      if (!body) throw new ApiError('This browser reads no streams.', 0);
      return body;
    },
  };
}

/** Returns the reason of a refusal: the sandbox explains each in a header. */
async function errorOf(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  const body = await response.json().catch(() => undefined);
  const code = typeof body?.error_code === 'string' ? body.error_code : undefined;
  const [, explained] = /^[\w-]+: (.*)$/s.exec(headers.get('mock-klarna-explain') ?? '') ?? [];
  const message = explained ?? body?.error_messages?.join('; ') ?? '';
  return new ApiError(message === '' ? `The sandbox answered ${status}.` : message, status, code);
}
