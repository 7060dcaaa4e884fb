import type { ApiOperations, BodyOf, OperationMap, OperationName, PathOf, QueryOf } from '../contract/operation-map.js';
import type { ErrorName, errors } from '../klarna/catalogue/errors.js';
import type { Evidence } from '../klarna/catalogue/evidence.js';
import type { MarketCountry } from '../klarna/catalogue/markets.js';
import type { CategoryName } from '../klarna/records.js';

/** A variable in the place of a value: `${session}`, `${order.order_lines[0].name}`. */
type Variable = `\${${string}}`;

/** The words that take the place of a value in a request: a new UUID, and nothing at all. */
type Generated = '$newUuid' | '$absent';

type Plain = string | number | boolean | null | undefined;

/** The matchers that are one word. */
type Word = '$any' | '$absent' | '$string' | '$integer' | '$uuid' | '$url' | '$instant';

type Same<One, Other> = (<X>() => X extends One ? 1 : 2) extends <X>() => X extends Other ? 1 : 2 ? true : false;

/** True for a field that only answers carry. */
type IsReadonly<T, Key extends keyof T> = Same<{ [K in Key]: T[K] }, { readonly [K in Key]: T[K] }>;

/** A part of a request: any of its fields, but for those that only answers carry, each a value or what takes its place. */
type Written<T> = unknown extends T
  ? unknown
  : T extends Plain
    ? T | Variable | Generated
    : T extends readonly (infer Item)[]
      ? readonly Written<Item>[] | Variable | Generated
      : T extends object
        ?
            | { readonly [Key in keyof T as IsReadonly<T, Key> extends true ? never : Key]?: Written<T[Key]> }
            | Variable
            | Generated
        : T | Variable | Generated;

/** An expectation of a part of an answer: a subset of it, or a matcher. */
type Expected<T> =
  | Word
  | Variable
  | { readonly $oneOf: readonly unknown[] }
  | { readonly $set: readonly unknown[] }
  | { readonly $match: string | readonly string[] }
  | { readonly $over: number }
  | { readonly $under: number }
  | Subset<T>;

type Subset<T> = unknown extends T
  ? unknown
  : T extends Plain
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Expected<Item>[]
      : T extends object
        ? { readonly [Key in keyof T]?: Expected<T[Key]> }
        : T;

type Responses<Name extends OperationName> = OperationMap[Name]['responses'];

/** The statuses that the contract has for an operation. */
type StatusOf<Name extends OperationName> = Extract<keyof Responses<Name>, number>;

/** The bodies of all answers of an operation. */
type AnswerBody<Name extends OperationName> = {
  [Status in keyof Responses<Name>]: Responses<Name>[Status] extends { content: { 'application/json': infer Body } }
    ? Body
    : never;
}[keyof Responses<Name>];

type FieldOf<Body> = Body extends readonly unknown[] ? never : Body extends object ? keyof Body & string : never;

/** The paths into an answer of an operation. */
type AnswerPath<Name extends OperationName> =
  | '$.status'
  | '$.body'
  | `$.headers.${string}`
  | `$.headers[${string}`
  | `$.callbacks${string}`
  | `$.body[${string}`
  | `$.body.${FieldOf<AnswerBody<Name>>}`
  | `$.body.${FieldOf<AnswerBody<Name>>}${'.' | '['}${string}`;

type HeaderOf<Name extends OperationName> = OperationMap[Name]['parameters'] extends { header?: infer Headers }
  ? keyof NonNullable<Headers>
  : never;

/** The parts of a request. Country, currency and locale come from the scenario's market where the body leaves them out. */
type Call<Name extends OperationName> = ([keyof PathOf<Name>] extends [never]
  ? { readonly path?: never }
  : { /** Parameters of the path. */ readonly path: { readonly [Key in keyof PathOf<Name>]: string } }) & {
  /** Parameters of the query. */
  readonly query?: { readonly [Key in keyof QueryOf<Name>]?: Written<QueryOf<Name>[Key]> };
  /** Headers by name; they go before those that are sent anyway, and `$absent` leaves one of them out. */
  readonly headers?: { readonly [Key in HeaderOf<Name> | (string & {})]?: string | number | boolean };
  /** An object is sent as JSON, a text as it stands. */
  readonly body?: [BodyOf<Name>] extends [undefined] ? never : Written<BodyOf<Name>> | (string & {});
};

