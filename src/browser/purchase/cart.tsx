import { renderAmount } from './formats.js';
import type { CartLine, Purchase } from './purchase.js';
import { Said } from './said.js';

type Render = (minor: number) => string;

function Line({ line, render }: { line: CartLine; render: Render }) {
  const { name, quantity, quantity_unit: unit, unit_price, total_amount, subscription } = line;
  return (
    <li>
      <span class="what">
        <Said>{name}</Said>
        <span class="soft small">
          {quantity} {unit !== undefined && <Said>{unit}</Said>} × {render(unit_price)}
          {subscription !== undefined && (
            <>
              {' · '}
              <Said>{subscription}</Said>
            </>
          )}
        </span>
      </span>
      <span class="amount">{render(total_amount)}</span>
    </li>
  );
}

/** Shows what is in the cart, and what it costs. */
export function Cart({ purchase }: { purchase: Purchase }) {
  const { order_lines: lines = [], order_amount, order_tax_amount, purchase_currency, locale, hosted } = purchase;
  const render: Render = (minor) => renderAmount(minor, purchase_currency, locale);
  const hidden = hosted?.show_subtotal_detail === 'HIDE';
  return (
    <section class="cart" aria-labelledby="cart">
      <h2 id="cart">Cart</h2>
      {hidden && <p class="soft small">The shop hides the lines of the order.</p>}
      {!hidden && lines.length === 0 && <p class="soft">Nothing is in it.</p>}
      {!hidden && lines.length > 0 && (
        <ul>
          {lines.map((line, position) => (
            <Line key={String(position)} line={line} render={render} />
          ))}
        </ul>
      )}
      {order_amount !== undefined && (
        <p class="total">
          <span>
            Total
            {order_tax_amount !== undefined && <span class="soft small"> with {render(order_tax_amount)} of tax</span>}
          </span>
          <strong class="amount">{render(order_amount)}</strong>
        </p>
      )}
    </section>
  );
}
