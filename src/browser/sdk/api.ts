/** The script that a shop loads in the place of Klarna's `api.js`. */
import { makeButtons } from './buttons.js';
import { readScript } from './script.js';
import { makeNamespace } from './verbs.js';

/** Returns the tag that this script is loaded by. */
function ownTag(): HTMLScriptElement | undefined {
  if (document.currentScript instanceof HTMLScriptElement) return document.currentScript;
  // A script that was loaded by other means has no current tag; the last one of its name is the likeliest.
  return [...document.querySelectorAll<HTMLScriptElement>('script[src*="/lib/v1/api.js"]')].pop();
}

/** Adds the namespaces to what the page has as `Klarna` already. */
function define(klarna: Partial<KlarnaSdk.Sdk>): void {
  const tag = ownTag();
  const script = readScript(tag?.src, (name) => tag?.getAttribute(name) ?? null);
  const common = ['init', 'load', 'authorize', 'on', 'off'] as const;
  const payments = makeNamespace<Omit<KlarnaSdk.Payments, 'Buttons'>>('Payments', script, [
    ...common,
    'reauthorize',
    'finalize',
    'loadPaymentReview',
    'initialized',
  ]);
  klarna.Payments = Object.assign(payments, { Buttons: makeButtons(script) });
  klarna.Credit = makeNamespace<KlarnaSdk.Credit>('Credit', script, [...common, 'reauthorize', 'loadPaymentReview']);
  klarna.DirectDebit = makeNamespace<KlarnaSdk.DirectDebit>('DirectDebit', script, [...common, 'reauthorize']);
  klarna.DirectBankTransfer = makeNamespace<KlarnaSdk.DirectBankTransfer>('DirectBankTransfer', script, [
    ...common,
    'finalize',
  ]);
}

window.Klarna ??= {} as KlarnaSdk.Sdk;
const { Credit, DirectBankTransfer, DirectDebit, Payments } = window.Klarna;
if (!(Credit && DirectBankTransfer && DirectDebit && Payments)) define(window.Klarna);
if (typeof window.klarnaAsyncCallback === 'function') window.klarnaAsyncCallback();
