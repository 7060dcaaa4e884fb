import type { components as CustomerToken } from '../contract/generated/customer-token.js';
import type { components as HostedPaymentPage } from '../contract/generated/hosted-payment-page.js';
import type { components as OrderManagement } from '../contract/generated/order-management.js';
import type { components as Payments } from '../contract/generated/payments.js';
import type { components as Sandbox } from '../contract/generated/sandbox.js';
import type { ErrorName } from './catalogue/errors.js';
import type { Reason } from './catalogue/rules.js';
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
export type HostedSessionRequest = HostedPaymentPage['schemas']['hosted_session_create'];
export type HostedSessionAnswer = HostedPaymentPage['schemas']['hosted_session'];
export type DistributionRequest = HostedPaymentPage['schemas']['distribution_request'];
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
  /** The purchase it was made in had a subscription object: its charges offer no step-up. */
  subscription?: true;
}

/** How the fraud check of an order ends, or that it has not ended, when the order is placed. */
export type FraudCheck = 'ACCEPTED' | 'PENDING' | 'REJECTED';

/** Where the fraud check of an order stands; Klarna can stop an order which it had accepted. */
export type FraudStatus = FraudCheck | 'STOPPED';

/** What Klarna says of an order later: how a pending fraud check ended, or that an order is stopped which it had accepted. */
export type FraudVerdict = 'ACCEPTED' | 'REJECTED' | 'STOPPED';

/** A line of an order, a capture or a refund: what was ordered, or what a merchant told Order Management since. */
export type ManagedLine = OrderLine | TokenOrderLine | OrderManagement['schemas']['order_line'];
export type ShippingInfo = OrderManagement['schemas']['shipping_info'];
export type CaptureRequest = OrderManagement['schemas']['capture_request'];
export type RefundRequest = OrderManagement['schemas']['refund_request'];
export type AuthorizationUpdate = OrderManagement['schemas']['authorization_update'];
export type CustomerDetailsUpdate = OrderManagement['schemas']['customer_details_update'];
export type MerchantReferencesUpdate = OrderManagement['schemas']['merchant_references_update'];
export type ManagedAddress = Address | OrderManagement['schemas']['address'];

/** What was said last of a shipment: said again, it is no other transaction (recorded). */
export interface LastShipment {
  shipping_info: string;
  transaction: string;
}

/** A part of an order that was delivered and is paid for. */
export interface Capture {
  /** UUID. */
  id: string;
  klarna_reference: string;
  /** Minor units. */
  amount: number;
  /** How much of it went back, in minor units. */
  refunded: number;
  at: Instant;
  description?: string;
  reference?: string;
  order_lines: ManagedLine[];
  shipping_address?: ManagedAddress;
  shipping_info: ShippingInfo[];
  last_shipment?: LastShipment;
  /** The numbers of days by which its due date was put off, each once. */
  extensions?: number[];
}

/** Money that went back to the shopper. */
export interface Refund {
  /** UUID. */
  id: string;
  /** Minor units. */
  amount: number;
  at: Instant;
  description?: string;
  reference?: string;
  order_lines: ManagedLine[];
}

/** What Order Management does once: asked again, it answers with the transaction that did it. */
export type OnceOnly = 'acknowledge' | 'cancel' | 'extend' | 'release';

export interface Order extends Owned {
  kind: 'order';
  /** Eight characters, printed on what the shopper sees. */
  klarna_reference: string;
  session?: string;
  customer_token?: string;
  fraud_status: FraudCheck;
  /** Until when the fraud status stands, and what Klarna says then. */
  fraud_later?: { verdict: FraudVerdict; at: Instant };
  /** What the merchant ordered, with the country and the person that Klarna knows; the authorized amount and its lines. */
  data: Omit<OrderRequest, 'order_lines' | 'shipping_address'> & {
    order_lines: ManagedLine[];
    shipping_address?: ManagedAddress;
  };
  method: PaymentMethod;
  choice?: Choice;
  /** What was authorized at first, in minor units. */
  original_amount: number;
  /** Until when it can be captured. */
  authorized_until: Instant;
  captures: Capture[];
  refunds: Refund[];
  shipping_info: ShippingInfo[];
  last_shipment?: LastShipment;
  /** The transaction ids of what was done and is done once only. */
  done: Partial<Record<OnceOnly, string>>;
}

/** What is stored of how far the shopper has come; what time and the payment session make of it is seen when it is read. */
export type HostedStatus = Exclude<HostedSessionAnswer['status'], 'TIMEOUT' | 'MANUAL_ID_CHECK'>;

export interface HostedSession extends Owned {
  kind: 'hosted_session';
  /** The payment session that it is the page of. */
  session: string;
  /** An hour before the payment session ends. */
  expires_at: Instant;
  status: HostedStatus;
  updated_at: Instant;
  merchant_urls: NonNullable<HostedSessionRequest['merchant_urls']>;
  options: NonNullable<HostedSessionRequest['options']>;
  /** What a read gives once it is completed. */
  result?: Pick<HostedSessionAnswer, 'authorization_token' | 'order_id' | 'klarna_reference'>;
}

/** The answer that an idempotency key stands for, by merchant and operation. */
export interface IdempotentAnswer extends Owned {
  kind: 'idempotency';
  expires_at: Instant;
  answer: { status: number; body?: string; headers: Record<string, string>; because?: Reason };
}

export type Stored = Session | Authorization | CustomerTokenRecord | Order | HostedSession | IdempotentAnswer;
export type Kind = Stored['kind'];
export type OfKind<K extends Kind> = Extract<Stored, { kind: K }>;
