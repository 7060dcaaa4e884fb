import type { Evidence } from './evidence.js';

const management = 'Klarna error catalogue for Order Management';
const capturesRead = ['readCapture', 'readExtendDueDateOptions'] as const;
const capturesChanged = ['addCaptureShippingInfo', 'triggerSendOut', 'extendDueDate'] as const;
const ordersRead = ['readOrder', 'listCaptures', 'readRefund', ...capturesRead] as const;
/** The operations that have a body. */
const ordersWritten = [
  'updateAuthorization',
  'updateMerchantReferences',
  'updateCustomerDetails',
  'addOrderShippingInfo',
  'captureOrder',
  'addCaptureShippingInfo',
  'extendDueDate',
  'refundOrder',
] as const;
const ordersChanged = [
  ...ordersWritten,
  'acknowledgeOrder',
  'cancelOrder',
  'extendAuthorizationTime',
  'releaseRemainingAuthorization',
  'triggerSendOut',
] as const;
const ofOrders = [...ordersRead, ...ordersChanged] as const;

/** The errors of Order Management. */
export const orderErrors = {
  INVALID_ORDER_ID: {
    status: 400,
    code: 'INVALID_ORDER_ID',
    messages: ['Order ID must be a valid UUID.'],
    operations: ofOrders,
    evidence: 'docs',
    source: management,
  },
  UNPROCESSABLE_ENTITY: {
    status: 422,
    code: 'UNPROCESSABLE_ENTITY',
    messages: [],
    operations: ordersWritten,
    evidence: 'recorded',
    source: 'playground recordings 2021',
  },
  INVALID_ADDRESS: {
    status: 422,
    code: 'INVALID_ADDRESS',
    messages: ['The shipping and/or billing address is invalid'],
    operations: ['captureOrder', 'updateCustomerDetails'],
    evidence: 'docs',
    source: management,
  },
  NO_SUCH_ORDER: {
    status: 404,
    code: 'NO_SUCH_ORDER',
    messages: [],
    operations: ofOrders,
    evidence: 'docs',
    source: management,
  },
  NO_SUCH_CAPTURE: {
    status: 404,
    code: 'NO_SUCH_CAPTURE',
    messages: ['Capture could not be found'],
    operations: [...capturesRead, ...capturesChanged],
    evidence: 'docs',
    source: management,
  },
  NO_SUCH_REFUND: {
    status: 404,
    code: 'NOT_FOUND',
    messages: [],
    operations: ['readRefund'],
    evidence: 'docs',
    source: management,
  },
  NOT_ALLOWED: {
    status: 403,
    code: 'NOT_ALLOWED',
    messages: ['Update not allowed.'],
    states: [{ state: 'order captured', says: /captured/i }, { state: 'order cancelled' }],
    operations: [
      'acknowledgeOrder',
      'updateAuthorization',
      'extendAuthorizationTime',
      'releaseRemainingAuthorization',
      'updateMerchantReferences',
      'updateCustomerDetails',
      'addOrderShippingInfo',
      ...capturesChanged,
    ],
    evidence: 'docs',
    source: management,
  },
  CAPTURE_NOT_ALLOWED: {
    status: 403,
    code: 'CAPTURE_NOT_ALLOWED',
    messages: ['Capture not allowed'],
    states: [{ state: 'order cancelled' }],
    operations: ['captureOrder'],
    evidence: 'docs',
    source: management,
  },
  CAPTURE_TOO_HIGH: {
    status: 403,
    code: 'CAPTURE_NOT_ALLOWED',
    messages: ['Captured amount is higher than the remaining authorized amount. Capture not possible.'],
    states: [{ state: 'order smaller', says: /higher/i }],
    operations: ['captureOrder'],
    evidence: 'reported',
    source: 'krokedil/klarna-checkout-for-woocommerce#585',
  },
  CANCEL_NOT_ALLOWED: {
    status: 403,
    code: 'CANCEL_NOT_ALLOWED',
    messages: ['Order has previous captures. Cancel not possible.'],
    states: [{ state: 'order captured' }],
    operations: ['cancelOrder'],
    evidence: 'docs',
    source: management,
  },
  REFUND_NOT_ALLOWED: {
    status: 403,
    code: 'REFUND_NOT_ALLOWED',
    messages: ['Over refund is not allowed. Refund not possible.'],
    states: [{ state: 'less captured' }],
    operations: ['refundOrder'],
    evidence: 'docs',
    source: management,
  },
  REFUND_WITHOUT_CAPTURE: {
    status: 403,
    code: 'REFUND_NOT_ALLOWED',
    messages: ['Order has no captures. Refund not possible'],
    states: [{ state: 'order not captured', says: /no captures/i }],
    operations: ['refundOrder'],
    evidence: 'docs',
    source: management,
  },
  CONFLICT: {
    status: 409,
    code: 'CONFLICT',
    messages: [],
    own: true,
    operations: ordersChanged,
    evidence: 'docs',
    source: management,
  },
  UNEXPECTED_ERROR: {
    status: 500,
    code: 'UNEXPECTED_ERROR',
    messages: ['Unexpected server error'],
    operations: ofOrders,
    repeatable: true,
    evidence: 'docs',
    source: management,
  },
  BAD_GATEWAY: {
    status: 502,
    code: 'TEMPORARILY_UNAVAILABLE',
    messages: ['Temporarily unavailable'],
    operations: ofOrders,
    repeatable: true,
    evidence: 'docs',
    source: management,
  },
  GATEWAY_TIMEOUT: {
    status: 504,
    code: 'TEMPORARILY_UNAVAILABLE',
    messages: ['Temporarily unavailable'],
    operations: ofOrders,
    repeatable: true,
    evidence: 'docs',
    source: management,
  },
  TEMPORARILY_UNAVAILABLE: {
    status: 503,
    code: 'TEMPORARILY_UNAVAILABLE',
    messages: ['Temporarily unavailable'],
    operations: ofOrders,
    repeatable: true,
    evidence: 'docs',
    source: management,
  },
} as const satisfies Record<string, ErrorEntry>;

