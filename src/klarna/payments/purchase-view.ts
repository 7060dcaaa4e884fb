import type { components } from '../../contract/generated/sandbox.js';
import { belongsTo, categoryIn } from '../catalogue/payment-method-categories.js';
import { initialMethods, paymentOptions } from '../catalogue/payment-options.js';
import { methodLabel, optionLabels, sourceInSentence, sourceLabel } from '../catalogue/payment-words.js';
import { sampleSources } from '../catalogue/sample-sources.js';
import type { Address, CategoryName, Choice, Intent, OrderLine, PaymentOption, Session } from '../records.js';
import { type Instant, toIso } from '../time.js';
import { methodOf, tokenizedMethodOf } from './payment-methods.js';
import { accountOf, whyDenied } from './purchase-flow.js';
import { countryOf, sessionStatusAt } from './sessions.js';

type Schemas = components['schemas'];

/** A purchase as a page shows it. */
export type PurchaseView = Schemas['purchase'];

export interface ViewedPurchase {
  session: Session;
  now: Instant;
  /** The scenario in force, and what it has the shopper do. */
  script?: { name: string; title: string; shopper?: PurchaseView['scripted'] };
  /** Identifiers of the categories that a hosted session offers; those of the session unless given. */
  offered?: readonly CategoryName[];
}

/** Returns a session as the purchase page shows it. */
export function purchaseView({ session, now, script, offered }: ViewedPurchase): PurchaseView {
  const { id, merchant, data, expires_at } = session;
  const { order_amount, order_tax_amount, order_lines, locale = 'en-US' } = data;
  const categories = offered ?? session.categories.map(({ identifier }) => identifier as CategoryName);
  return {
    session_id: id,
    merchant,
    purchase_country: data.purchase_country.toUpperCase(),
    purchase_currency: data.purchase_currency.toUpperCase(),
    locale,
    intent: data.intent,
    status: sessionStatusAt(session, now),
    expires_at: toIso(expires_at),
    ...(order_amount !== undefined && { order_amount }),
    ...(order_tax_amount !== undefined && { order_tax_amount }),
    ...(order_lines && { order_lines: order_lines.map(lineView) }),
    payment_method_categories: offered?.map((name) => categoryIn(countryOf(data), name)) ?? [...session.categories],
    person: personView(accountOf(data).billing_address),
    options: optionsView(session, categories),
    tokenizes_rule: tokenizesRule(data.intent),
    scenario: script ? { name: script.name, title: script.title } : null,
    scripted: script?.shopper ?? null,
  };
}

function lineView(line: OrderLine): Schemas['purchase_line'] {
  const { type, name, quantity, quantity_unit, unit_price, total_discount_amount, total_amount, image_url } = line;
  const subscription = line.subscription && subscriptionWords(line.subscription);
  return {
    ...(type && { type }),
    name,
    quantity,
    ...(quantity_unit && { quantity_unit }),
    unit_price,
    ...(total_discount_amount && { total_discount_amount }),
    total_amount,
    ...(image_url && { image_url }),
    ...(subscription && { subscription }),
  };
}

/** Returns a subscription in words: `Boot care, every 3 months`. */
function subscriptionWords({ name, interval, interval_count: count }: NonNullable<OrderLine['subscription']>) {
  const unit = String(interval).toLowerCase();
  return `${name}, every ${count === 1 ? unit : `${count} ${unit}s`}`;
}

/** Fields of an address that a page shows. */
const shown = [
  'given_name',
  'family_name',
  'email',
  'phone',
  'street_address',
  'postal_code',
  'city',
  'region',
  'country',
] as const satisfies readonly (keyof Address & keyof Schemas['purchase_person'])[];

function personView(address: Address): Schemas['purchase_person'] {
  return Object.fromEntries(shown.flatMap((field) => (address[field] ? [[field, address[field]]] : [])));
}

/** Returns the payment options of some categories, each with the sample cards and accounts that can back it. */
function optionsView(session: Session, categories: readonly CategoryName[]): Schemas['purchase_option'][] {
  const options = Object.keys(paymentOptions) as PaymentOption[];
  return options
    .map((option) => ({
      payment_option: option,
      label: optionLabels[option],
      sources: sourcesView(session, option, categories),
    }))
    .filter(({ sources }) => sources.length > 0);
}

function sourcesView(session: Session, option: PaymentOption, categories: readonly CategoryName[]) {
  const kinds = Object.keys(paymentOptions[option]);
  return kinds.flatMap((kind) => {
    const belonging = categories.filter((category) => belongsTo(category, option, kind));
    if (belonging.length === 0) return [];
    return sampleSources
      .filter(({ source }) => source.type === kind)
      .map(({ source }) => sourceView(session, { option, source }, belonging));
  });
}

function sourceView(
  { data }: Session,
  choice: Choice,
  payment_method_categories: CategoryName[],
): Schemas['purchase_source'] {
  const { type } = methodOf(choice);
  const denied = whyDenied(data, choice) !== undefined;
  return {
    funding_source: choice.source,
    payment_method_categories,
    label: sourceLabel(choice.source),
    brings: denied ? 'denied' : 'approved',
    pays: { type, label: initialMethods[type].description },
    tokenizes: denied ? null : tokenizesView(choice, data.intent),
  };
}

/** Tells whether a customer token can follow a purchase of an intent. Source: guides on tokenized and mixed payments. */
const tokenizes = (intent: Intent): boolean => intent !== 'buy' && intent !== 'buy_and_link';

type TokenView = NonNullable<Schemas['purchase_source']['tokenizes']>;

/** Returns the customer token that can follow a choice, in words; null where the intent asks for none. */
export function tokenizesView(choice: Choice, intent: Intent): TokenView | null {
  if (!tokenizes(intent)) return null;
  const method = tokenizedMethodOf(choice, intent);
  return {
    payment_method_type: method.type.toUpperCase() as TokenView['payment_method_type'],
    sentence: tokenizesSentence(choice, intent),
  };
}

/** Returns one sentence on what a customer token of a choice keeps, and how it is charged. */
function tokenizesSentence(choice: Choice, intent: Intent): string {
  const { source } = choice;
  const method = tokenizedMethodOf(choice, intent);
  const label = methodLabel(method);
  if (source.reusable === false) return `Klarna cannot keep ${sourceInSentence(source)}: ${label} is kept.`;
  // With an intent that keeps the chosen option, an invoice was chosen by the shopper.
  const own = method.type === methodOf(choice).type && intent !== 'buy_and_default_tokenize';
  if (source.type === 'card' || source.type === 'direct_debit') {
    return `Klarna will keep ${sourceInSentence(source)} and charge it by ${label} next time.`;
  }
  return own ? `Klarna will keep ${label}.` : `Nothing that can be charged again backs this: ${label} is kept.`;
}

/** Returns one sentence on what a session's intent has Klarna tokenize, whatever is chosen; null for nothing. */
export function tokenizesRule(intent: Intent): string | null {
  switch (intent) {
    case 'buy_and_default_tokenize':
      return 'Whatever is chosen, Klarna keeps Pay Now by its card or account for next time, or Pay Later in 30 days where nothing behind it can be charged again.';
    case 'buy_and_tokenize':
      return 'Klarna keeps what is chosen for next time, or Pay Later in 30 days where it cannot be charged again.';
    case 'tokenize':
      return 'Nothing is bought now: Klarna keeps what is chosen for next time, or Pay Later in 30 days where it cannot be charged again.';
    default:
      return null;
  }
}
