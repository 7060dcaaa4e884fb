import { Agent } from 'undici';
import { PATIENCE } from './judge.js';

/** Makes the connections of some clients; whoever waits longer than anybody should gets an error. */
export const connections = (count) =>
  new Agent({ connections: count, connectTimeout: PATIENCE, headersTimeout: PATIENCE, bodyTimeout: PATIENCE });

/** Errors of a request that undici does not send at all. */
const UNSENT = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'ERR_INVALID_ARG_TYPE']);

/** Returns the header of a merchant's credentials. */
export const basic = (username, password = 'secret') =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/**
 * Sends a request; throws when it is none that can be sent. Returns its answer, or the `error` in place of one. A stream of events is let go once it has begun.
 * @returns {Promise<{ status: number, headers: Record<string, any>, text: string, ms: number } | { error: any, ms: number }>}
 */
export async function send(agent, url, { method, path, headers, body }) {
  const began = performance.now();
  try {
    const answer = await agent.request({ origin: url, method, path, headers, body });
    const stream = /^text\/event-stream\b/.test(answer.headers['content-type'] ?? '');
    const text = stream ? letGo(answer.body) : await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, ms: performance.now() - began };
  } catch (error) {
    if (UNSENT.has(error.code)) throw error;
    return { error, ms: performance.now() - began };
  }
}

function letGo(body) {
  body.on('error', () => {});
  body.destroy();
  return '';
}