/** A state of an order, an authorization or a customer token in which requests are refused. */
export type RefusedState =
  | 'order captured'
  | 'order not captured'
  | 'order cancelled'
  /** Less is authorized than a capture asks for. */
  | 'order smaller'
  /** Less was captured than a refund asks for. */
  | 'less captured'
  /** By a request with another body. */
  | 'order placed'
  | 'no token allowed'
  | 'token suspended'
  | 'token cancelled';

/** An error as Klarna answers it. The catalogue is the one place for its status, code and words. */
export interface ErrorEntry {
  status: number;
  code: string;
  /** Klarna's messages, where they do not depend on the request. */
  messages: readonly string[];
  /** Operations that can answer it; absent: every operation. */
  operations?: readonly string[];
  /** An API that has errors of its own instead of this one, which every other operation can answer. */
  notIn?: 'order-management';
  /** An example of Klarna's messages, where they depend on the request. */
  example?: readonly string[];
  /** True when the same request may succeed later without any other change. */
  repeatable?: true;
  /** True when it sticks to the authorization: every later attempt to place the order gets it again. */
  sticks?: true;
  /** True when the payment method refused a charge: the answer has further fields, and may offer a step-up. */
  recoverable?: true;
  /** True when only a mistake in the shop's own program causes it. */
  slip?: true;
  /** Klarna refuses so for reasons of its own, whatever is asked. */
  own?: true;
  /** The states of what a request names that lead to it, each with what the messages say then. */
  states?: readonly { state: RefusedState; says?: RegExp }[];
  evidence: Evidence;
  source: string;
}

