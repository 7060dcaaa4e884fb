import type { components as CustomerToken } from '../contract/generated/customer-token.js';
import type { components as Payments } from '../contract/generated/payments.js';
import type { components as Sandbox } from '../contract/generated/sandbox.js';
import type { Reason } from './decision.js';
import type { ErrorName } from './errors.js';
import type { Instant } from './time.js';

export type SessionData = Payments['schemas']['session'];
export type SessionRequest = Payments['schemas']['session_create'];
export type OrderRequest = Payments['schemas']['create_order_request'];
export type TokenRequest = Payments['schemas']['customer_token_creation_request'];
export type OrderLine = Payments['schemas']['order_line'];
export type Address = Payments['schemas']['address'];
export type Customer = Payments['schemas']['customer'];
export type Intent = NonNullable<SessionData['intent']>;
export type AuthorizedPaymentMethod = Payments['schemas']['authorized_payment_method'];
export type TokenOrderRequest = CustomerToken['schemas']['customer_token_order'];
export type TokenOrderLine = CustomerToken['schemas']['order_line'];
export type PaymentOption = Sandbox['schemas']['payment_option'];
export type FundingSource = Sandbox['schemas']['funding_source'];

/** What a session knows of its purchase: country, currency and intent are known from the start. */
export type Purchase = SessionData & {
  intent: Intent;
  purchase_country: string;
  purchase_currency: string;
};

/** What the shopper chose in the purchase flow: an option and what backs it. */
export interface Choice {
  option: PaymentOption;
  source: FundingSource;
}

/** A way to pay, as an order or a customer token carries it. */
export interface PaymentMethod {
  /** Lower case, as `authorized_payment_method.type` says it; a token's `payment_method_type` is the same word in upper case. */
  type: AuthorizedPaymentMethod['type'];
  number_of_days?: number;
  number_of_installments?: number;
  card?: { brand: string; masked_number: string; expiry_date: string };
  direct_debit?: { masked_number: string };
}

interface Owned {
  /** UUID; also the key in the store. */
  id: string;
  /** The merchant whose world it belongs to: the user name of HTTP Basic authentication. */
  merchant: string;
  created_at: Instant;
  /** What comes of a purchase stays with the scenario that was chosen in it. */
  bound?: Binding;
}

/** The scenario that a shopper's e-mail address chose, and the session it was chosen in. */
export interface Binding {
  scenario: string;
  session: string;
}

export interface Session extends Owned {
  kind: 'session';
  expires_at: Instant;
  client_token: string;
  /** Everything the merchant said about the purchase, at create, at updates and through the SDK. */
  data: Purchase;
  /** The newest authorization: the only one that can become an order. */
  authorization?: string;
  /** The charge that this session makes good: judged when the session was created. */
  recovers?: { token: string; step_up_id: string };
  /** A purchase that waits for `finalize()`. */
  unfinished?: Choice;
  /** Set when the order is placed; the session is complete from then on. */
  order?: string;
  /** The account of the shopper, known once they went through the purchase flow. */
  shopper?: Shopper;
}

export interface Shopper {
  billing_address: Address;
  shipping_address?: Address;
  customer: Customer;
}

export interface Authorization extends Owned {
  kind: 'authorization';
  expires_at: Instant;
  session: string;
  choice: Choice;
  /** The session's data at the moment of authorization: what an order is matched against. */
  data: Purchase;
  shopper: Shopper;
  /** How the fraud check will end, when one is pending. */
  pending?: { becomes: 'ACCEPTED' | 'REJECTED'; after: number };
  released?: boolean;
  /** The customer token made from it, if any. */
  token?: string;
  /** The order placed with it and the body that did. */
  placed?: { order: string; body: string };
  /** A refusal that every later attempt to place the order meets again. */
  refused?: { error: ErrorName; messages: readonly string[]; because: Reason };
}

export type TokenStatus = 'ACTIVE' | 'SUSPENDED' | 'CANCELLED';

export interface CustomerTokenRecord extends Owned {
  kind: 'customer_token';
  status: TokenStatus;
  method: PaymentMethod;
  intent: Intent;
  description: string;
  purchase_country: string;
  purchase_currency: string;
  shopper: Shopper;
  /** Other merchants that may charge it. */
  shared_with: string[];
  /** Refusals waiting for the next charges. */
  declines?: { error_code: ErrorName; times: number };
  /** Open step-ups: ids handed out with refused charges. */
  step_ups: string[];
}

export type FraudStatus = 'ACCEPTED' | 'PENDING' | 'REJECTED';

/** What Klarna says of an order later: how a pending fraud check ended, or that an order is stopped which it had accepted. */
export type FraudVerdict = 'ACCEPTED' | 'REJECTED' | 'STOPPED';

export interface Order extends Owned {
  kind: 'order';
  /** Eight characters, printed on what the shopper sees. */
  klarna_reference: string;
  session?: string;
  customer_token?: string;
  status: 'AUTHORIZED' | 'CAPTURED';
  fraud_status: FraudStatus;
  /** Until when the fraud status stands, and what Klarna says then. */
  fraud_later?: { verdict: FraudVerdict; at: Instant };
  /** What the merchant ordered, with the country and the person that Klarna knows. */
  data: Omit<OrderRequest, 'order_lines'> & { order_lines: (OrderLine | TokenOrderLine)[] };
  method: PaymentMethod;
  choice?: Choice;
}

/** The answer that an idempotency key stands for, by merchant and operation. */
export interface IdempotentAnswer extends Owned {
  kind: 'idempotency';
  expires_at: Instant;
  answer: { status: number; body?: string; headers: Record<string, string>; because?: Reason };
}

export type Stored = Session | Authorization | CustomerTokenRecord | Order | IdempotentAnswer;
export type Kind = Stored['kind'];
export type OfKind<K extends Kind> = Extract<Stored, { kind: K }>;
