import { locate } from '../contract/locate.js';
import {
  type AnswerContract,
  documentOf,
  flatten,
  type Operation,
  propertiesOf,
  resolve,
  type Schema,
} from '../contract/operations.js';
import { fillPath } from '../contract/path-template.js';
import { ruleOf } from '../klarna/catalogue/rules.js';
import type { Exchange } from './exchange.js';
import { type Fields, isFields } from './fields.js';
import { readDocument } from './files.js';
import { contentOf, headerOf, readHeaders, readMessage } from './message.js';
import { type RecordedExchange, type RecordedMessage, refuseDepth, type Unjudged, Unreadable } from './recorded.js';

/** The places of a body that may have other values than those of the example. */
export interface Matching {
  /** @param path of a value, such as `$.order_lines[0].name` */
  loosens(path: string): boolean;
}

type Segment = string | number | undefined;

interface Rule {
  /** `undefined` stands for any. */
  segments: Segment[];
  /** True if the rule holds for all values below its path as well. */
  cascades: boolean;
}

const SEGMENT = /\.([^.[\]]+)|\[(?:'([^']*)'|"([^"]*)"|(\d+)|\*)\]/g;

function segmentsOf(path: string): Segment[] {
  return [...path.matchAll(SEGMENT)].map(([, name, single, double, index]) => {
    const word = name ?? single ?? double;
    if (word !== undefined) return word === '*' ? undefined : word;
    return index === undefined ? undefined : Number(index);
  });
}

/** Matchers that demand the very value of the example. */
const strict = new Set(['equality', 'include']);

/** Matchers that hold for everything below their place as well. */
const cascading = new Set(['type', 'min', 'max', 'values', 'eachValue', 'eachKey']);

/**
 * Reads the rules of an answer: those of version 2 stand under paths such as `$.body.status`, those since under `body`
 * with paths such as `$.status`.
 */
