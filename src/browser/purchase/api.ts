import type {
  AuthorizeAnswer,
  AuthorizeRequest,
  FinalizeRequest,
  HostedAnswer,
  Purchase,
  SessionData,
} from './purchase.js';
import { noAnswer, TroubleError, troubleOf } from './trouble.js';

/**
 * Calls the sandbox and returns the body of its answer. Throws a TroubleError for any answer but a success.
 * @param init method and body; a GET unless given
 */
async function call<Answer>(url: URL, token: string | undefined, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers();
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (init.body) headers.set('content-type', 'application/json');
  const answer = await fetch(url, { ...init, headers, cache: 'no-store', credentials: 'omit' }).catch(() => {
    throw new TroubleError(noAnswer(url.href));
  });
  const given: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return given as Answer;
  throw new TroubleError(troubleOf(answer.status, given, answer.headers.get('mock-klarna-explain')));
}

const post = (body?: object): RequestInit => ({ method: 'POST', ...(body && { body: JSON.stringify(body) }) });

/** The calls about the purchase of a client token. */
export interface PurchaseApi {
  read(): Promise<Purchase>;
  load(data: SessionData): Promise<unknown>;
  authorize(request: AuthorizeRequest): Promise<AuthorizeAnswer>;
  reauthorize(data: SessionData | undefined): Promise<AuthorizeAnswer>;
  finalize(request: FinalizeRequest): Promise<AuthorizeAnswer>;
}

/** @param page the address of the page in the frame: its calls go to the same place */
export function purchaseApi(page: string, token: string): PurchaseApi {
  const at = (path: string) => new URL(`../v1/purchase${path}`, page);
  return {
    read: () => call(at(''), token),
    load: (data) => call(at('/load'), token, post({ data })),
    authorize: (request) => call(at('/authorize'), token, post(request)),
    reauthorize: (data) => call(at('/reauthorize'), token, post(data ? { data } : {})),
    finalize: (request) => call(at('/finalize'), token, post(request)),
  };
}

/** The calls of the hosted page, whose unguessable address is their credential. */
export interface HostedApi {
  read(): Promise<Purchase>;
  pay(request: AuthorizeRequest): Promise<HostedAnswer>;
  leave(by: 'cancel' | 'back'): Promise<HostedAnswer>;
}

/** @param page the address of the hosted page */
export function hostedApi(page: string): HostedApi {
  const { origin, pathname } = new URL(page);
  const at = (path: string) => new URL(`${pathname.replace(/\/+$/, '')}/${path}`, origin);
  return {
    read: () => call(at('purchase'), undefined),
    pay: (request) => call(at('pay'), undefined, post(request)),
    leave: (by) => call(at(by), undefined, post()),
  };
}
