import { renderAmount } from './formats.js';
import type { Purchase } from './purchase.js';
import { Said } from './said.js';

/** Says in one line what the page is about. */
export function PurchaseTitle({ purchase }: { purchase: Purchase }) {
  const { merchant, intent, order_amount, purchase_currency, locale } = purchase;
  if (intent === 'tokenize' || order_amount === undefined) {
    return (
      <>
        Agree to later charges by <Said>{merchant}</Said>
      </>
    );
  }
  return (
    <>
      Pay {renderAmount(order_amount, purchase_currency, locale)} to <Said>{merchant}</Said>
    </>
  );
}
