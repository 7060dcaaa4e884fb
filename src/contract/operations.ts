import type { Evidence } from '../klarna/catalogue/evidence.js';
import { documents } from './generated/documents.js';
import { parametersOf, patternOf, plainPath } from './path-template.js';

export type Api = keyof typeof documents;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A JSON schema of a contract; only the keywords that the code here reads. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  items?: Schema;
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

/** An API call as its contract defines it. Handlers, steps, journal and reports use the same name. */
export interface Operation {
  name: string;
  api: Api;
  method: Method;
  /** The path with its parameters in braces: `/payments/v1/sessions/{session_id}`. */
  path: string;
  parameters: { path: string[]; header: string[] };
  /** JSON pointers of the schemas of its query parameters, by name. */
  query: Record<string, string>;
  summary: string;
  description: string;
  tag: string;
  evidence: EvidenceNote;
  /** True when it needs the merchant's credentials, and not a client token or nothing. */
  guarded: boolean;
  /** Limits in calls per second and merchant. */
  rateLimit?: { live: number; playground: number };
  /** True when the journal keeps its exchanges. */
  journaled: boolean;
  /** True when it honours `Klarna-Idempotency-Key`. */
  idempotent: boolean;
  /** JSON pointer of the request body's schema in its document. */
  request?: { schema: string; example?: unknown };
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
  security: object[];
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
  operationId: string;
  summary: string;
  description: string;
  tags: [string];
  security?: object[];
  parameters?: { name: string; in: 'path' | 'query' | 'header' }[];
  requestBody?: { content: Record<'application/json', RawContent> };
  responses: Record<string, RawResponse>;
  'x-evidence': EvidenceNote;
  'x-rate-limit'?: { live: number; playground: number };
  'x-journal'?: boolean;
}

const parsed = new Map<Api, OpenApi>();

/** Returns a contract, parsed at first use. */
export function documentOf(api: Api): OpenApi {
  let document = parsed.get(api);
  if (!document) {
    document = documents[api]() as OpenApi;
    parsed.set(api, document);
  }
  return document;
}

/** The names of the contracts. */
export const apis = Object.keys(documents) as Api[];

/** Finds the contract's entry of a call that Klarna answers but the sandbox does not serve. */
export function notServedAt(method: string, path: string): NotServed | undefined {
  const plain = plainPath(path);
  return apis
    .flatMap((api) => documentOf(api)['x-not-served'] ?? [])
    .find((known) => known.method === method && patternOf(known.path).test(plain));
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

function readOperation(api: Api, document: OpenApi, path: string, method: string, raw: RawOperation): Operation {
  const at = `#/paths/${toToken(path)}/${method}`;
  const parameters = (raw.parameters ?? []).map((parameter, index) => ({
    ...parameter,
    pointer: `${at}/parameters/${index}/schema`,
  }));
  const header = parameters.filter((p) => p.in === 'header').map((p) => p.name);
  const query = parameters.filter((p) => p.in === 'query').map((p) => [p.name, p.pointer] as const);
  return {
    name: raw.operationId,
    api,
    method: method.toUpperCase() as Method,
    path,
    parameters: {
      path: parametersOf(path),
      header,
    },
    query: Object.fromEntries(query),
    summary: raw.summary,
    description: raw.description,
    tag: raw.tags[0],
    evidence: raw['x-evidence'],
    guarded: (raw.security ?? document.security).some((scheme) => 'basicAuth' in scheme),
    ...(raw['x-rate-limit'] && { rateLimit: raw['x-rate-limit'] }),
    journaled: raw['x-journal'] ?? true,
    idempotent: header.includes('Klarna-Idempotency-Key'),
    ...(raw.requestBody && {
      request: {
        schema: `${at}/requestBody/content/application~1json/schema`,
        example: raw.requestBody.content['application/json'].example,
      },
    }),
    answers: readAnswers(raw, at),
  };
}

const methods = new Set(['get', 'post', 'put', 'patch', 'delete']);

function readOperations(): Map<string, Operation> {
  const all = apis.flatMap((api) => {
    const document = documentOf(api);
    return Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => methods.has(method))
        .map(([method, raw]) => readOperation(api, document, path, method, raw as RawOperation)),
    );
  });
  return new Map(all.map((operation) => [operation.name, operation]));
}

/** All operations of all contracts, by name. */
export const operations: ReadonlyMap<string, Operation> = readOperations();

/** Returns the operation of a name. Throws for a name that no contract has: a mistake in the program, not of a user. */
export function operationNamed(name: string): Operation {
  const operation = operations.get(name);
  if (!operation) throw new Error(`No contract has an operation ${name}.`);
  return operation;
}

/** Returns the names of the top-level fields of an operation's request body, in the order of the contract. */
export function bodyFields(operation: Operation): string[] {
  if (!operation.request) return [];
  const document = documentOf(operation.api);
  return Object.keys(propertiesOf(document, resolve<Schema>(document, operation.request.schema)));
}

/** Returns the properties of an object schema, including those of its `$ref`. */
export function propertiesOf(document: OpenApi, schema: Schema): Record<string, Schema> {
  const referred = schema.$ref ? propertiesOf(document, resolve<Schema>(document, schema.$ref)) : {};
  return { ...referred, ...schema.properties };
}
