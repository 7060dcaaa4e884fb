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
export type PaymentMethodCategory = Payments['schemas']['payment_method_category'];
/** The identifier of a payment method category. */
export type CategoryName = Sandbox['schemas']['category'];
export type PaymentOption = Sandbox['schemas']['payment_option'];
export type FundingSource = Sandbox['schemas']['funding_source'];

/** The data of a session. Country, currency and intent are always set. */
export type Purchase = SessionData & {
  intent: Intent;
  purchase_country: string;
  purchase_currency: string;
};

/** The shopper's choice in the purchase flow: a payment option and the funding source behind it. */
export interface Choice {
  option: PaymentOption;
  source: FundingSource;
}

/** The payment method of an order or a customer token. */
export interface PaymentMethod {
  /** Lower case, as in `authorized_payment_method.type`; `payment_method_type` of a token is the same in upper case. */
  type: AuthorizedPaymentMethod['type'];
  number_of_days?: number;
  number_of_installments?: number;
  card?: { brand: string; masked_number: string; expiry_date: string };
  direct_debit?: { masked_number: string };
}

interface Owned {
  /** UUID; also the key in the store. */
  id: string;
  /** The merchant that owns the record: the user name of HTTP Basic authentication. */
  merchant: string;
  created_at: Instant;
  /** The scenario chosen in the purchase that led to this record; absent without one. */
  bound?: Binding;
}

/** A scenario that was chosen by the shopper's e-mail address, and the id of the session in which it was chosen. */
export interface Binding {
  scenario: string;
  session: string;
}

/** The facts in a client token beside the session's id and merchant. */
export interface ClientFacts {
  /** Scheme and host by which the shopper's browser reaches the sandbox. */
  base: string;
  /** ISO 639-1, lower case. */
  language: string;
  /** ISO 3166-1 alpha-2, upper case. */
  country: string;
  /** Minor units. */
  amount?: number;
}

export interface Session extends Owned {
  kind: 'session';
  expires_at: Instant;
  /** The facts in its client token, as they were when it was created. The token is made from them when it is asked for. */
  client: ClientFacts;
  /** The payment method categories that it was created with. */
  categories: readonly PaymentMethodCategory[];
  /** The data of the purchase, as the merchant gave it at create, in updates and through the SDK. */
  data: Purchase;
  /** Id of the newest authorization, the only one that can become an order. */
  authorization?: string;
  /** The refused charge that this session recovers; checked when the session was created. */
  recovers?: { token: string; step_up_id: string };
  /** The shopper's choice in a purchase that waits for `finalize()`. */
  unfinished?: Choice;
  /** Id of the order that completed the session. */
  order?: string;
  /** The account of the shopper, set by the purchase flow. */
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
  /** The session's data at the moment of authorization. An order is matched against it. */
  data: Purchase;
  shopper: Shopper;
  /** The end of a fraud check that will be pending, and its length in milliseconds. */
  pending?: { becomes: 'ACCEPTED' | 'REJECTED'; after: number };
  released?: boolean;
  /** Id of the customer token made from it. */
  token?: string;
  /** The id of the order placed with it, and the body of that request. */
  placed?: { order: string; body: OrderRequest };
  /** A refusal that every later attempt to place the order gets again. */
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
  /** The error code that the next charges get, and for how many charges. */
  declines?: { error_code: ErrorName; times: number };
  /** Ids of open step-ups, returned with refused charges. */
  step_ups: string[];
  /** True when its purchase had a subscription object: refused charges then offer no step-up. */
  subscription?: true;
}

/** The result of the fraud check when an order is placed, or that it is pending. */
export type FraudCheck = 'ACCEPTED' | 'PENDING' | 'REJECTED';

/** The fraud status of an order; Klarna can stop an order that it had accepted. */
export type FraudStatus = FraudCheck | 'STOPPED';

/** Klarna's later verdict on an order: the end of a pending fraud check, or the stop of an accepted order. */
export type FraudVerdict = 'ACCEPTED' | 'REJECTED' | 'STOPPED';

