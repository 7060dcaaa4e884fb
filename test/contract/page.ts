import type { Test } from '../tap.js';
import { type Caller, purchase, startSandbox } from './sandbox.js';

/** The origin of the shop's pages. */
export const SHOP = 'https://boots.example';

/** What a page on another origin sends and gets. */
export function page(url: string, token: string | undefined, origin = SHOP) {
  const ask = async (method: string, path: string, payload?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        origin,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: payload === undefined ? null : typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      why: response.headers.get('mock-klarna-explain') ?? '',
      // Tests look into answers freely.
      body: (json ? JSON.parse(text) : text) as any,
    };
  };
  return {
    ask,
    read: () => ask('GET', '/kp/v1/purchase'),
    load: (body: object = {}) => ask('POST', '/kp/v1/purchase/load', body),
    authorize: (body: object = {}) => ask('POST', '/kp/v1/purchase/authorize', body),
    reauthorize: (body: object = {}) => ask('POST', '/kp/v1/purchase/reauthorize', body),
    finalize: (body: object = {}) => ask('POST', '/kp/v1/purchase/finalize', body),
    report: (body: object) => ask('POST', '/kp/v1/purchase/errors', body),
  };
}

/** A session of the shop, and the calls of the page that holds its client token. */
export async function openPage(call: Caller, url: string, session: object = {}) {
  const { body } = await call('createSession', {
    body: { ...purchase, intent: 'buy_and_default_tokenize', ...session },
  });
  return { ...page(url, body.client_token), path: { session_id: body.session_id as string }, created: body };
}

/** The claims of a client token. */
export const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString());
/** The header of a client token. */
export const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString());

/** What goes with a test's own sandbox: its URL, a merchant's calls. */
export async function start(t: Test, options: Parameters<typeof startSandbox>[1] = {}) {
  const { url, as, server } = await startSandbox(t, { seed: 'browser', ...options });
  return { url, as, server, call: as('boots') };
}
