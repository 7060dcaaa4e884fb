import { connect } from 'node:net';
import fc from 'fast-check';
import { operations } from '../../src/contract/operations.js';
import { holdsLater } from '../property.js';
import t from '../tap.js';
import { authorized, basic, boots, charge, judge, purchase, startSandbox, tokenized, tokenRequest } from './sandbox.js';

const json = { authorization: basic('boots'), 'content-type': 'application/json' };

/** Sends bytes and reads until the server closes or has answered with a body of the announced length. */
function raw(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk;
      const [head = '', ...body] = text.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
      if (Buffer.byteLength(body.join('\r\n\r\n')) >= length) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

t.test('bodies that cannot be read', async (t) => {
  const { url, as } = await startSandbox(t);
  const sessions = `${url}/payments/v1/sessions`;
  const post = (body: string | Buffer, headers: Record<string, string> = json) =>
    fetch(sessions, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) });
  const lines = JSON.stringify([boots]);
  const cases: [string, string | Buffer, number, string][] = [
    ['malformed JSON', '{"purchase_country": ', 400, 'readable-json'],
    ['__proto__', '{"__proto__": {"intent": "buy"}}', 400, 'readable-json'],
    ['a spelt-out __proto__', '{"\\u005f_proto__": 1}', 400, 'readable-json'],
    ['constructor', '{"constructor": {"prototype": {}}}', 400, 'readable-json'],
    [
      'half a surrogate pair',
      `{"purchase_country":"SE","purchase_currency":"SEK","merchant_data":"\\ud800"}`,
      400,
      'readable-json',
    ],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'readable-json'],
    ['a list', '[]', 400, 'shape'],
    ['text', '"boots"', 400, 'shape'],
    ['null', 'null', 400, 'shape'],
    ['deep nesting', `${'['.repeat(100_000)}`, 400, 'readable-json'],
    ['1 MB + 1 byte', `"${'x'.repeat(1_048_575)}"`, 413, 'body-size'],
    ['nothing at all', '', 400, 'shape'],
    [
      'a missing amount in a line',
      `{"purchase_country":"SE","purchase_currency":"SEK","order_amount":1,"order_lines":[{}]}`,
      400,
      'shape',
    ],
    [
      'amounts beyond 2^53',
      `{"purchase_country":"SE","purchase_currency":"SEK","order_amount":9007199254740993,"order_lines":${lines}}`,
      400,
      'shape',
    ],
    [
      '1e400',
      `{"purchase_country":"SE","purchase_currency":"SEK","order_amount":1e400,"order_lines":${lines}}`,
      400,
      'shape',
    ],
  ];
  for (const [name, body, status, rule] of cases) {
    await t.test(name, async (t) => {
      const answer = await post(body);
      t.equal(answer.status, status);
      t.match(answer.headers.get('mock-klarna-explain'), new RegExp(`^${rule}: `));
      const error = (await answer.json()) as { error_code: string; correlation_id: string };
      t.equal(error.correlation_id, answer.headers.get('klarna-correlation-id'));
      t.match(error.error_code, /^[A-Z_]+$/);
    });
  }
  t.equal((await post(`"${'x'.repeat(1_048_574)}"`)).status, 400, '1 MB is read and then judged');
  t.equal((await post('{}', { authorization: basic('boots') })).status, 415, 'no content type');
  t.equal((await post('a=b', { ...json, 'content-type': 'application/x-www-form-urlencoded' })).status, 415);
  t.equal((await post('{}', { ...json, 'content-type': 'application/vnd.shop+json; charset=utf-8' })).status, 400);
  t.strictSame((await as('boots')('listSessions')).body.items, [], 'nothing was changed');
});

