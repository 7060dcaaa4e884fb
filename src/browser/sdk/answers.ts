import type { Answered, CollectedAddress, PurchaseCall } from './messages.js';
import { note } from './notes.js';
import type { End } from './purchase-page.js';

/** The answer where something is wrong with a call, or with the sandbox. */
export const REFUSED = { show_form: false, approved: false };

/** The answer to a shopper who closed the page. */
const CLOSED = { show_form: true, approved: false };

/** Fields that the script adds to the answer of a purchase in a window of its own. */
const POPUP_DEFAULTS = { finalize_required: false };

/** Leaves fields out that say nothing: shops ask whether `authorization_token` is there at all. */
function withoutNothing(answer: Answered['answer']): Answered['answer'] {
  const told = Object.entries(answer).filter(([, value]) => value !== undefined && value !== null);
  const { authorization_token: token, ...rest } = Object.fromEntries(told) as Answered['answer'];
  return answer.approved && token !== undefined ? { authorization_token: token, ...rest } : rest;
}

/** Returns what the callback gets for the end of a purchase page; says in the console why a page could not go on. */
export function answerOf(call: PurchaseCall, end: End): Answered['answer'] {
  if ('failed' in end) {
    note(`Klarna.Payments.${call}: ${end.failed.replace(/\.$/, '')}`);
    return { ...REFUSED };
  }
  if ('closed' in end) return { ...CLOSED };
  const answer = withoutNothing(end.answer);
  return end.popup ? { ...POPUP_DEFAULTS, ...answer } : answer;
}

const keyOf = (sessionId: string) => `mock-klarna:collected:${sessionId}`;

/** Keeps the address of a session until finalize tells it once more, be it on another page of the shop. */
export function rememberAddress(sessionId: string, address: CollectedAddress | undefined): void {
  try {
    if (address) sessionStorage.setItem(keyOf(sessionId), JSON.stringify(address));
  } catch {
    // A page without storage does without.
  }
}

/** Returns the address that was kept for a session. */
export function recallAddress(sessionId: string): CollectedAddress | undefined {
  try {
    const kept = sessionStorage.getItem(keyOf(sessionId));
    return kept === null ? undefined : JSON.parse(kept);
  } catch {
    return undefined;
  }
}