export function readMatching(given: unknown): Matching {
  const all = isFields(given) ? given : {};
  const ofBody = isFields(all.body) ? Object.entries(all.body) : [];
  const old = Object.entries(all).flatMap(([path, rule]) => {
    const below = /^\$\.body(?=[.[]|$)(.*)$/s.exec(path)?.[1];
    return below === undefined ? [] : [[`$${below}`, rule] as const];
  });
  const rules = [...ofBody, ...old].flatMap(([path, rule]) => readRule(path, rule));
  return {
    loosens(path) {
      const segments = segmentsOf(path);
      return rules.some((rule) => holdsFor(rule, segments));
    },
  };
}

function readRule(path: string, rule: unknown): Rule[] {
  if (!isFields(rule)) return [];
  const matchers = (Array.isArray(rule.matchers) ? rule.matchers : [rule]).filter(isFields);
  // A matcher without a name is known by its keys: `{ min: 1 }`, `{ regex: … }`.
  const names = matchers.map(({ match, ...rest }) => String(match ?? Object.keys(rest)[0]));
  const loose = names.filter((name) => !strict.has(name));
  if (loose.length === 0) return [];
  return [{ segments: segmentsOf(path), cascades: loose.some((name) => cascading.has(name)) }];
}

function holdsFor({ segments, cascades }: Rule, path: readonly Segment[]): boolean {
  if (cascades ? path.length < segments.length : path.length !== segments.length) return false;
  return segments.every((segment, at) => segment === undefined || segment === path[at]);
}

/** An interaction of a Pact file: a request of the shop, and the answer that it needs. */
export interface Interaction {
  /** In words, with the states that it needs. */
  description: string;
  /** As if it had been recorded: the answer is what is expected. */
  exchange: RecordedExchange;
  /** The matching rules for the body of the answer. */
  matching: Matching;
  /** True if a matching rule (Pact version 4) accepts any status of the same class. */
  anyStatus: boolean;
}

/** The content of a Pact file. */
export interface Pact {
  interactions: Interaction[];
  unjudged: Unjudged[];
}

/** Reads a Pact file of the versions 2, 3 and 4. Messages and damaged interactions are listed as unjudged. */
export async function readPact(file: string): Promise<Pact> {
  const read = await readDocument(file);
  if ('why' in read) return { interactions: [], unjudged: [read] };
  const { document, damage } = read;
  if (!isFields(document) || !(Array.isArray(document.interactions) || Array.isArray(document.messages))) {
    return { interactions: [], unjudged: [{ what: file, why: 'is no Pact file: it has no interactions' }] };
  }
  const pact: Pact = { interactions: [], unjudged: damage === undefined ? [] : [{ what: file, why: damage }] };
  for (const [at, entry] of listOf(document.interactions).entries()) {
    try {
      refuseDepth(entry);
      pact.interactions.push(readInteraction(entry, file, at + 1));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      pact.unjudged.push({ what: `${file} interaction ${at + 1}${named(entry)}`, why: error.message });
    }
  }
  for (const [at, message] of listOf(document.messages).entries()) {
    pact.unjudged.push({ what: `${file} message ${at + 1}${named(message)}`, why: IS_MESSAGE });
  }
  return pact;
}

const IS_MESSAGE = 'it is a message, and Klarna is asked by HTTP';

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const named = (entry: unknown): string =>
  isFields(entry) && typeof entry.description === 'string' ? ` (${entry.description})` : '';

function readInteraction(entry: unknown, file: string, index: number): Interaction {
  if (!isFields(entry)) throw new Unreadable('is no mapping');
  if (typeof entry.type === 'string' && entry.type !== 'Synchronous/HTTP') throw new Unreadable(IS_MESSAGE);
  const { request, response } = entry;
  if (!isFields(request) || typeof request.path !== 'string') throw new Unreadable('has no request with a path');
  if (!isFields(response)) throw new Unreadable('has no response');
  const query = queryOf(request.query);
  const status = response.status === undefined ? 200 : Number(response.status);
  if (!Number.isInteger(status)) throw new Unreadable(`expects no status, but ${JSON.stringify(response.status)}`);
  const target = `${request.path}${query && `?${query}`}`;
  return {
    description: [...statesOf(entry), entry.description].filter(Boolean).join(': ') || `interaction ${index}`,
    exchange: {
      file,
      index,
      request: {
        method: String(request.method ?? 'GET').toUpperCase(),
        url: target,
        target,
        ...messageOf(request),
      },
      response: { status, ...messageOf(response) },
    },
    matching: readMatching(response.matchingRules),
    anyStatus: isFields(response.matchingRules) && isFields(response.matchingRules.status),
  };
}

function statesOf({ providerStates, providerState, provider_state }: Fields): unknown[] {
  const names = listOf(providerStates).map((state) => (isFields(state) ? state.name : state));
  return [...names, providerState ?? provider_state];
}

/** `a=1&b=2` in version 2, lists of values by name since. */
function queryOf(query: unknown): string {
  if (typeof query === 'string') return query;
  const pairs = Object.entries(isFields(query) ? query : {}).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value): [string, string] => [name, String(value)]),
  );
  return String(new URLSearchParams(pairs));
}

/** Headers and body; in version 4 the body says what it is. JSON may stand there as its text. */
function messageOf({ headers, body }: Fields): RecordedMessage {
  const read = readHeaders(headers);
  const four = isFields(body) && 'content' in body;
  const { content, contentType, encoded } = four ? body : { content: body };
  const typed = { ...(typeof contentType === 'string' && { 'Content-Type': contentType }), ...read };
  if (typeof content !== 'string') return { headers: typed, body: content ?? undefined };
  return readMessage(typed, contentOf(content, encoded === true ? 'base64' : encoded));
}

/**
 * Returns the exchanges of a shop as a Pact file of version 3: of each operation every answer that it met, once.
 * @param exchanges redacted, oldest first
 * @param consumer the merchant
 * @returns undefined when there is nothing to write
 */
export function writePact(exchanges: readonly Exchange[], consumer: string): string | undefined {
  const interactions = new Map<string, object>();
  for (const exchange of exchanges) {
    const located = locate(exchange.method, exchange.path);
    const answer = located?.operation.answers.get(exchange.status);
    if (!located || !answer || located.operation.api === 'sandbox' || !isUsable(exchange)) continue;
    const description = describe(located.operation, exchange);
    if (!interactions.has(description))
      interactions.set(description, interactionOf(located.operation, answer, exchange, description));
  }
  if (interactions.size === 0) return undefined;
  const pact = {
    consumer: { name: consumer },
    provider: { name: 'Klarna' },
    interactions: [...interactions.values()],
    metadata: { pactSpecification: { version: '3.0.0' } },
  };
  return `${JSON.stringify(pact, null, 2)}\n`;
}

