import { effect } from '@preact/signals';
import { render } from 'preact';
import { hostedApi } from './api.js';
import { onHostedPage } from './carriers.js';
import { Flow } from './flow.js';
import { PurchasePage } from './purchase-page.js';

/** Time between two looks at the session's status, in milliseconds. */
const EVERY = 3000;

/** Shows the hosted page, and goes on to the shop at the end. */
export function openHostedPage(root: HTMLElement): void {
  document.documentElement.classList.add('hosted');
  const flow = new Flow(onHostedPage(hostedApi(location.href), (url) => location.assign(url)));
  effect(() => {
    const title = flow.purchase.value?.hosted?.page_title;
    if (title !== undefined) document.title = `${title} (sandbox)`;
  });
  render(<PurchasePage flow={flow} />, root);
  void flow.start();
  const look = () => {
    if (document.visibilityState === 'visible') void flow.refresh();
  };
  setInterval(look, EVERY);
  document.addEventListener('visibilitychange', look);
  // A browser that comes back by its history shows the page as it was left.
  window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
}