/** A line of an order, a capture or a refund, as ordered or as the merchant sent it to Order Management later. */
export type ManagedLine = OrderLine | TokenOrderLine | OrderManagement['schemas']['order_line'];
export type ShippingInfo = OrderManagement['schemas']['shipping_info'];
export type CaptureRequest = OrderManagement['schemas']['capture_request'];
export type RefundRequest = OrderManagement['schemas']['refund_request'];
export type AuthorizationUpdate = OrderManagement['schemas']['authorization_update'];
export type CustomerDetailsUpdate = OrderManagement['schemas']['customer_details_update'];
export type MerchantReferencesUpdate = OrderManagement['schemas']['merchant_references_update'];
export type ManagedAddress = Address | OrderManagement['schemas']['address'];

/** The latest shipping info as JSON text, and its transaction id, which the same info again gets as well (recorded). */
export interface LastShipment {
  shipping_info: string;
  transaction: string;
}

/** A captured part of an order. */
export interface Capture {
  /** UUID. */
  id: string;
  klarna_reference: string;
  /** Minor units. */
  amount: number;
  /** Refunded amount in minor units. */
  refunded: number;
  at: Instant;
  description?: string;
  reference?: string;
  order_lines: ManagedLine[];
  shipping_address?: ManagedAddress;
  shipping_info: ShippingInfo[];
  last_shipment?: LastShipment;
  /** Numbers of days by which its due date was put off, each once. */
  extensions?: number[];
}

/** A refund to the shopper. */
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

/** An operation of Order Management that takes effect once: a repetition gets the transaction id of the first. */
export type OnceOnly = 'acknowledge' | 'cancel' | 'extend' | 'release';

export interface Order extends Owned {
  kind: 'order';
  /** Eight characters, printed on what the shopper sees. */
  klarna_reference: string;
  session?: string;
  customer_token?: string;
  fraud_status: FraudCheck;
  /** A later verdict of Klarna and its moment, until which `fraud_status` holds. */
  fraud_later?: { verdict: FraudVerdict; at: Instant };
  /** The merchant's order with the authorized amount and lines, and the country and person that Klarna knows. */
  data: Omit<OrderRequest, 'order_lines' | 'shipping_address'> & {
    order_lines: ManagedLine[];
    shipping_address?: ManagedAddress;
  };
  method: PaymentMethod;
  choice?: Choice;
  /** Amount in minor units that was authorized at first. */
  original_amount: number;
  /** The moment at which the authorization ends. */
  authorized_until: Instant;
  captures: Capture[];
  refunds: Refund[];
  shipping_info: ShippingInfo[];
  last_shipment?: LastShipment;
  /** Transaction ids of the operations that take effect once. */
  done: Partial<Record<OnceOnly, string>>;
}

/** The stored status of a hosted session. Time and the payment session may change it; see `hostedStatusAt`. */
export type HostedStatus = Exclude<HostedSessionAnswer['status'], 'TIMEOUT' | 'MANUAL_ID_CHECK'>;

export interface HostedSession extends Owned {
  kind: 'hosted_session';
  /** Id of its payment session. */
  session: string;
  /** An hour before the payment session ends. */
  expires_at: Instant;
  status: HostedStatus;
  updated_at: Instant;
  merchant_urls: NonNullable<HostedSessionRequest['merchant_urls']>;
  options: NonNullable<HostedSessionRequest['options']>;
  /** Fields that a read returns once the session is completed. */
  result?: Pick<HostedSessionAnswer, 'authorization_token' | 'order_id' | 'klarna_reference'>;
}

/** The remembered answer of an idempotency key, by merchant and operation. */
export interface IdempotentAnswer extends Owned {
  kind: 'idempotency';
  expires_at: Instant;
  answer: { status: number; body?: string; headers: Record<string, string>; because?: Reason };
}

export type Stored = Session | Authorization | CustomerTokenRecord | Order | HostedSession | IdempotentAnswer;
export type Kind = Stored['kind'];
export type OfKind<K extends Kind> = Extract<Stored, { kind: K }>;
