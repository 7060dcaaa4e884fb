import { type ErrorEntry, type ErrorName, errors } from '../../src/klarna/catalogue/errors.js';
import type { Accepted, Decision, Refused } from '../../src/klarna/decision.js';
import { type OrderState, orderStateAt } from '../../src/klarna/orders/life-cycle.js';
import type { OnOrder } from '../../src/klarna/orders/order.js';
import { cancelAuthorization, type OnAuthorization } from '../../src/klarna/payments/authorizations.js';
import { type ClientTokenClaims, type ClientTokenOf, claimsOf } from '../../src/klarna/payments/client-token.js';
import { createOrder } from '../../src/klarna/payments/create-order.js';
import {
  authorizeSession,
  finalizeSession,
  type ShopperAnswer,
  type ShopperRequest,
} from '../../src/klarna/payments/purchase-flow.js';
import { createSession, type OnSession, readSession, updateSession } from '../../src/klarna/payments/sessions.js';
import type {
  Authorization,
  CustomerTokenRecord,
  Kind,
  OfKind,
  Order,
  OrderLine,
  OrderRequest,
  Session,
  SessionData,
  SessionRequest,
  Stored,
  TokenOrderRequest,
  TokenRequest,
} from '../../src/klarna/records.js';
import type { Scripted } from '../../src/klarna/scripted.js';
import type { Instant } from '../../src/klarna/time.js';
import { createCustomerTokenOrder } from '../../src/klarna/tokens/charges.js';
import {
  changeCustomerToken,
  createCustomerToken,
  type OnCustomerToken,
  readCustomerToken,
  updateCustomerTokenStatus,
} from '../../src/klarna/tokens/customer-tokens.js';
import type { Test } from '../tap.js';

/** 2026-03-02T09:00:00.000Z, where the clock of every world starts. */
export const START: Instant = Date.UTC(2026, 2, 2, 9);
export const BASE = 'http://127.0.0.1:5527';
/** The merchant that acts unless a test says otherwise. */
export const MERCHANT = 'boots';

/** A line that keeps every rule: two boots at 50.00, 25 % tax. */
export const line = (changes: Partial<OrderLine> = {}): OrderLine => ({
  name: 'Winter boots',
  quantity: 2,
  unit_price: 5000,
  tax_rate: 2500,
  total_amount: 10000,
  total_tax_amount: 2000,
  ...changes,
});

/** A Swedish purchase that keeps every rule. */
export const purchase = (changes: SessionData = {}): SessionRequest => ({
  purchase_country: 'SE',
  purchase_currency: 'SEK',
  locale: 'sv-SE',
  order_amount: 10000,
  order_tax_amount: 2000,
  order_lines: [line()],
  ...changes,
});

/** The order of that purchase. */
export const orderOf = (changes: Partial<OrderRequest> = {}): OrderRequest => ({
  purchase_country: 'SE',
  purchase_currency: 'SEK',
  order_amount: 10000,
  order_tax_amount: 2000,
  order_lines: [line()],
  ...changes,
});

export const tokenRequest = (changes: Partial<TokenRequest> = {}): TokenRequest => ({
  description: 'Boot care',
  intended_use: 'SUBSCRIPTION',
  ...changes,
});

/** A charge of 25.00 that keeps every rule. */
export const charge = (changes: Partial<TokenOrderRequest> = {}): TokenOrderRequest => ({
  purchase_currency: 'SEK',
  order_amount: 2500,
  order_tax_amount: 500,
  order_lines: [
    {
      name: 'Boot care',
      quantity: 1,
      unit_price: 2500,
      tax_rate: 2500,
      total_amount: 2500,
      total_tax_amount: 500,
    },
  ],
  ...changes,
});

/** What was decided, when it must have been accepted. */
export function accepted<Body>(decision: Decision<Body>): Accepted<Body> {
  if ('refusal' in decision) throw new Error(`refused: ${JSON.stringify(decision)}`);
  return decision;
}

/** The body of an answer that must have been given. */
export const bodyOf = <Body>(decision: Decision<Body>) => accepted(decision).answer.body as Record<string, unknown>;

/** What a refusal says: status, code, Klarna's words and, for the explanation, the rule and its sentence. */
export type Expected = [status: number, code: string, messages: string[], rule: string, text: string];

/** A decision is this refusal, and neither changes anything nor calls anybody. */
export function refuses(t: Test, decision: Decision, expected: Expected, name = 'the request'): void {
  if (!('refusal' in decision)) {
    t.fail(`${name} must be refused`, { decision });
    return;
  }
  t.strictSame(wordsOf(decision), expected, `${name} is refused`);
  t.strictSame([decision.changes, decision.effects], [[], []], `${name} changes nothing`);
}