t.test('what the wire tolerates', async (t) => {
  const sandbox = await startSandbox(t);
  const { url } = sandbox;
  const call = sandbox.as('boots');
  const body = JSON.stringify({ ...purchase, order_amount: '10000', locale: null, design: 'x', status: 'complete' });

  t.equal((await fetch(`${url}//payments/v1/sessions/`, { method: 'POST', headers: json, body })).status, 200);
  const lenient = {
    ...purchase,
    order_lines: [{ ...boots, quantity: 2.9, image_url: null, type: 'PHYSICAL', unknown: 1 }],
    intent: 'Buy_And_Tokenize',
  };
  t.equal((await call('createSession', { body: lenient })).status, 200);
  const { session_id, authorizationToken } = await authorized(call);
  t.matchLists(await call('createSession', { body: { ...purchase, order_lines: [{ ...boots, quantity: 0.5 }] } }), {
    status: 400,
    body: { error_messages: ['Bad value: order_lines[0].total_amount'] },
  });
  const empty = await fetch(`${url}/payments/v1/sessions/${session_id}`, { method: 'POST', headers: json });
  t.equal(empty.status, 204, 'an update with an empty body and a JSON content type');
  const html = { ...json, accept: 'text/html, image/gif, image/jpeg, *; q=.2' };
  t.match(
    (await fetch(`${url}/payments/v1/sessions/${session_id}`, { headers: html })).headers.get('content-type'),
    /^application\/json/,
  );
  const released = await fetch(`${url}/payments/v1/authorizations/${authorizationToken}`, {
    method: 'DELETE',
    headers: json,
  });
  t.equal(released.status, 204, 'a DELETE with a JSON content type and no body');

  const chunked = await raw(
    url,
    `POST /payments/v1/sessions HTTP/1.1\r\nHost: shop.test:8080\r\nAuthorization: ${basic('boots')}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  );
  t.match(chunked, /^HTTP\/1.1 400 Bad Request\r\n/);
  t.match(chunked, /\r\nKlarna-Correlation-Id: /);
  t.match(chunked, /\r\nX-Ratelimit-Limit: 40, 40;w=1\r\n/);
  t.match(chunked, /\r\nMock-Klarna-Explain: shape: /);
  t.match(chunked, /\r\nContent-Type: application\/json\r\n/, 'errors name no charset');

  const stray = await raw(
    url,
    `GET /payments/v1/sessions/${session_id} HTTP/1.1\r\nHost: a\r\nAuthorization: ${basic('boots')}\r\n\r\n{}`,
  );
  t.match(stray, /^HTTP\/1.1 200 OK\r\n/, 'stray bytes after a GET');
  t.match(stray, /"status":"incomplete"/);
});

t.test('what nothing answers', async (t) => {
  const { url, as } = await startSandbox(t);
  const asked = async (method: string, path: string, headers: Record<string, string> = json) => {
    const answer = await fetch(url + path, { method, headers });
    return {
      status: answer.status,
      why: answer.headers.get('mock-klarna-explain'),
      allow: answer.headers.get('allow'),
    };
  };
  t.match(await asked('GET', '/payments/v1/orders'), { status: 404, why: /^known-path: / });
  t.match(await asked('GET', '/nowhere'), { status: 404, why: /^known-path: / });
  t.match(await asked('POST', '/payments/v1/session'), {
    status: 404,
    why: 'known-path: POST /payments/v1/session is no path of Klarna that mock-klarna has (did you mean POST /payments/v1/sessions?); see /docs',
  });
  t.match(await asked('GET', '/sandbox/v1/clocks'), {
    why: 'known-path: GET /sandbox/v1/clocks is no path of Klarna that mock-klarna has (did you mean GET /sandbox/v1/clock?); see /docs',
  });
  t.match(await asked('GET', '/nowhere', {}), { status: 404 });
  t.match(await asked('GET', '/payments/v1/orders', {}), { status: 401 });
  t.match(await asked('PUT', '/payments/v1/sessions'), { status: 405, allow: 'POST' });
  t.match(await asked('PUT', '/payments/v1/sessions/x/'), { status: 405, allow: 'GET, POST' });
  const why = (grade: string) =>
    new RegExp(`^known-(path|method): Klarna is known to answer .* \\(${grade}\\), but mock-klarna`);
  for (const [method, path, status, grade] of [
    ['PATCH', '/ordermanagement/v1/orders/o/captures/c/customer-details', 404, 'reported'],
    ['PATCH', '//ordermanagement/v1/orders/o/captures/c/customer-details/?x', 404, 'reported'],
    ['DELETE', '/payments/v1/sessions/x/', 405, 'docs'],
    ['GET', '/hpp/v1/sessions/x/manual-id-check', 404, 'spec'],
    ['POST', '/hpp/v1/sessions/x/distribution-module/token', 404, 'spec'],
  ] as const) {
    t.match(await asked(method, path), { status, why: why(grade) }, path);
  }
  t.match(await asked('GET', '/ordermanagement/v1/orders/o/captures/c/customer-details'), {
    status: 404,
    why: /^known-path: .* is no path of Klarna that mock-klarna has/,
  });
  t.match(await asked('OPTIONS', '/payments/v1/sessions'), { status: 405 });
  t.match(await asked('HEAD', '/payments/v1/sessions/x'), { status: 405 });
  t.match(await asked('GET', `/payments/v1/sessions/${'x'.repeat(5000)}`), { status: 404, why: /^session-known: / });
  t.match(await asked('GET', '/payments/v1/sessions/%ZZ'), { status: 400, why: /^readable-request: / });
  t.match(await asked('GET', `/payments/v1/sessions/${encodeURIComponent('../Ω\n')}`), {
    status: 404,
    why: /\\u\{3a9\}/,
  });
  t.match(await asked('GET', '/sandbox/v1/orders?limit=0'), { status: 400, why: /^shape: limit: given 0/ });
  t.match(await asked('GET', '/sandbox/v1/journal?limit=x'), { status: 400 });
  t.match(await raw(url, 'PROPFIND /payments/v1/sessions HTTP/1.1\r\nHost: a\r\n\r\n'), /^HTTP\/1.1 401 /);
  t.match(await raw(url, 'nonsense\r\n\r\n'), /^HTTP\/1.1 400 [\s\S]*readable-request/);
  const big = await raw(url, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(10_000_000)}\r\n\r\n`);
  t.match(big, /^HTTP\/1.1 400 [\s\S]*20 kB/, '10 MB of headers');
  t.equal((await as('boots')('readHealth')).body.status, 'ok');
});

