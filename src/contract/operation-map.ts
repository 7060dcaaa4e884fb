import type { operations as CustomerToken } from './generated/customer-token.js';
import type { operations as HostedPaymentPage } from './generated/hosted-payment-page.js';
import type { operations as OrderManagement } from './generated/order-management.js';
import type { operations as Payments } from './generated/payments.js';
import type { operations as Sandbox } from './generated/sandbox.js';

/** The operations of each API, by the name of its contract. */
export interface ApiOperations {
  payments: Payments;
  'customer-token': CustomerToken;
  'order-management': OrderManagement;
  'hosted-payment-page': HostedPaymentPage;
  sandbox: Sandbox;
}

/** The types of all operations of all contracts, by name. */
export type OperationMap = Payments & CustomerToken & OrderManagement & HostedPaymentPage & Sandbox;

export type OperationName = keyof OperationMap;

type Json = { content: { 'application/json': unknown } };
type Part<Name extends OperationName, In extends 'path' | 'query'> = OperationMap[Name]['parameters'] extends {
  [K in In]?: infer Given;
}
  ? [NonNullable<Given>] extends [never]
    ? Record<never, never>
    : NonNullable<Given>
  : Record<never, never>;

/** Type of the path parameters of an operation. */
export type PathOf<Name extends OperationName> = Part<Name, 'path'>;

/** Type of the query parameters of an operation. */
export type QueryOf<Name extends OperationName> = Part<Name, 'query'>;

/** Type of the JSON body that a handler gets, empty if the request has none; `undefined` if the contract has none. */
export type BodyOf<Name extends OperationName> = OperationMap[Name] extends { requestBody?: infer Body }
  ? NonNullable<Body> extends Json
    ? NonNullable<Body>['content']['application/json']
    : undefined
  : undefined;

/** Type of the JSON body of a successful answer: 200, or 201 if there is no 200. */
export type SuccessOf<Name extends OperationName> = [AnswerOf<Name, 200>] extends [undefined]
  ? AnswerOf<Name, 201>
  : AnswerOf<Name, 200>;

/** Type of the JSON body of the answer with a status. */
export type AnswerOf<Name extends OperationName, Status extends number> = OperationMap[Name] extends {
  responses: { [K in Status]: infer Answer extends Json };
}
  ? Answer['content']['application/json']
  : undefined;