/** The expectations of an answer: a subset of it, with matchers. */
interface Expectation<Name extends OperationName> {
  readonly status?: Expected<StatusOf<Name> | (number & {})>;
  /** Headers by name, in any case. */
  readonly headers?: { readonly [name: string]: Expected<string | number | boolean> };
  readonly body?: Expected<AnswerBody<Name>>;
  /** The payment method of the step's order or customer token, as the control API lists it. */
  readonly payment_method?: Expected<ListedPaymentMethod>;
  /** The requests that `${receiver}` got since a step last looked, in order. */
  readonly callbacks?: Expected<readonly { path?: string; body?: unknown; status?: number }[]>;
}

type Answered<Name extends OperationName> = OperationMap[Name]['responses'];
type ListedPaymentMethod = NonNullable<Answered<'decideFraud'>[200]['content']['application/json']['payment_method']>;

/** The keys of a step beside its request. */
interface Beside<Name extends OperationName> {
  /** The purpose of the step. */
  readonly title?: string;
  /** Another merchant that sends the request; `${merchants.NAME}` is its user name. */
  readonly as?: string;
  /** Number of times that the same request is sent. */
  readonly times?: number;
  /** Without it any 2xx will do. */
  readonly expect?: Expectation<Name>;
  /** Variables for the steps that follow, each with the path of its value in the answer. */
  readonly keep?: { readonly [variable: string]: AnswerPath<Name> };
}

/** The operations that a step can call: a stream of events never ends. */
type StepOperation = Exclude<OperationName, 'followEvents'>;

type OperationStep = {
  [Name in StepOperation]: { readonly [Key in Name]: Call<Name> } & Beside<Name>;
}[StepOperation];

interface Act<Deed extends string, Name extends OperationName, With> extends Beside<Name> {
  readonly shopper: Deed;
  /** The session that the shopper acts on; on the hosted page the hosted session. */
  readonly session: string;
  /** The payment that the shopper chooses, and its end. */
  readonly with?: With;
}

type ShopperStep =
  | Act<'authorize', 'authorizeSession', Written<BodyOf<'authorizeSession'>>>
  | Act<'finalize', 'finalizeSession', Written<BodyOf<'finalizeSession'>>>
  | Act<'complete', 'completeHostedSession', Written<BodyOf<'completeHostedSession'>>>
  | Act<'fail', 'failHostedSession', never>
  | Act<'cancel', 'cancelHostedSession', never>
  | Act<'back', 'backHostedSession', never>;

interface ClockStep extends Beside<'advanceClock'> {
  /** An ISO 8601 duration that the merchant's clock moves forward by, such as `PT61M` or `P1M`. */
  readonly advance: string;
}

/** One request of a scenario: an operation by its name, the shopper, or the clock. */
export type ScenarioStep = OperationStep | ShopperStep | ClockStep;

/** Klarna's own operations: nothing is scripted in the control API. */
type KlarnaOperation = Exclude<OperationName, keyof ApiOperations['sandbox']>;

type Catalogue = typeof errors;

/** The errors that an operation can answer. */
type ErrorOf<Name extends OperationName> = {
  [Code in ErrorName]: Catalogue[Code] extends { operations: readonly (infer On)[] }
    ? Name extends On
      ? Code
      : never
    : Code;
}[ErrorName];

interface Fraud {
  /** The `fraud_status` of the answer. */
  readonly status: 'ACCEPTED' | 'PENDING' | 'REJECTED';
  /** The later decision of Klarna's. */
  readonly then?: 'ACCEPTED' | 'REJECTED' | 'STOPPED';
  /** The time until then on the merchant's clock, such as `PT5M`. */
  readonly after?: string;
}

