import { operationNamed } from '../contract/operations.js';
import { exchange } from './exchange.js';
import { buildRequest, NOTHING_KEPT } from './request.js';
import { isFields } from './words.js';

/**
 * Whether a sandbox answers at a base URL, wherever it runs.
 * @returns what kept anybody from answering, when nobody does
 */
export async function isSandbox(url: string): Promise<boolean | { trouble: string }> {
  const operation = operationNamed('readHealth');
  const step = { operation, request: { path: {}, query: {}, headers: {}, body: undefined } };
  // It asks without credentials: they are for a sandbox or for Klarna, not for whoever listens there.
  const request = buildRequest(step, { url, username: '', password: '' }, NOTHING_KEPT);
  const { answer, trouble } = await exchange(request, () => []);
  if (!answer) return { trouble: String(trouble) };
  return answer.status === 200 && isFields(answer.body) && answer.body.status === 'ok' && 'version' in answer.body;
}