t.test('1,001 order lines and names in other scripts', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const many = { ...purchase, order_lines: Array.from({ length: 1001 }, () => boots) };
  t.matchLists(await call('createSession', { body: many }), {
    status: 400,
    body: { error_messages: ['Bad value: order_lines'] },
  });
  const { session_id } = (await call('createSession', { body: { ...purchase, intent: 'buy' } })).body;
  for (const given_name of ['Иван', '李小龙', 'A\u0007na', '\u202eeva', '🥾🥾']) {
    const answer = await call('authorizeSession', {
      path: { session_id },
      body: { data: { billing_address: { given_name } } },
    });
    t.matchLists(answer, {
      status: 200,
      body: { approved: false, show_form: true, error: { invalid_fields: ['billing_address.given_name'] } },
    });
    t.match(answer.why, /^[\x20-\x7e]{20,1024}$/);
  }
});

t.test('every answer to arbitrary bodies keeps to the contract and is no failure of ours', async (t) => {
  const sandbox = await startSandbox(t);
  const call = sandbox.as('boots');
  const { session_id } = await authorized(call);
  const { authorizationToken, customerToken } = await tokenized(call);
  const { order_id } = (await call('createOrder', { path: await authorized(call), body: purchase })).body;
  const captured = await call('captureOrder', { path: { order_id }, body: { captured_amount: 1000 } });
  const path: Record<string, string> = {
    session_id,
    authorizationToken,
    customerToken,
    order_id,
    capture_id: captured.headers['capture-id'] as string,
  };
  const valid: Record<string, object> = {
    createSession: purchase,
    updateSession: purchase,
    createOrder: purchase,
    createCustomerToken: tokenRequest,
    createCustomerTokenOrder: charge,
    updateCustomerTokenStatus: { status: 'CANCELLED' },
    authorizeSession: { payment_option: 'pay_in_4', data: purchase },
    captureOrder: { captured_amount: 1, order_lines: [boots] },
    refundOrder: { refunded_amount: 1, order_lines: [boots] },
    updateAuthorization: { order_amount: 9000, order_lines: [boots] },
  };
  const withBody = [...operations.values()].filter(
    ({ name, request }) => request && name !== 'setClock' && name !== 'advanceClock',
  );
  t.strictSame(
    withBody.flatMap(({ parameters }) => parameters.path.filter((name) => !(name in path))),
    [],
    'each operation is asked at a path of its own',
  );
  const anything = fc
    .anything({ maxDepth: 2, withNullPrototype: false })
    .filter((value) => JSON.stringify(value) !== undefined);
  await holdsLater(
    t,
    fc.asyncProperty(
      fc.constantFrom(...withBody),
      fc.dictionary(fc.string(), anything),
      fc.boolean(),
      async (operation, noise, mixed) => {
        const fields = Object.entries(valid[operation.name] ?? {});
        const [field] = fields[Object.keys(noise).length % Math.max(1, fields.length)] ?? [];
        const bent = mixed && field ? { ...valid[operation.name], [field]: Object.values(noise)[0] ?? null } : noise;
        const { status, headers, body } = await call(operation.name, { path, body: bent });
        const said = typeof body === 'string' ? body : JSON.stringify(body);
        const broken = judge({ operation: operation.name, status, headers, body: said });
        if (status >= 500 || broken.length > 0) throw new Error(`${operation.name} ${status}: ${broken}`);
      },
    ),
    { numRuns: 300 },
  );
});
