import { useEffect } from 'preact/hooks';
import { counted, dateAndTime, money, shortId, visible } from './format.js';
import { PurchaseDetail } from './purchase-detail.js';
import type { Purchase } from './purchases.js';
import { open, purchases, records, route } from './state.js';
import { standingOf } from './time-line.js';
import { WindowedList } from './windowed-list.js';

/** Draws the purchases: sessions with everything that became of them, and the one that is open. */
export function PurchasesView() {
  const all = purchases.value;
  const { sessions, authorizations, tokens, orders } = records.value;
  const chosen = route.value.open;
  const purchase = all.find(({ id }) => id === chosen);
  useEffect(() => {
    document.getElementById(`row-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  if (all.length === 0) {
    return <p class="soft">No session yet. A shop opens one by POST /payments/v1/sessions.</p>;
  }
  return (
    <div class={purchase ? 'split opened' : 'split'}>
      <section class="list" aria-label="Purchases">
        <p class="soft small summary">
          {[
            counted(sessions.length, 'session'),
            counted(authorizations.length, 'authorization'),
            counted(tokens.length, 'customer token'),
            counted(orders.length, 'order'),
          ].join(', ')}
        </p>
        <WindowedList<Purchase>
          label="Purchases, newest first"
          count={all.length}
          at={(index) => all[index] as Purchase}
          keyOf={({ id }) => id}
          draw={(each) => <PurchaseRow purchase={each} />}
          chosen={chosen}
          choose={({ id }) => open({ view: 'purchases', open: id })}
        />
      </section>
      {purchase && <PurchaseDetail purchase={purchase} />}
    </div>
  );
}

/** Draws a purchase on one line. */
function PurchaseRow({ purchase }: { purchase: Purchase }) {
  const { id, at, session, orders } = purchase;
  const order = orders[0];
  const amount = session?.order_amount ?? order?.order_amount;
  const reference = session?.merchant_reference1 ?? order?.merchant_reference1;
  return (
    <span class="purchase-row">
      <span class="time">{dateAndTime(at)}</span>
      <span class="amount">{money(amount, session?.purchase_currency ?? order?.purchase_currency ?? '')}</span>
      <span class="call">
        <strong>{visible(reference ?? shortId(id))}</strong> <span class="soft">{standingOf(purchase)}</span>
      </span>
    </span>
  );
}
