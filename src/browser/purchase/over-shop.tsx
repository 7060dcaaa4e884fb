import { effect } from '@preact/signals';
import { render } from 'preact';
import { Notice } from '../design/notice.js';
import { channelToShop, type Open, type ShopChannel } from '../sdk/messages.js';
import { purchaseApi } from './api.js';
import { overShop } from './carriers.js';
import { Flow } from './flow.js';
import { PurchasePage } from './purchase-page.js';

function begin(root: HTMLElement, opened: Open, shop: ShopChannel): void {
  const flow = new Flow(overShop(purchaseApi(location.href, opened.token), opened, shop));
  let shown = false;
  effect(() => {
    if (shown || !['review', 'over', 'trouble'].includes(flow.step.value)) return;
    shown = true;
    shop.send({ kind: 'showing' });
  });
  render(<PurchasePage flow={flow} />, root);
  void flow.start();
}

/** Opens the purchase page in the frame or popup that the SDK made, and waits to be told what for. */
export function openOverShop(root: HTMLElement): void {
  const framed = window.parent !== window;
  document.documentElement.classList.add(framed ? 'framed' : 'popup');
  const shopWindow: Window | null = framed ? window.parent : window.opener;
  if (!shopWindow) {
    render(
      <div class="card">
        <Notice title={<h1>This page belongs to a shop</h1>}>
          <p>
            Klarna.Payments.authorize() opens it over the shop’s page. Load kp/lib/v1/api.js of this sandbox there, and
            call it.
          </p>
        </Notice>
      </div>,
      root,
    );
    return;
  }
  render(
    <div class="card">
      <p class="soft">Waiting for the shop’s page…</p>
    </div>,
    root,
  );
  let begun = false;
  const shop = channelToShop(window, shopWindow, (message) => {
    if (begun || message.kind !== 'open') return;
    begun = true;
    begin(root, message, shop);
  });
}
