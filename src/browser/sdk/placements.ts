import { note } from './notes.js';
import { placementText } from './placement-text.js';
import { drawInShadow } from './shadow.js';

/** The element that shops put where on-site messaging shows a message. */
export const PLACEMENT = 'klarna-placement';

const STYLE = `
:host { display: block }
p {
  margin: 0; padding: 8px 12px; font: 14px/1.4 system-ui, sans-serif; color: #1d1d24; background: #f6f6f9;
  border: 1px dashed #84848f; border-radius: 8px; overflow-wrap: anywhere;
}
@media (prefers-color-scheme: dark) { p { color: #ececf2; background: #202028; border-color: #7d7d8e } }
`;

/** Draws placements anew; without an element all of the page. */
export function refreshPlacements(): void {
  for (const element of document.querySelectorAll(PLACEMENT)) if (element instanceof Placement) element.draw();
}

/** A message to be. It is drawn when it comes into the page and at a refresh, not when an attribute changes. */
class Placement extends HTMLElement {
  connectedCallback(): void {
    this.draw();
  }

  draw(): void {
    const { key, locale, purchaseAmount } = this.dataset;
    const text = document.createElement('p');
    text.lang = 'en';
    text.textContent = placementText(key ?? null, purchaseAmount ?? null, locale ?? null);
    drawInShadow(this, STYLE, text);
  }
}

/** The interface of the old script: a list that shops push events to, also before the script is there. */
function listen(): void {
  const before: unknown = window.KlarnaOnsiteService;
  const push = (event: unknown): void => {
    const name = (event as { eventName?: unknown } | null | undefined)?.eventName;
    if (name === 'refresh-placements') refreshPlacements();
    else note(`KlarnaOnsiteService.push: the event “${String(name)}” is not known; there is refresh-placements`);
  };
  window.KlarnaOnsiteService = { push };
  if (Array.isArray(before)) for (const event of before) push(event);
}

/** Defines the element, and both ways to refresh it. */
export function startPlacements(): void {
  if (!customElements.get(PLACEMENT)) customElements.define(PLACEMENT, Placement);
  window.Klarna ??= {} as KlarnaSdk.Sdk;
  window.Klarna.OnsiteMessaging ??= { refresh: refreshPlacements };
  listen();
}
