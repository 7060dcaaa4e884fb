import type { Events } from './events.js';
import { type Answered, channelToFrame, type MessageFromFrame, type Open } from './messages.js';
import { inPopup, overFrame, type Surface } from './purchase-surface.js';

/** The end of a purchase page. */
export type End = { answer: Answered['answer']; popup: boolean } | { closed: true } | { failed: string };

export interface PageRequest {
  base: string;
  /** The message that opens the page; it may come later than the page. */
  open: Open | Promise<Open>;
  /** False: the page is seen only when it has something to show. */
  seen: boolean;
  popup: boolean;
  /** A frame that is in the page already. */
  frame?: HTMLIFrameElement | undefined;
  events: Events;
}

/** Time that a page has to say that it listens, in milliseconds. */
const READY_WITHIN = 10_000;
/** Time after which a page that has said nothing is shown in any case, in milliseconds. */
const SEEN_AFTER = 1_000;
/** Time between two looks whether the page is still there, in milliseconds. */
const LOOK_EVERY = 500;

const BLOCKED =
  'the browser blocked both frame and window of the purchase page; name the sandbox in frame-src of the page’s content security policy, and call in the handler of a click';

/**
 * Opens a purchase page over the shop's page, or in a window where the browser blocks the frame; returns a promise of its end.
 * Everything up to the opening happens at once, since browsers block a window that opens later than a click.
 */
export function openPurchasePage({ base, open, seen, popup, frame, events }: PageRequest): Promise<End> {
  const url = `${base}/frames/purchase`;
  const { origin } = new URL(base);
  return new Promise((resolve) => {
    let surface: Surface | undefined;
    let inWindow = popup;
    let shown = false;
    let ended = false;
    let readyTimer: ReturnType<typeof setTimeout> | undefined;

    const reveal = () => {
      if (shown || ended) return;
      shown = true;
      surface?.reveal();
      if (!inWindow) events.emit('fullscreenOverlayShown');
    };
    const conceal = () => {
      surface?.remove();
      surface = undefined;
      if (shown && !inWindow) events.emit('fullscreenOverlayHidden');
    };
    const finish = (end: End) => {
      if (ended) return;
      ended = true;
      clearTimeout(readyTimer);
      clearTimeout(seenTimer);
      clearInterval(look);
      document.removeEventListener('securitypolicyviolation', hearBlocked);
      channel.close();
      conceal();
      resolve(end);
    };
    const told = Promise.resolve(open);
    told.catch((error) => finish({ failed: error instanceof Error ? error.message : String(error) }));

    const hear = (message: MessageFromFrame) => {
      if (message.kind === 'ready') {
        clearTimeout(readyTimer);
        told.then(
          (message) => channel.send(message),
          () => {},
        );
      } else if (message.kind === 'showing') reveal();
      else if (message.kind === 'answer') finish({ answer: message.answer, popup: inWindow });
      else if (message.kind === 'closed') finish({ closed: true });
      else if (message.kind === 'failed') finish({ failed: message.reason });
    };
    const channel = channelToFrame(window, () => surface?.window(), origin, hear);

    const start = (next: Surface | undefined, late: () => void) => {
      clearTimeout(readyTimer);
      surface = next;
      if (surface) readyTimer = setTimeout(late, READY_WITHIN);
      else finish({ failed: BLOCKED });
    };
    const openWindow = () => {
      conceal();
      inWindow = true;
      start(inPopup(url), () => finish({ failed: `${url} did not open within ten seconds` }));
    };
    const hearBlocked = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent) => {
      const isPages = /^(frame|child|default)-src$/.test(effectiveDirective) && blockedURI.startsWith(origin);
      if (isPages && !inWindow) openWindow();
    };

    document.addEventListener('securitypolicyviolation', hearBlocked);
    const seenTimer = setTimeout(reveal, SEEN_AFTER);
    const look = setInterval(() => {
      if (surface && !surface.isThere()) finish({ closed: true });
    }, LOOK_EVERY);
    if (popup) openWindow();
    else start(overFrame(url, frame), openWindow);
    if (seen) reveal();
  });
}
