import { locate } from '../../contract/locate.js';
import {
  type AnswerContract,
  documentOf,
  type Operation,
  propertiesOf,
  resolve,
  type Schema,
} from '../../contract/operations.js';
import { flatten } from '../../contract/wire.js';
import { type Fields, isFields } from '../../replay/words.js';
import type { Exchange } from '../../shop/exchange.js';
import { headerOf } from '../recordings/message.js';

/** Rules that say where a shop does not come about by itself. */
const notOrdinary = new Set(['scenario-fault', 'rate-limit', 'readable-json', 'readable-request', 'body-size']);

/**
 * What a shop was seen to need of Klarna, as a Pact file of version 3: of each operation every answer that it met, once.
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

const isUsable = ({ request, response, explanation }: Exchange): boolean =>
  !request.cut && !response.cut && typeof request.body !== 'string' && !notOrdinary.has(explanation?.rule ?? '');

const codeOf = (body: unknown): string => (isFields(body) && body.error_code ? ` ${body.error_code}` : '');

const describe = ({ name }: Operation, { status, response, explanation }: Exchange): string => {
  const rule = explanation && status >= 400 ? `, because of ${explanation.rule}` : '';
  return `${name} that is answered ${status}${codeOf(response.body)}${rule}`;
};

/** Headers of a request that say something to Klarna, but for the credentials. */
const telling = ['Content-Type', 'Klarna-Idempotency-Key'];

function interactionOf(operation: Operation, answer: AnswerContract, exchange: Exchange, description: string) {
  const { method, path, status, request, response } = exchange;
  const [pathname = '', search] = path.split(/\?(.*)/s);
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
        ...(parameters.path.length > 0 && { path: rule({ match: 'regex', regex: patternOf(operation) }) }),
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

/** What has to be there before, in words: what the path names. */
function writtenStates({ parameters }: Operation, status: number): { name: string }[] {
  if (status === 404) return [];
  return parameters.path.map((name) => {
    const words = name
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .replace(/_?id$/i, '')
      .replaceAll('_', ' ')
      .toLowerCase();
    return { name: `there is ${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}` };
  });
}

const patternOf = ({ path }: Operation): string =>
  `^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`;

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
