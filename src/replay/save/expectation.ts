import { literal } from '../../scenario/match.js';
import { wordMatchers } from '../../scenario/matchers.js';
import { type Fields, isFields } from '../words.js';
import type { Exchange } from './calls.js';
import type { Ids } from './ids.js';

/** What is not looked at in an answer: people, and what is another in each run. */
const unlooked = new Set(['billing_address', 'shipping_address', 'customer', 'attachment', 'correlation_id']);

/** What is another text in each run. */
const changing = new Set(['client_token', 'klarna_reference']);

/** Matchers for what is another value of its kind in each run. */
const kinds = ['$uuid', '$instant', '$url'];

/** Something in a text that is another in each run. */
export const VARIABLE_PART = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d|https?:\/\//i;

/**
 * What an answer must be to be that of the journal: its status, and of its body all that stays the same.
 * @param body of the answer, redacted
 */
export function expectationOf({ status, response }: Exchange, body: unknown, ids: Ids): Fields {
  if (status === 0) return { status: '$absent' };
  if (response.cut) return { status };
  if (body === undefined) return { status, body: '$absent' };
  const expected = expectedOf(body, '', ids);
  return isFields(expected) && Object.keys(expected).length === 0 ? { status } : { status, body: expected };
}

function expectedOf(value: unknown, field: string, ids: Ids): unknown {
  if (typeof value === 'string') return expectedText(value, field, ids);
  if (Array.isArray(value)) return value.map((element) => expectedOf(element, field, ids));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !unlooked.has(name))
      .map(([name, inner]) => [literal(name), expectedOf(inner, name, ids)]),
  );
}

function expectedText(text: string, field: string, ids: Ids): unknown {
  if (ids.has(text)) return ids.write(text);
  // A body that is no JSON at all is a page, or what is left of an answer.
  if (field === '' || changing.has(field)) return '$string';
  const kind = kinds.find((word) => wordMatchers.get(word)?.(text));
  if (kind !== undefined) return kind;
  return VARIABLE_PART.test(text) ? '$string' : literal(text);
}
