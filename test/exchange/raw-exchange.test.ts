import { showExchange } from '../../src/exchange/raw-exchange.js';
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
});
