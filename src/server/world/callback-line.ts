import pLimit, { type LimitFunction } from 'p-limit';
import { hostOf, portOf } from './callback-hosts.js';

/** Highest number of attempts under way at once: in all, of one merchant, and to one host and port. */
export const UNDER_WAY = { all: 50, merchant: 32, host: 16 };

/** Makes an attempt of a merchant to send to a URL once there is room for it. */
export type CallbackLine = <Result>(url: string, attempt: () => Promise<Result>) => Promise<Result>;

/** Returns host and port of a URL. */
function receiverOf(text: string): string {
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  return `${hostOf(url)}:${portOf(url)}`;
}

/** Makes the lines of many, of each of whom so many attempts are under way at once. */
function linesOf(underWay: number) {
  const lines = new Map<string, { limit: LimitFunction; attempts: number }>();
  return async <Result>(whose: string, attempt: () => Promise<Result>): Promise<Result> => {
    const line = lines.get(whose) ?? { limit: pLimit(underWay), attempts: 0 };
    lines.set(whose, line);
    line.attempts++;
    try {
      return await line.limit(attempt);
    } finally {
      if (--line.attempts === 0) lines.delete(whose);
    }
  };
}

/**
 * Returns a function that makes the line of a merchant, in which its attempts wait for their turn, those to the same host in
 * order. A host that does not answer holds no more than its own share of what all merchants have, and so does a merchant whose
 * hosts do not answer; each attempt has its time limits.
 */
export function callbackLines(underWay = UNDER_WAY): (merchant: string) => CallbackLine {
  const all = pLimit(underWay.all);
  const hosts = linesOf(underWay.host);
  const merchants = linesOf(underWay.merchant);
  return (merchant) => (url, attempt) => hosts(receiverOf(url), () => merchants(merchant, () => all(attempt)));
}
