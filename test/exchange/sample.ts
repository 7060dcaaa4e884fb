import type { JournalEntry, RawExchange } from '../../src/exchange/raw-exchange.js';
import { START } from '../server/wall.js';

/** A refused request with credentials, as it was on the wire. */
export const exchange = (more: Partial<RawExchange> = {}): RawExchange => ({
  at: START,
  method: 'POST',
  path: '/payments/v1/sessions',
  operation: 'createSession',
  status: 400,
  ms: 1.23456,
  correlationId: 'c',
  requestHeaders: { host: 'sandbox', Authorization: 'Basic c2VjcmV0', cookie: 'secret=1' },
  requestBody: '{"a":1}',
  responseHeaders: { 'content-length': 3, 'set-cookie': ['secret=2'], 'x-absent': undefined },
  responseBody: 'not JSON',
  because: { rule: 'shape', text: 'a: expected nothing' },
  ...more,
});

/** The same as an entry of a journal. */
export const entry = (more: Partial<RawExchange> = {}): JournalEntry => ({ ...exchange(more), number: 7 });
