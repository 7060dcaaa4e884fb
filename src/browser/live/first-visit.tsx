import { CopyButton } from './copy-button.js';
import { firstLines } from './first-lines.js';
import { merchant } from './state.js';

/** Says how to fill a page with nothing in it. */
export function FirstVisit() {
  const lines = firstLines(location.origin, merchant.value);
  return (
    <section class="first panel">
      <h2>Nothing has happened yet</h2>
      <p>
        Whatever the merchant <strong>{merchant.value}</strong> asks Klarna's APIs here shows up at once. These three
        lines are a purchase: a session, the shopper who agrees to it, and the order.
      </p>
      <pre>{lines}</pre>
      <CopyButton label="Copy the lines" text={() => lines} />
      <p class="soft">
        Or point your shop at <code>{location.origin}</code>, with the user name {merchant.value} and any password.
      </p>
    </section>
  );
}
