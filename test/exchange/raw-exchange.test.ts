import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { LateExchange, showExchange } from '../../src/exchange/raw-exchange.js';
import t from '../tap.js';
import { entry as exchange } from './sample.js';

t.test('an exchange as it was on the wire', async (t) => {
  t.test('shows an exchange without its secrets', async (t) => {
    const exchanges = [showExchange(exchange())];
    // As the control API answers it.
    t.strictSame(JSON.parse(JSON.stringify(exchanges)), [
      {
        number: 7,
        at: '2026-01-31T12:00:00.000Z',
        method: 'POST',
        path: '/payments/v1/sessions',
        operation: 'createSession',
        status: 400,
        duration_ms: 1.235,
        correlation_id: 'c',
        request: { headers: { host: 'sandbox', Authorization: '[redacted]', cookie: '[redacted]' }, body: { a: 1 } },
        response: { headers: { 'content-length': '3', 'set-cookie': '[redacted]' }, body: 'not JSON' },
        explanation: { rule: 'shape', evidence: 'spec', text: 'a: expected nothing' },
      },
    ]);
    const empty = showExchange(exchange({ requestBody: undefined, responseBody: '', because: undefined }));
    t.notMatch(JSON.stringify(empty), /"body"|"explanation"/);
  });

  t.test('every header that carries credentials is left out, however spelt, and none beside it', async (t) => {
    const headers = {
      Authorization: 'a',
      'proxy-AUTHORIZATION': 'b',
      Cookie: 'c',
      'Set-Cookie': ['d', 'e'],
      'x-authorization': 'f',
      'proxy-authenticate': 'g',
      cookies: 'h',
      'www-authenticate': ['i', 'j'],
    };
    const shown = showExchange(exchange({ requestHeaders: headers, responseHeaders: headers }));
    const expected = {
      Authorization: '[redacted]',
      'proxy-AUTHORIZATION': '[redacted]',
      Cookie: '[redacted]',
      'Set-Cookie': '[redacted]',
      'x-authorization': 'f',
      'proxy-authenticate': 'g',
      cookies: 'h',
      'www-authenticate': 'i,j',
    };
    t.strictSame([shown.request.headers, shown.response.headers], [expected, expected]);
  });

  t.test('says the same when its messages are read late', async (t) => {
    const headers = fc.dictionary(
      fc.constantFrom('Authorization', 'host', 'x'),
      fc.option(fc.string(), { nil: undefined }),
    );
    const body = fc.option(fc.oneof(fc.string(), fc.json()), { nil: undefined });
    const cut = fc.constantFrom(undefined, true as const);
    const entries = fc.record({
      at: fc.integer({ min: 0, max: 2 ** 40 }),
      method: fc.constantFrom('GET', 'POST'),
      path: fc.webPath(),
      operation: fc.constantFrom(undefined, 'createSession'),
      session: fc.option(fc.uuid(), { nil: undefined }),
      status: fc.integer({ min: 0, max: 599 }),
      ms: fc.double({ min: 0, max: 1_000, noNaN: true }),
      requestHeaders: headers,
      requestBody: body,
      cutRequest: cut,
      responseHeaders: headers,
      responseBody: body,
      cutResponse: cut,
      because: fc.constantFrom(undefined, exchange().because),
    });
    const key = Buffer.from('klarna_live_api_abc:').toString('base64');
    const live = exchange({ requestHeaders: { Authorization: `Basic ${key}` } });
    t.equal(new LateExchange(live).live_key, true);
    fc.assert(
      fc.property(entries, (given) => {
        const entry = { ...exchange(), ...given };
        const { number: _, correlation_id: __, scripted: ___, ...now } = showExchange(entry);
        const late = new LateExchange(entry);
        const partsOf = ({ headers, body, cut }: typeof late.request) => ({ headers, body, cut });
        for (const name of Object.keys(now) as (keyof typeof now)[]) {
          if (name === 'request' || name === 'response') deepStrictEqual(partsOf(late[name]), now[name]);
          else deepStrictEqual(late[name], now[name]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
