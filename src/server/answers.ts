import type { Readable } from 'node:stream';
import type { Api } from '../contract/operations.js';
import { errors } from '../klarna/catalogue/errors.js';
import type { Reason } from '../klarna/catalogue/rules.js';
import { type Decision, errorBody, type Refused } from '../klarna/decision.js';
import type { FaultKind } from '../scenario/scenario.js';
import { beginListing, type Listing } from './listing.js';

/** An answer ready to be sent. */
export interface Outgoing {
  status: number;
  body?: string;
  /** A body that is written as the client reads it, in the place of `body`. */
  stream?: Readable;
  headers: Record<string, string>;
  /** The fault that breaks the connection instead of sending the answer. */
  broken?: FaultKind;
  /** The reason for the answer; it goes to `Mock-Klarna-Explain`, the journal and the console. */
  because?: Reason;
  /** True when it repeats the answer to an earlier request. */
  again?: true;
}

/** Returns an answer with a listing for a body: as text where that is short. */
export async function renderListing(listing: Listing, correlationId: string): Promise<Outgoing> {
  const body = await beginListing(listing);
  const headers = { 'klarna-correlation-id': correlationId, 'content-type': JSON_PLAIN };
  return { status: 200, ...(typeof body === 'string' ? { body } : { stream: body }), headers };
}

/** Answers of Klarna Payments name the charset; those of Customer Token and all errors do not (recorded). */
const JSON_WITH_CHARSET = 'application/json;charset=utf-8';
const JSON_PLAIN = 'application/json';

/** Renders the decision of a rule; `api` is that of the operation that made it. */
export function render(decision: Decision, correlationId: string, api?: Api): Outgoing {
  if ('refusal' in decision) return renderRefusal(decision, correlationId, api);
  const { answer, because, again } = decision;
  const headers: Record<string, string> = { 'klarna-correlation-id': correlationId, ...answer.headers };
  if (answer.body === undefined) return { status: answer.status, headers, because, ...(again && { again }) };
  headers['content-type'] = api === 'payments' ? JSON_WITH_CHARSET : JSON_PLAIN;
  return { status: answer.status, body: JSON.stringify(answer.body), headers, because, ...(again && { again }) };
}

function renderRefusal({ refusal, because }: Refused, correlation_id: string, api?: Api): Outgoing {
  if (refusal.error === 'UNAUTHORIZED') return unauthorized(because);
  const tooMany = refusal.error === 'TOO_MANY_REQUESTS';
  if (tooMany && api !== 'order-management') return turnedAway(because);
  const { status } = errors[refusal.error];
  const body = JSON.stringify(errorBody(refusal, correlation_id));
  const headers = { 'klarna-correlation-id': correlation_id, 'content-type': JSON_PLAIN, ...(tooMany && NONE_LEFT) };
  return { status, body, headers, because };
}

/** Headers of a call refused by the rate limit: no calls are left, even where a scenario has it refused. */
const NONE_LEFT = { 'x-ratelimit-remaining': '0' };

/** The page of Klarna's gateway for wrong credentials (recorded): not JSON, without a correlation id. */
const UNAUTHORIZED_PAGE = [
  '<html>',
  '<head><title>401 Authorization Required</title></head>',
  '<body>',
  '<center><h1>401 Authorization Required</h1></center>',
  '<hr><center>openresty</center>',
  '</body>',
  '</html>',
  '',
].join('\r\n');

export function unauthorized(because: Reason): Outgoing {
  const headers = { 'content-type': 'text/html', 'www-authenticate': 'Basic realm="very closed site"' };
  return { status: errors.UNAUTHORIZED.status, body: UNAUTHORIZED_PAGE, headers, because };
}

/**
 * Makes the 429 of the proxy before the APIs: without a body and a correlation id (recorded for Klarna Payments). Order
 * Management answers with a body of its own (docs).
 */
function turnedAway(because: Reason): Outgoing {
  const headers = {
    server: 'envoy',
    'x-envoy-ratelimited': 'true',
    'x-envoy-upstream-service-time': '1',
    ...NONE_LEFT,
  };
  return { status: errors.TOO_MANY_REQUESTS.status, headers, because };
}