const catalogue = 'Klarna error catalogue for Klarna Payments';
const recurring = 'Klarna guide, step 3: recurring orders';
const charges = ['createCustomerTokenOrder'] as const;
const tokens = ['readCustomerToken', 'updateCustomerTokenStatus', 'createCustomerTokenOrder'] as const;
const sessions = ['readSession', 'updateSession'] as const;
const authorizations = ['createOrder', 'createCustomerToken'] as const;
const hostedPage = 'Klarna OpenAPI document for the Hosted Payment Page; the code is our choice';

export const errors = {
  // Every operation
  BAD_REQUEST: { status: 400, code: 'BAD_REQUEST', messages: [], slip: true, evidence: 'docs', source: catalogue },
  BAD_VALUE: {
    status: 400,
    code: 'BAD_VALUE',
    messages: [],
    example: ['Bad value: order_lines'],
    notIn: 'order-management',
    evidence: 'recorded',
    source: 'playground recordings 2021',
  },
  UNAUTHORIZED: {
    status: 401,
    code: 'UNAUTHORIZED',
    messages: [],
    evidence: 'recorded',
    source: 'playground recordings 2021',
  },
  MERCHANT_INACTIVE: {
    status: 403,
    code: 'MERCHANT_INACTIVE',
    messages: [],
    own: true,
    evidence: 'docs',
    source: catalogue,
  },
  PERMISSION_DENIED: {
    status: 403,
    code: 'PERMISSION_DENIED',
    messages: [],
    own: true,
    evidence: 'reported',
    source: 'klarna/react-native-klarna-inapp-sdk#236',
  },
  NOT_FOUND: { status: 404, code: 'NOT_FOUND', messages: [], slip: true, evidence: 'docs', source: catalogue },
  METHOD_NOT_ALLOWED: {
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    messages: ['HTTP 405 Method Not Allowed'],
    slip: true,
    evidence: 'reported',
    source: 'krokedil/klarna-checkout-for-woocommerce#37; the code is our choice',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    code: 'REQUEST_TOO_LARGE',
    messages: ['Request is too large'],
    slip: true,
    evidence: 'docs',
    source: 'Klarna error catalogue for Order Management',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    messages: ['HTTP 415 Unsupported Media Type'],
    slip: true,
    evidence: 'inferred',
    source: 'our choice, after the 405',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    messages: ['Too many requests'],
    repeatable: true,
    evidence: 'recorded',
    source: 'a recorded 429 of Klarna Payments: no body; Order Management prints one with these words (docs)',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    code: 'INTERNAL_SERVER_ERROR',
    messages: ['Internal error'],
    notIn: 'order-management',
    repeatable: true,
    evidence: 'docs',
    source: catalogue,
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    code: 'SERVICE_UNAVAILABLE',
    messages: [],
    notIn: 'order-management',
    repeatable: true,
    evidence: 'docs',
    source: recurring,
  },

  // Sessions and authorizations
  INVALID_SESSION: {
    status: 404,
    code: 'NOT_FOUND',
    messages: ['Invalid session id'],
    operations: sessions,
    evidence: 'docs',
    source: catalogue,
  },
  SESSION_COMPLETED: {
    status: 404,
    code: 'SESSION_COMPLETED',
    messages: ['Session has already been completed'],
    operations: ['updateSession', ...authorizations, 'cancelAuthorization'],
    evidence: 'docs',
    source: catalogue,
  },
  INVALID_AUTHORIZATION: {
    status: 404,
    code: 'NOT_FOUND',
    messages: ['Invalid authorization token'],
    operations: [...authorizations, 'cancelAuthorization'],
    evidence: 'docs',
    source: catalogue,
  },
  AUTHORIZATION_NOT_DELETABLE: {
    status: 404,
    code: 'NOT_FOUND',
    messages: ['Authorization cannot be deleted'],
    operations: ['cancelAuthorization'],
    evidence: 'docs',
    source: catalogue,
  },
  INVALID_OPERATION: {
    status: 403,
    code: 'INVALID_OPERATION',
    messages: [],
    states: [{ state: 'no token allowed' }],
    operations: authorizations,
    evidence: 'docs',
    source: catalogue,
  },
  TOKEN_FOR_INTENT_BUY: {
    status: 403,
    code: 'INVALID_OPERATION',
    messages: ['Not allowed to create customer token for intent buy'],
    operations: ['createCustomerToken'],
    evidence: 'docs',
    source: catalogue,
  },
  REJECTED: {
    status: 403,
    code: 'REJECTED',
    messages: ['Rejected'],
    own: true,
    operations: ['createOrder'],
    sticks: true,
    evidence: 'docs',
    source: catalogue,
  },
  NOT_MATCHING: {
    status: 409,
    code: 'BAD_VALUE',
    messages: [],
    operations: ['createOrder'],
    example: ['Not matching fields: [billing_address.postal_code]'],
    sticks: true,
    evidence: 'reported',
    source: 'krokedil/klarna-payments-for-woocommerce#1, #2, #132 and #169',
  },
  ORDER_WITH_OTHER_BODY: {
    status: 409,
    code: 'BAD_VALUE',
    messages: ['The order has been already completed with different request body'],
    states: [{ state: 'order placed', says: /different request body/ }],
    operations: ['createOrder'],
    evidence: 'docs',
    source: catalogue,
  },

  ...orderErrors,

  // Customer tokens
  TOKEN_NOT_FOUND: {
    status: 404,
    code: 'TOKEN_NOT_FOUND',
    messages: ['Customer token not found'],
    operations: tokens,
    evidence: 'recorded',
    source: 'playground recordings 2021',
  },
  TOKEN_FORBIDDEN: {
    status: 403,
    code: 'TOKEN_FORBIDDEN',
    messages: [],
    own: true,
    operations: tokens,
    evidence: 'docs',
    source: recurring,
  },
  TOKEN_SUSPENDED: {
    status: 403,
    code: 'TOKEN_SUSPENDED',
    messages: [],
    states: [{ state: 'token suspended' }],
    operations: charges,
    repeatable: true,
    evidence: 'docs',
    source: recurring,
  },
  TOKEN_CANCELLED: {
    status: 403,
    code: 'TOKEN_CANCELLED',
    messages: [],
    states: [{ state: 'token cancelled' }],
    operations: charges,
    evidence: 'docs',
    source: recurring,
  },
  PAYMENT_METHOD_CURRENCY_MISMATCH: {
    status: 403,
    code: 'PAYMENT_METHOD_CURRENCY_MISMATCH',
    messages: [],
    operations: charges,
    evidence: 'docs',
    source: recurring,
  },
  PAYMENT_METHOD_FAILED: {
    status: 403,
    code: 'PAYMENT_METHOD_FAILED',
    messages: ['Purchase for payment method failed'],
    own: true,
    operations: [...charges, 'captureOrder'],
    repeatable: true,
    recoverable: true,
    evidence: 'reported',
    source: 'krokedil/klarna-checkout-for-woocommerce#222; for captures, krokedil/klarna-payments-for-woocommerce',
  },
  UNAVAILABLE_PAYMENT_METHOD: {
    status: 403,
    code: 'UNAVAILABLE_PAYMENT_METHOD',
    messages: ['Purchase for payment method failed'],
    own: true,
    operations: charges,
    repeatable: true,
    recoverable: true,
    evidence: 'docs',
    source: 'Klarna guide: recover a failed charge',
  },

  // Hosted sessions
  PAYMENT_SESSION_EXPIRED: {
    status: 404,
    code: 'NOT_FOUND',
    messages: ['Payment session has expired.'],
    operations: ['createHostedSession'],
    evidence: 'spec',
    source: hostedPage,
  },
  HOSTED_SESSION_NOT_FOUND: {
    status: 404,
    code: 'NOT_FOUND',
    messages: ['HPP session has expired or could not be found by provided id.'],
    operations: ['readHostedSession', 'disableHostedSession'],
    evidence: 'spec',
    source: hostedPage,
  },
  HOSTED_LINK_NOT_FOUND: {
    status: 404,
    code: 'NOT_FOUND',
    messages: ['HPP session not found or access token not found'],
    operations: ['distributeHostedSession'],
    evidence: 'spec',
    source: hostedPage,
  },
  HOSTED_SESSION_COMPLETED: {
    status: 400,
    code: 'BAD_REQUEST',
    messages: ['HPP session has already been successfully completed.'],
    operations: ['disableHostedSession', 'distributeHostedSession'],
    evidence: 'spec',
    source: `${hostedPage}, and that a completed session is not distributed`,
  },
  HOSTED_SESSION_DISABLED: {
    status: 400,
    code: 'BAD_REQUEST',
    messages: ['Session is disabled by merchant.'],
    operations: ['distributeHostedSession'],
    evidence: 'spec',
    source: hostedPage,
  },
} as const satisfies Record<string, ErrorEntry>;

