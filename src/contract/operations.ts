import { readFileSync } from 'node:fs';
import type { Evidence } from '../klarna/catalogue/evidence.js';
import * as generated from './generated/operations.js';
import { patternOf, plainPath } from './path-template.js';

/** The names of the contracts. */
export const apis = generated.apis;

export type Api = (typeof apis)[number];
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A JSON schema of a contract; only the keywords that the code here reads. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  items?: Schema;
  maxItems?: number;
  enum?: unknown[];
  readOnly?: boolean;
  deprecated?: boolean;
  description?: string;
  example?: unknown;
}

export interface EvidenceNote {
  grade: Evidence;
  source: string;
  note?: string;
}

/** An answer of an operation, for one status. */
export interface AnswerContract {
  status: number;
  /** JSON pointer of the answer in its document. */
  at: string;
  description: string;
  evidence: EvidenceNote;
  /** JSON pointer of the body's schema in its document; absent: no JSON body. */
  schema?: string;
  /** Media types of the body; empty: no body. */
  contentTypes: string[];
  example?: unknown;
  headers: string[];
}

/** The part of an operation that serving it takes, as `scripts/generate.js` puts it into its table. */
interface Row {
  name: string;
  api: Api;
  method: Method;
  /** The path with its parameters in braces: `/payments/v1/sessions/{session_id}`. */
  path: string;
  parameters: { path: string[]; header: string[] };
  /** JSON pointers of the schemas of its query parameters, by name. */
  query: Record<string, string>;
  /** True when it needs the merchant's credentials, and not a client token or nothing. */
  guarded: boolean;
  /** Limits in calls per second and merchant. */
  rateLimit?: { live: number; playground: number };
  /** True when the journal keeps its exchanges. */
  journaled: boolean;
  /** True when it honours `Klarna-Idempotency-Key`. */
  idempotent: boolean;
  /** JSON pointer of the request body's schema in its document, and the names of the body's own fields. */
  request?: { schema: string; fields: string[] };
}

/** An API call as its contract defines it. Handlers, steps, journal and reports use the same name. */
export interface Operation extends Row {
  request?: Row['request'] & { example?: unknown };
  // Read from the contract's document when they are first asked for.
  summary: string;
  description: string;
  tag: string;
  evidence: EvidenceNote;
  answers: ReadonlyMap<number, AnswerContract>;
}

/** A deviation from the schema that the wire tolerates, declared by a contract's `x-wire`. */
export type Leniency =
  | 'null-is-absent'
  | 'enum-case'
  | 'numeric-text'
  | 'fractions'
  | 'number-as-text'
  | 'unknown-ignored'
  | 'read-only-ignored';

/** A call that Klarna is known to answer but the sandbox does not serve, declared by a contract's `x-not-served`. */
export interface NotServed extends EvidenceNote {
  method: Method;
  path: string;
  /** Its purpose as far as known, and the reason why it is not served. */
  says: string;
}

/** The parts of an OpenAPI document that are read here. */
export interface OpenApi {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, unknown>>;
  components?: Record<string, Record<string, unknown>>;
  'x-wire': { id: Leniency; grade: Evidence; source: string; says: string }[];
  'x-not-served'?: NotServed[];
}

interface RawContent {
  schema: unknown;
  example?: unknown;
}

interface RawResponse {
  description: string;
  content?: Record<string, RawContent>;
  headers?: Record<string, unknown>;
  'x-evidence': EvidenceNote;
}

/** An operation as the generator writes it: complete, except for the schemas it refers to. */
interface RawOperation {
  summary: string;
  description: string;
  tags: [string];
  requestBody?: { content: Record<'application/json', RawContent> };
  responses: Record<string, RawResponse>;
  'x-evidence': EvidenceNote;
}

const parsed = new Map<Api, OpenApi>();

/** Returns a contract, read at first use. */
export function documentOf(api: Api): OpenApi {
  let document = parsed.get(api);
  if (!document) {
    document = JSON.parse(readFileSync(new URL(`./generated/${api}.json`, import.meta.url), 'utf8')) as OpenApi;
    parsed.set(api, document);
  }
  return document;
}

/** Finds the contract's entry of a call that Klarna answers but the sandbox does not serve. */
export function notServedAt(method: string, path: string): NotServed | undefined {
  const plain = plainPath(path);
  return (generated.notServed as NotServed[]).find(
    (known) => known.method === method && patternOf(known.path).test(plain),
  );
}

const fromToken = (token: string) => token.replaceAll('~1', '/').replaceAll('~0', '~');
const toToken = (token: string) => token.replaceAll('~', '~0').replaceAll('/', '~1');

/** Returns the part of a contract at a JSON pointer (`#/components/…`). */
export function resolve<T>(document: OpenApi, pointer: string): T {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((node, token) => (node as Record<string, unknown>)[fromToken(token)], document) as T;
}

function readAnswers(raw: RawOperation, at: string): Map<number, AnswerContract> {
  return new Map(
    Object.entries(raw.responses).map(([status, response]) => {
      const json = response.content?.['application/json'];
      const answer: AnswerContract = {
        status: Number(status),
        at: `${at}/responses/${status}`,
        description: response.description,
        evidence: response['x-evidence'],
        headers: Object.keys(response.headers ?? {}),
        contentTypes: Object.keys(response.content ?? {}),
        ...(json && {
          schema: `${at}/responses/${status}/content/application~1json/schema`,
          example: json.example,
        }),
      };
      return [answer.status, answer];
    }),
  );
}

/** Makes an operation of its row; what serving it does not need is read from its document at first use. */
function makeOperation({ request, ...row }: Row): Operation {
  const { api, method, path } = row;
  const raw = () => documentOf(api).paths[path]?.[method.toLowerCase()] as RawOperation;
  let answers: Operation['answers'] | undefined;
  return {
    ...row,
    ...(request && {
      request: {
        ...request,
        get example() {
          return raw().requestBody?.content['application/json'].example;
        },
      },
    }),
    get summary() {
      return raw().summary;
    },
    get description() {
      return raw().description;
    },
    get tag() {
      return raw().tags[0];
    },
    get evidence() {
      return raw()['x-evidence'];
    },
    get answers() {
      answers ??= readAnswers(raw(), `#/paths/${toToken(path)}/${method.toLowerCase()}`);
      return answers;
    },
  };
}

/** All operations of all contracts, by name. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  (generated.rows as Row[]).map((row) => [row.name, makeOperation(row)]),
);

/** Returns the operation of a name. Throws for a name that no contract has: a mistake in the program, not of a user. */
export function operationNamed(name: string): Operation {
  const operation = operations.get(name);
  if (!operation) throw new Error(`No contract has an operation ${name}.`);
  return operation;
}

/** Returns the names of the top-level fields of an operation's request body, in the order of the contract. */
export const bodyFields = ({ request }: Operation): string[] => request?.fields ?? [];

/** Returns the properties of an object schema, including those of its `$ref`. */
export function propertiesOf(document: OpenApi, schema: Schema): Record<string, Schema> {
  const referred = schema.$ref ? propertiesOf(document, resolve<Schema>(document, schema.$ref)) : {};
  return { ...referred, ...schema.properties };
}

/** Returns a schema merged with the one it refers to. */
export function flatten(schema: Schema, document: OpenApi): Schema {
  return schema.$ref ? { ...flatten(resolve<Schema>(document, schema.$ref), document), ...schema } : schema;
}
