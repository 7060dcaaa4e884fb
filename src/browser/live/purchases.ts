import type { Authorization, CustomerToken, HostedSession, Order, Session } from './types.js';

/** The records of a merchant, newest first. */
export interface Records {
  sessions: readonly Session[];
  authorizations: readonly Authorization[];
  tokens: readonly CustomerToken[];
  orders: readonly Order[];
  hosted: readonly HostedSession[];
}

export const NO_RECORDS: Records = { sessions: [], authorizations: [], tokens: [], orders: [], hosted: [] };

/** A session with its authorization, customer tokens, orders, and later charges of those tokens. */
export interface Purchase {
  /** The session's id; where that is no longer known, the id of what is. */
  id: string;
  session?: Session;
  authorizations: Authorization[];
  tokens: CustomerToken[];
  /** The order of the session, and those that charged its tokens. */
  orders: Order[];
  hosted: HostedSession[];
  /** Time of its latest change, as far as its records say. */
  at: string;
}

/** Gathers records by the purchase that they belong to, the newest purchase first. */
export function purchasesOf({ sessions, authorizations, tokens, orders, hosted }: Records): Purchase[] {
  const purchases = new Map<string, Purchase>();
  const of = (id: string): Purchase => {
    let purchase = purchases.get(id);
    if (!purchase) {
      purchase = { id, authorizations: [], tokens: [], orders: [], hosted: [], at: '' };
      purchases.set(id, purchase);
    }
    return purchase;
  };
  for (const session of sessions) of(session.session_id).session = session;
  const makers = new Map<string, string>();
  for (const authorization of authorizations) {
    of(authorization.session_id).authorizations.push(authorization);
    if (authorization.customer_token !== undefined) makers.set(authorization.customer_token, authorization.session_id);
  }
  for (const token of tokens) of(makers.get(token.token_id) ?? token.token_id).tokens.push(token);
  for (const order of orders) {
    const { order_id, session_id, customer_token } = order;
    of(session_id ?? makers.get(customer_token ?? '') ?? customer_token ?? order_id).orders.push(order);
  }
  for (const page of hosted) of(page.payment_session_id).hosted.push(page);
  for (const purchase of purchases.values()) purchase.at = latest(purchase);
  return [...purchases.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

function latest({ session, authorizations, tokens, orders, hosted }: Purchase): string {
  const times = [session, ...authorizations, ...tokens, ...orders, ...hosted].map((record) => record?.created_at ?? '');
  return times.sort().at(-1) ?? '';
}

/** Returns the ids of everything in a purchase, by which exchanges and callbacks name it. */
export function idsOf({ session, authorizations, tokens, orders, hosted }: Purchase): string[] {
  return [
    ...(session ? [session.session_id] : []),
    ...authorizations.map(({ authorization_token }) => authorization_token),
    ...tokens.map(({ token_id }) => token_id),
    ...orders.map(({ order_id }) => order_id),
    ...hosted.map(({ session_id }) => session_id),
  ];
}

const options: Readonly<Record<string, string>> = {
  pay_now: 'Pay Now',
  pay_later: 'Pay Later in 30 days',
  pay_in_3: 'Pay in 3',
  pay_in_4: 'Pay in 4',
  financing: 'financing',
};

const sources: Readonly<Record<string, string>> = {
  card: 'a card',
  direct_debit: 'direct debit',
  bank_transfer: 'a bank transfer',
  none: 'an invoice',
};

/** Returns the words of a payment method: `card, VISA ************1111`. */
export function methodInWords({
  type,
  card,
  direct_debit,
  number_of_days,
  number_of_installments,
}: CustomerToken['payment_method']): string {
  const details = [
    card && `${card.brand} ${card.masked_number}`,
    direct_debit?.masked_number,
    number_of_days && `${number_of_days} days`,
    number_of_installments && `${number_of_installments} instalments`,
  ].filter(Boolean);
  return [type.replace(/^pay_by_/, '').replaceAll('_', ' '), ...details].join(', ');
}

/** Returns how a purchase is paid, in words: `Pay in 4 by a card`. */
export const choiceInWords = ({
  payment_option,
  funding_source,
}: Pick<Authorization, 'payment_option' | 'funding_source'>): string =>
  `${options[payment_option] ?? payment_option} by ${sources[funding_source.type] ?? funding_source.type}`;

/** Says in one sentence why a customer token is of the payment method that it is. */
export function whyTokenized({ intent, payment_method }: CustomerToken, made?: Authorization): string {
  const method = methodInWords(payment_method);
  if (!made)
    return `The session's intent was ${intent}; how the shopper paid is no longer kept. Charges are paid by ${method}.`;
  const paid = `The shopper paid with ${choiceInWords(made)}`;
  const { type, reusable } = made.funding_source;
  const charges = `so charges are paid by ${method}`;
  if (reusable === false) return `${paid} that cannot be kept, ${charges}.`;
  if (intent !== 'buy_and_default_tokenize') {
    const why = type === 'bank_transfer' ? ', but a bank transfer cannot be charged again' : '';
    return `${paid}. The intent ${intent} keeps what the shopper chose${why}, ${charges}.`;
  }
  const why =
    type === 'card' || type === 'direct_debit'
      ? 'keeps what backs the purchase, whatever option was chosen'
      : 'finds nothing behind the purchase that could be charged again';
  return `${paid}. The intent ${intent} ${why}, ${charges}.`;
}