/** The name of an entry: the error code, or a name of its own where Klarna uses one code for several errors. */
export type ErrorName = keyof typeof errors;

/** Returns an entry with all its optional fields. */
export const errorOf = (name: ErrorName): ErrorEntry => errors[name];

const entries = Object.entries(errors) as [ErrorName, ErrorEntry][];

/** Returns the errors of an operation, including those that every operation of its API can answer. */
export const errorsOf = (operation: string, api: string): [ErrorName, ErrorEntry][] =>
  entries.filter(([, { operations, notIn }]) => operations?.includes(operation) ?? notIn !== api);

/** Returns Klarna's own failure or limit (429, 5xx) of an operation by its status; undefined where none is known. */
export const failureOf = (status: number, operation: string, api: string): ErrorName | undefined =>
  errorsOf(operation, api).find(([, entry]) => entry.status === status && (status === 429 || status >= 500))?.[0];

/** A refusal as an answer has it: its messages in one text. */
export interface AnsweredRefusal {
  status: number;
  code: string | undefined;
  messages: string;
}

/** Returns the error of the catalogue that an operation answered, by its words where several have its status and code. */
export function errorAnswered(operation: string, { status, code, messages }: AnsweredRefusal): ErrorName | undefined {
  const fits = entries.filter(
    ([, entry]) => entry.status === status && entry.code === code && (entry.operations?.includes(operation) ?? true),
  );
  return (fits.find(([, entry]) => entry.messages.join(' ') === messages) ?? fits[0])?.[0];
}