/** What a refusal says, as `Expected` has it. */
export function wordsOf(decision: Decision): Expected {
  const { refusal, because } = decision as Refused;
  const { status, code } = errors[refusal.error];
  return [status, code, [...refusal.messages], because.rule, because.text];
}

/** 400 for one or more fields. */
export const badValue = (fields: string, rule: string, text: string): Expected => [
  400,
  'BAD_VALUE',
  [`Bad value: ${fields}`],
  rule,
  text,
];

/** A UUID that shows the number it was made from. */
export const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

const tokenOf: ClientTokenOf = ({ id }) => `client token of ${id}`;

/** Klarna in memory: every decision's changes are applied, ids count up, and the clock is a number. */
export class World {
  now: Instant = START;
  /** The claims of the newest client token. */
  claims: ClientTokenClaims | undefined;
  readonly #records = new Map<string, Stored>();
  #stepUps = 0;
  #transactions = 0;

  find<K extends Kind>(kind: K, id: string | undefined): OfKind<K> | undefined {
    return this.#records.get(`${kind} ${id}`) as OfKind<K> | undefined;
  }

  /** A record that must be there. */
  get<K extends Kind>(kind: K, id: string): OfKind<K> {
    const record = this.find(kind, id);
    if (!record) throw new Error(`no ${kind} ${id}`);
    return record;
  }

  all<K extends Kind>(kind: K): OfKind<K>[] {
    return [...this.#records.values()].filter((record): record is OfKind<K> => record.kind === kind);
  }

  put(record: Stored): void {
    this.#records.set(`${record.kind} ${record.id}`, record);
  }

  /** The id that the next record of a kind gets. */
  nextId(kind: Kind): string {
    return `${kind}-${this.all(kind).length + 1}`;
  }

  createSession(body: SessionRequest = purchase(), merchant = MERCHANT): Decision {
    const token = this.find('customer_token', body.customer?.customer_token);
    const clientTokenOf: ClientTokenOf = (session) => {
      this.claims = claimsOf(session);
      return tokenOf(session);
    };
    const id = this.nextId('session');
    return this.#commit(
      'createSession',
      createSession({ merchant, body, token, now: this.now, id, sdkBase: BASE, clientTokenOf }),
    );
  }

  readSession(id: string, merchant = MERCHANT): Decision {
    return this.#commit('readSession', readSession({ ...this.#onSession(id, merchant), clientTokenOf: tokenOf }));
  }

  updateSession(id: string, body: SessionData, merchant = MERCHANT): Decision {
    return this.#commit('updateSession', updateSession({ ...this.#onSession(id, merchant), body }));
  }

  authorize(id: string, body: ShopperRequest = {}, merchant = MERCHANT): Decision<ShopperAnswer> {
    const authorizationId = this.nextId('authorization');
    return this.#commit(
      'authorizeSession',
      authorizeSession({ ...this.#onSession(id, merchant), body, authorizationId }),
    );
  }

  finalize(
    id: string,
    body: { result?: 'approved' | 'denied'; data?: SessionData } = {},
    merchant = MERCHANT,
  ): Decision<ShopperAnswer> {
    const authorizationId = this.nextId('authorization');
    return this.#commit(
      'finalizeSession',
      finalizeSession({ ...this.#onSession(id, merchant), body, authorizationId }),
    );
  }

  cancelAuthorization(id: string, merchant = MERCHANT): Decision {
    return this.#commit('cancelAuthorization', cancelAuthorization(this.#onAuthorization(id, merchant)));
  }

  createCustomerToken(id: string, body = tokenRequest(), merchant = MERCHANT): Decision {
    const on = this.#onAuthorization(id, merchant);
    const token = this.find('customer_token', on.authorization?.token ?? on.session?.recovers?.token);
    const tokenId = this.nextId('customer_token');
    return this.#commit('createCustomerToken', createCustomerToken({ ...on, token, body, tokenId, base: BASE }));
  }

  createOrder(id: string, body = orderOf(), merchant = MERCHANT, scripted?: Scripted): Decision {
    const on = this.#onAuthorization(id, merchant);
    const orderId = this.nextId('order');
    return this.#commit(
      'createOrder',
      createOrder({
        ...on,
        body,
        placed: this.find('order', on.authorization?.placed?.order),
        token: this.find('customer_token', on.session?.recovers?.token),
        scripted,
        orderId,
        captureId: `capture of ${orderId}`,
        reference: `REF of ${orderId}`,
        base: BASE,
      }),
    );
  }

  readCustomerToken(id: string, merchant = MERCHANT): Decision {
    return this.#commit('readCustomerToken', readCustomerToken(this.#onToken(id, merchant)));
  }

  updateCustomerTokenStatus(id: string, merchant = MERCHANT): Decision {
    return this.#commit('updateCustomerTokenStatus', updateCustomerTokenStatus(this.#onToken(id, merchant)));
  }

  changeCustomerToken(
    id: string,
    change: Parameters<typeof changeCustomerToken>[1],
    merchant = MERCHANT,
  ): Decision<CustomerTokenRecord> {
    return this.#commit('changeCustomerToken', changeCustomerToken(this.#onToken(id, merchant), change));
  }

  charge(id: string, body = charge(), merchant = MERCHANT): Decision {
    const orderId = this.nextId('order');
    this.#stepUps += 1;
    return this.#commit(
      'createCustomerTokenOrder',
      createCustomerTokenOrder({
        ...this.#onToken(id, merchant),
        body,
        orderId,
        captureId: `capture of ${orderId}`,
        reference: `REF of ${orderId}`,
        stepUpId: `step-up-${this.#stepUps}`,
        base: BASE,
      }),
    );
  }

