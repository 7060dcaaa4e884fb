import pLimit, { type LimitFunction } from 'p-limit';
import { hostOf, portOf } from './callback-hosts.js';

/** Highest number of attempts under way at once: in all, and to one host and port. */
export const UNDER_WAY = { all: 50, host: 16 };

/** Makes an attempt to send to a URL once there is room for it. */
export type CallbackLine = <Result>(url: string, attempt: () => Promise<Result>) => Promise<Result>;

/** Returns host and port of a URL. */
function receiverOf(text: string): string {
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  return `${hostOf(url)}:${portOf(url)}`;
}

/**
 * Makes the line in which attempts wait for their turn, those to the same host in order. A host that does not answer
 * holds no more than its own share, and each attempt to it has its time limits.
 */
export function callbackLine(underWay = UNDER_WAY): CallbackLine {
  const all = pLimit(underWay.all);
  const hosts = new Map<string, { limit: LimitFunction; attempts: number }>();
  return async (url, attempt) => {
    const host = receiverOf(url);
    const line = hosts.get(host) ?? { limit: pLimit(underWay.host), attempts: 0 };
    hosts.set(host, line);
    line.attempts++;
    try {
      return await line.limit(() => all(attempt));
    } finally {
      if (--line.attempts === 0) hosts.delete(host);
    }
  };
}
