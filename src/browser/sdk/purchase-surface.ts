import { makeFrame, OVERLAY, TITLE } from './frames.js';

/** The place of a purchase page: a frame over the shop's page, or a window of its own. */
export interface Surface {
  window(): Window | null;
  /** False once somebody else closed or removed it. */
  isThere(): boolean;
  /** Lets the shopper see it. */
  reveal(): void;
  remove(): void;
}

/** Takes the rest of the page out of the reach of keyboard and screen reader; returns what gives it back. */
function holdRest(overlay: HTMLElement): () => void {
  const held = [...document.body.children].filter(
    (each): each is HTMLElement => each instanceof HTMLElement && each !== overlay && !each.inert,
  );
  for (const element of held) element.inert = true;
  return () => {
    for (const element of held) element.inert = false;
  };
}

/**
 * Opens a purchase page in a frame over the shop's page, unseen at first.
 * @param own a frame that is in the page already; it is removed at the end as any other
 */
export function overFrame(url: string, own?: HTMLIFrameElement): Surface {
  const frame = own ?? makeFrame('klarna-apf-iframe', TITLE, OVERLAY);
  const before = document.activeElement;
  let release: (() => void) | undefined;
  // A frame without a box may run slowly; this one has a box that nobody sees.
  frame.style.visibility = 'hidden';
  frame.style.display = 'block';
  frame.src = url;
  if (!own) document.body.append(frame);
  return {
    window: () => frame.contentWindow,
    isThere: () => frame.isConnected,
    reveal() {
      frame.style.visibility = 'visible';
      release ??= holdRest(frame);
      frame.focus();
    },
    remove() {
      frame.remove();
      release?.();
      if (release && before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
  };
}

/** Opens a purchase page in a window of its own; undefined when the browser does not let it. */
export function inPopup(url: string): Surface | undefined {
  const left = Math.max(0, window.screenX + (window.outerWidth - 500) / 2);
  const top = Math.max(0, window.screenY + (window.outerHeight - 700) / 2);
  const popup = window.open(url, 'klarna-payments', `popup,width=500,height=700,left=${left},top=${top}`);
  if (!popup) return undefined;
  return {
    window: () => popup,
    isThere: () => !popup.closed,
    reveal: () => popup.focus(),
    remove: () => popup.close(),
  };
}
