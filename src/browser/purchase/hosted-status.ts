import type { HostedStatus } from './purchase.js';

/** The statuses of a hosted session in words. */
const words: Readonly<Record<HostedStatus, string>> = {
  WAITING: 'nobody has opened the page yet',
  IN_PROGRESS: 'the shopper is on the page',
  COMPLETED: 'the purchase is complete',
  FAILED: 'the last try was declined; another may follow',
  CANCELLED: 'the shopper cancelled for good',
  BACK: 'the shopper went back to the shop, and may come again',
  ERROR: 'the last try failed; another may follow',
  DISABLED: 'the shop has closed the page',
  TIMEOUT: 'the time to pay is over',
  MANUAL_ID_CHECK: 'the shopper is being identified',
};

export const renderStatus = (status: HostedStatus): string => words[status] ?? 'unknown to this page';

const OVER: readonly HostedStatus[] = ['COMPLETED', 'CANCELLED', 'DISABLED', 'TIMEOUT'];

/** Tells whether nothing can be paid on the page any more. */
export const isOver = (status: HostedStatus): boolean => OVER.includes(status);

/** Returns an address that a browser may be sent to; undefined for what is none of http or https. */
export function destination(url: string | undefined): URL | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return ['http:', 'https:'].includes(parsed.protocol) ? parsed : undefined;
}

/** Returns the word on the button that pays, by the purchase type of the hosted session. */
export function payWord(type: string | undefined): string {
  if (type === undefined || type === 'CONTINUE') return 'Continue';
  return type.charAt(0) + type.slice(1).toLowerCase();
}