/** Tells if the journal shows both messages whole, and neither the wire nor a limit made the answer. */
const isUsable = ({ request, response, explanation }: Exchange): boolean =>
  !request.cut &&
  !response.cut &&
  typeof request.body !== 'string' &&
  ruleOf(explanation?.rule)?.stage !== 'wire' &&
  explanation?.rule !== 'rate-limit';

const codeOf = (body: unknown): string => (isFields(body) && body.error_code ? ` ${body.error_code}` : '');

const describe = ({ name }: Operation, { status, response, explanation }: Exchange): string => {
  const rule = explanation && status >= 400 ? `, because of ${explanation.rule}` : '';
  return `${name} that is answered ${status}${codeOf(response.body)}${rule}`;
};

/** Headers of a request that say something to Klarna, but for the credentials. */
const telling = ['Content-Type', 'Klarna-Idempotency-Key'];

function interactionOf(operation: Operation, answer: AnswerContract, exchange: Exchange, description: string) {
  const { method, path, status, request, response } = exchange;
  const [pathname, search] = path.split(/\?(.*)/s) as [string, string?];
  const headers = pick(request.headers, telling);
  const answered = pick(response.headers, ['Content-Type', ...answer.headers.filter((name) => !/^Mock-/.test(name))]);
  const { parameters } = operation;
  return {
    description,
    providerStates: writtenStates(operation, status),
    request: {
      method,
      path: pathname,
      ...(search && { query: writtenQuery(search) }),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(request.body !== undefined && { body: request.body }),
      matchingRules: {
        ...(parameters.path.length > 0 && { path: rule({ match: 'regex', regex: regexOf(operation) }) }),
        ...(headers['Klarna-Idempotency-Key'] !== undefined && {
          header: { 'Klarna-Idempotency-Key': rule({ match: 'type' }) },
        }),
      },
    },
    response: {
      status,
      ...(Object.keys(answered).length > 0 && { headers: answered }),
      ...(response.body !== undefined && { body: response.body }),
      matchingRules: {
        ...(response.body !== undefined && { body: bodyRules(operation, answer, response.body) }),
        header: headerRules(answered),
      },
    },
  };
}

const rule = (matcher: object) => ({ matchers: [matcher], combine: 'AND' });

/** Returns the provider state in words: what the path names. */
function writtenStates({ parameters }: Operation, status: number): { name: string }[] {
  if (status === 404) return [];
  return parameters.path.map((name) => {
    const words = name
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .replace(/_id$/, '')
      .replaceAll('_', ' ')
      .toLowerCase();
    return { name: `there is ${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}` };
  });
}

/** The pattern of an operation's paths in the regular expressions that all readers of Pact files know. */
const regexOf = ({ path }: Operation): string =>
  `^${fillPath(path.replace(/[.*+?^$()|[\]\\]/g, '\\$&'), () => '[^/]+')}$`;

function pick(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  const found = names.map((name) => [name, headerOf(headers, name.toLowerCase())] as const);
  return Object.fromEntries(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function writtenQuery(search: string): Record<string, string[]> {
  const query = new URLSearchParams(search);
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));
}

/** Any value of the type will do, but for the words that a shop acts on. */
function bodyRules({ api }: Operation, { schema }: AnswerContract, body: unknown): Record<string, object> {
  const words = isFields(body) && schema !== undefined ? wordsIn(api, schema, body) : [];
  const exact = words.map((name) => [`$.${name}`, rule({ match: 'equality' })]);
  return { $: rule({ match: 'type' }), ...Object.fromEntries(exact) };
}

/** The fields of a body whose value is one of a list of words, the code of an error included. */
function wordsIn(api: Operation['api'], pointer: string, body: Fields): string[] {
  const document = documentOf(api);
  const known = propertiesOf(document, resolve<Schema>(document, pointer));
  return Object.keys(body).filter((name) => {
    const schema = known[name];
    return name === 'error_code' || (schema && flatten(schema, document).enum !== undefined);
  });
}

/** Ids and links are others each time; what kind of body it is stays. */
const headerRules = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.keys(headers)
      .filter((name) => name !== 'Content-Type')
      .map((name) => [name, rule({ match: 'type' })]),
  );
