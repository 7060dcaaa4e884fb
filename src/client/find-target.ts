import { operationNamed } from '../contract/operations.js';
import { isFields } from '../exchange/fields.js';
import { buildRequest, NOTHING_KEPT } from './request.js';
import { send } from './send.js';

/**
 * Whether a sandbox answers at a base URL, wherever it runs.
 * @param patience ms to wait for the answer
 * @returns what is in the way, where no API answers at all
 */
export async function isSandbox(url: string, patience?: number): Promise<boolean | { trouble: string }> {
  const operation = operationNamed('readHealth');
  const step = { operation, request: { path: {}, query: {}, headers: {}, body: undefined } };
  // It asks without credentials: they are for a sandbox or for Klarna, not for whoever listens there.
  const request = buildRequest(step, { url, username: '', password: '' }, NOTHING_KEPT);
  const { answer, trouble } = await send(request, patience);
  if (!answer) return { trouble: String(trouble) };
  const { status, headers } = answer;
  if (status >= 300 && status < 400)
    return { trouble: `it leads to ${headers.location ?? 'somewhere else'}; name that` };
  if (status === 200 && /^text\/html\b/i.test(String(headers['content-type']))) {
    return { trouble: 'it has a page where an API is expected' };
  }
  return status === 200 && isFields(answer.body) && answer.body.status === 'ok' && 'version' in answer.body;
}