/** Returns the state that leads to a refusal, by its code and its words; `undefined` where it is for what the request says. */
export function stateRefused({ code, messages }: Omit<AnsweredRefusal, 'status'>): RefusedState | undefined {
  const states = entries.flatMap(([, entry]) => (entry.code === code ? (entry.states ?? []) : []));
  return (states.find(({ says }) => says?.test(messages)) ?? states.find(({ says }) => !says))?.state;
}

/** Tells whether Klarna refuses with an error code for reasons of its own, whatever is asked. */
export const isOwnRefusal = (code: string | undefined): boolean =>
  entries.some(([, entry]) => entry.code === code && entry.own);

/** Messages of Klarna's that name fields: what stands before the list of them. */
const NAMING = /^(?:Bad value|Bad format|Not matching fields): \[?(.*?)\]?$/s;

/** Returns the fields that a message names, in its order; `undefined` for a message of another kind. */
export const fieldsNamedIn = (message: string): string[] | undefined => NAMING.exec(message)?.[1]?.split(/\s*,\s*/);

/** Tells whether a refusal with an error code may end by itself: the account gets money, Klarna resumes a token. */
export const isRepeatable = (code: string | undefined): boolean =>
  entries.some(([, entry]) => entry.code === code && entry.repeatable);

/**
 * Tells whether an idempotency key keeps a refusal as its answer. A 400 or 404 changed nothing, and is not kept
 * (inferred).
 */
export const isFinal = (name: ErrorName): boolean => [403, 409].includes(errors[name].status);