interface Fault {
  /** True when the operation is done, and its answer then lost or bent. */
  readonly commit?: boolean;
  /** Wall time that the answer is held back, from `PT0.001S` to `PT2M`; alone or beside one of the others. */
  readonly delay?: string;
  /** An error of the servers before Klarna's. */
  readonly status?: 429 | 500 | 501 | 502 | 503 | 504;
  /** No answer until the client gives up. */
  readonly timeout?: true;
  /** The connection ends without an answer. */
  readonly close?: true;
  /** The connection is reset. */
  readonly reset?: true;
  /** Bytes that are no answer. */
  readonly garbage?: true;
  /** Half of the body under the length of the whole. */
  readonly truncate?: true;
  /** Status 200 without a body. */
  readonly empty?: true;
}

/** Another answer than the ordinary one; of those that take a call the first wins. */
export type ScenarioOutcome = {
  [Name in KlarnaOperation]: {
    readonly on: Name;
    /** Calls that it takes, from 1: `1`, `'2..4'`, `'3..'` or `{ every: 3 }`; all unless given. */
    readonly calls?: number | `${number}` | `${number}..${number}` | `${number}..` | { readonly every: number };
    /** The conditions that the request's body must meet. */
    readonly when?: [BodyOf<Name>] extends [undefined] ? never : Subset<BodyOf<Name>>;
  } & (
    | { readonly error: ErrorOf<Name>; readonly fraud?: never; readonly fault?: never }
    | { readonly fraud: Fraud; readonly error?: never; readonly fault?: never }
    | { readonly fault: Fault; readonly error?: never; readonly fraud?: never }
  );
}[KlarnaOperation];

/** The delivery of the callbacks of one kind, where it is not once and on time. */
export interface ScenarioDelivery {
  readonly on: 'authorization' | 'notification' | 'push' | 'status_update';
  readonly delivery: {
    /** Sent again after it was received. */
    readonly twice?: true;
    /** Time after its event, on the merchant's clock. */
    readonly after?: string;
    /** Time by which it is later than usual, on the merchant's clock. */
    readonly delay?: string;
    /** Sent before the answer to the request that causes it. */
    readonly 'before-the-answer'?: true;
    /** Never sent. */
    readonly drop?: true;
    /** Sent after the callback that should follow it. */
    readonly reorder?: true;
    /** HTTP status that the receiver is expected to give. */
    readonly status?: number;
  };
}

/** The content of a scenario file. */
export interface ScenarioContent {
  /** The scenario in one sentence. */
  readonly title: string;
  /** A short name: at most 20 of a-z, 0-9 and -. */
  readonly alias?: string;
  /** Why we believe that Klarna behaves so. */
  readonly evidence?: Evidence;
  /** The public source of the evidence. */
  readonly source?: string;
  /** Country, currency, locale and sample person that requests leave out. */
  readonly market?: MarketCountry;
  readonly tags?: readonly string[];
  /** User name that plays it; a merchant of its own unless given. */
  readonly merchant?: string;
  /** An instant to move the merchant's clock to before the first step. */
  readonly clock?: string;
  /** The properties that a sandbox needs; in others the scenario is not played. */
  readonly needs?: readonly 'standing-clock'[];
  /** Payment method categories of new sessions. */
  readonly payment_method_categories?: readonly CategoryName[];
  /** The shopper's choices in every authorize, unless a step has its own. */
  readonly shopper?: Omit<BodyOf<'authorizeSession'>, 'data'>;
  readonly outcomes?: readonly ScenarioOutcome[];
  readonly callbacks?: readonly ScenarioDelivery[];
  /** The steps, in order; the first that fails ends the scenario. */
  readonly steps?: readonly ScenarioStep[];
}

/**
 * Returns a scenario as it was given, so that an editor completes it and the compiler checks it: the fields of each operation's
 * request, what its answer can be expected to have, the errors that it can answer. What is wrong on purpose is written
 * `'…' as never`.
 */
export const defineScenario = (scenario: ScenarioContent): ScenarioContent => scenario;
