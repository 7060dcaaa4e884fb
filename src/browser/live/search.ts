import type { Exchange } from './types.js';

/** A search of the journal. */
export interface Search {
  /** Words that must all be there; `status:4xx`, `op:createOrder`, `rule:order-total` and `-word` narrow it. */
  text: string;
  /** Only calls that were refused or got no answer. */
  refused?: boolean;
  /** Only calls of Klarna's own APIs. */
  klarnas?: boolean;
}

type Test = (exchange: Exchange) => boolean;

const texts = new WeakMap<Exchange, string>();

/** Returns everything that can be found of an exchange, in lower case; it is made once. */
export function textOf(exchange: Exchange): string {
  let text = texts.get(exchange);
  if (text === undefined) {
    const {
      number,
      method,
      path,
      operation = '',
      status,
      correlation_id = '',
      request,
      response,
      explanation,
    } = exchange;
    const parts = [`#${number} ${method} ${path} ${operation} ${status} ${correlation_id}`];
    for (const { body } of [request, response]) if (body !== undefined) parts.push(JSON.stringify(body));
    if (explanation) parts.push(`${explanation.rule} ${explanation.text}`);
    text = parts.join('\n').toLowerCase();
    texts.set(exchange, text);
  }
  return text;
}

const isStatus = (pattern: string): Test => {
  const [first = '', ...rest] = pattern;
  const end = rest.join('').replaceAll('x', '');
  return ({ status }) => String(status).startsWith(first + end);
};

const fields: Record<string, (value: string) => Test> = {
  status: isStatus,
  op:
    (value) =>
    ({ operation = '' }) =>
      operation.toLowerCase().includes(value),
  rule:
    (value) =>
    ({ explanation }) =>
      explanation?.rule.toLowerCase().includes(value) ?? false,
  method:
    (value) =>
    ({ method }) =>
      method.toLowerCase() === value,
};

function testOf(word: string): Test {
  if (word.length > 1 && word.startsWith('-')) {
    const inner = testOf(word.slice(1));
    return (exchange) => !inner(exchange);
  }
  const [, name = '', value = ''] = /^([a-z]+):(.+)$/.exec(word) ?? [];
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return field ? field(value) : (exchange) => textOf(exchange).includes(word);
}

/** Tells whether an exchange is one of the control API: a test's or this page's, not a shop's. */
export const isControl = ({ path }: Exchange): boolean => path.startsWith('/sandbox/');

/** Tells whether a call was refused, or got no answer. */
export const isRefused = ({ status }: Exchange): boolean => status === 0 || status >= 400;

/** Makes the test that a search puts an exchange to. */
export function makeTest({ text, refused = false, klarnas = false }: Search): Test {
  const tests = text.toLowerCase().split(/\s+/).filter(Boolean).map(testOf);
  if (refused) tests.push(isRefused);
  if (klarnas) tests.push((exchange) => !isControl(exchange));
  return (exchange) => tests.every((test) => test(exchange));
}
