import type { Answer, SentRequest } from '../client/target.js';
import { DOCUMENT_DEPTH, readBody } from '../exchange/json.js';
import { withoutSecrets } from '../exchange/redact.js';
import type { Place, SeenExchange } from '../report/finding.js';
import { seenAt } from '../report/seen.js';

/** A request that was sent to a target, and the answer to it where there is one. */
export interface Sent {
  request?: SentRequest;
  answer?: Answer;
}

/** Returns what was sent as a report shows it; nothing where nothing was. Credentials are left out. */
export function seenSent(where: Place, { request, answer }: Sent = {}, side?: string): SeenExchange[] {
  if (!request) return [];
  const { authorization: _, ...headers } = withoutSecrets(request.headers);
  const { host } = new URL(request.url);
  const body = request.body === undefined ? undefined : readBody(request.body, DOCUMENT_DEPTH);
  const exchange = {
    method: request.method,
    path: request.url.replace(/^https?:\/\/[^/]+/, ''),
    request: { headers: { ...headers, host }, body },
    status: answer?.status ?? 0,
    response: { headers: textHeaders(answer?.headers), body: answer?.body },
  };
  return [seenAt(where, exchange, side)];
}

const textHeaders = (headers: Answer['headers'] = {}): Record<string, string> =>
  withoutSecrets(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])));
