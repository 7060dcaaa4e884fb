import { operationNamed } from '../contract/operations.js';
import { isFields } from '../exchange/fields.js';
import { buildRequest, NOTHING_KEPT } from './request.js';
import { send } from './send.js';

/**
 * Tells whether a sandbox answers at a base URL, on any machine.
 * @param patience time in milliseconds to wait for the answer
 * @returns true for a sandbox, false for another API, or the trouble where no API answers
 */
export async function isSandbox(url: string, patience?: number): Promise<boolean | { trouble: string }> {
  const operation = operationNamed('readHealth');
  const step = { operation, request: { path: {}, query: {}, headers: {}, body: undefined } };
  // Without credentials: they are for a sandbox or for Klarna, not for an unknown server.
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
