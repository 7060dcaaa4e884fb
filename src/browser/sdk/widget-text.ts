import type { Show } from './messages.js';

/** As much of a purchase as the frame in the container shows. */
export interface WidgetPurchase {
  merchant: string;
  purchase_currency: string;
  locale?: string;
  order_amount?: number;
  payment_method_categories: { identifier: string; name: string }[];
}

/** The texts of the widget. */
export interface WidgetText {
  title: string;
  amount: string;
  lines: string[];
  about: string;
}

/** Writes an amount of minor units as the locale does; plainly where the browser does not know it. */
function money(amount: number, currency: string, locale: string | undefined): string {
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount / 100);
  } catch {
    return `${(amount / 100).toFixed(2)} ${currency}`;
  }
}

/** Puts into words what would be paid. */
export function widgetText(asked: Show, purchase: WidgetPurchase): WidgetText {
  const { merchant, purchase_currency: currency, payment_method_categories: all } = purchase;
  const wanted = asked.category === undefined ? asked.categories : [asked.category];
  const named = all.filter(({ identifier }) => wanted?.includes(identifier));
  const shown = (named.length > 0 ? named : all).map(({ name }) => name);
  const amount = asked.amount ?? purchase.order_amount;
  const price = amount === undefined ? 'No amount yet' : money(amount, currency, asked.locale ?? purchase.locale);
  if (asked.view === 'review') {
    return { title: 'Payment review', amount: price, lines: [], about: `To ${merchant}, by Klarna (sandbox).` };
  }
  return {
    title: shown.length === 1 ? String(shown[0]) : 'Klarna',
    amount: price,
    lines: shown.length > 1 ? shown : [],
    about: `To ${merchant}. The purchase page opens when you confirm in the shop. No money moves.`,
  };
}