  /** A session that must be opened; its record. */
  session(body: SessionRequest = purchase(), merchant = MERCHANT): Session {
    return this.get('session', String(bodyOf(this.createSession(body, merchant)).session_id));
  }

  /** A session that must be opened and approved; the record of the authorization. */
  authorization(body: SessionRequest = purchase(), shopper: ShopperRequest = {}, merchant = MERCHANT): Authorization {
    const { id } = this.session(body, merchant);
    return this.get('authorization', String(bodyOf(this.authorize(id, shopper, merchant)).authorization_token));
  }

  /** A customer token that must be made; its record. */
  token(body: SessionData = {}, shopper: ShopperRequest = {}, merchant = MERCHANT): CustomerTokenRecord {
    const { id } = this.authorization(purchase({ intent: 'buy_and_tokenize', ...body }), shopper, merchant);
    return this.get('customer_token', String(bodyOf(this.createCustomerToken(id, tokenRequest(), merchant)).token_id));
  }

  /** An order that an answer names; its record. */
  orderOf(decision: Decision): Order {
    return this.get('order', String(bodyOf(decision).order_id));
  }

  /** The state now of an order that an answer names. */
  state(decision: Decision): OrderState {
    return orderStateAt(this.orderOf(decision), this.now);
  }

  /** An order that must be placed, with a UUID for an id as Order Management asks for; its record. */
  order(body = orderOf(), session: SessionRequest = purchase(), shopper: ShopperRequest = {}): Order {
    const { id } = this.authorization(session, shopper);
    const placed = this.orderOf(this.createOrder(id, body));
    const order = { ...placed, id: uuidOf(this.all('order').length) };
    this.put(order);
    return order;
  }

  /** Asks Order Management for something that is done with an order. */
  manage<Extra extends object>(
    does: (request: OnOrder & Extra) => Decision,
    id: string,
    extra: Extra,
    merchant = MERCHANT,
  ): Decision {
    this.#transactions += 1;
    const on = { order: this.find('order', id), id, merchant, now: this.now, transactionId: `T${this.#transactions}` };
    return this.#commit(does.name, does({ ...on, ...extra }));
  }

  #onSession(id: string, merchant: string): OnSession {
    return { session: this.find('session', id), id, merchant, now: this.now };
  }

  #onAuthorization(id: string, merchant: string): OnAuthorization {
    const authorization = this.find('authorization', id);
    return { authorization, session: this.find('session', authorization?.session), id, merchant, now: this.now };
  }

  #onToken(id: string, merchant: string): OnCustomerToken {
    return { token: this.find('customer_token', id), id, merchant, now: this.now };
  }

  /** Applies what was decided. An error that the catalogue does not know for the operation is a mistake of the rules. */
  #commit<D extends Decision<never> | Decision>(operation: string, decision: D): D {
    if ('refusal' in decision) checkCatalogue(operation, decision.refusal.error);
    for (const change of decision.changes) {
      if (!('put' in change)) throw new Error('no rule removes a record');
      this.put(change.put);
    }
    return decision;
  }
}

/** Operations that are the sandbox's own: the catalogue says nothing of them. */
const ours = new Set(['authorizeSession', 'finalizeSession', 'changeCustomerToken', 'decideFraud']);

function checkCatalogue(operation: string, error: ErrorName): void {
  const { operations }: ErrorEntry = errors[error];
  if (!ours.has(operation) && operations && !operations.includes(operation)) {
    throw new Error(`${operation} answered ${error}, which the catalogue has for ${operations.join(', ')} only`);
  }
}
