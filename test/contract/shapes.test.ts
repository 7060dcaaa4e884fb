import { type Answered, answerFaults, judgedHeaders } from '../../src/contract/answers.js';
import { beanWords } from '../../src/contract/bean-words.js';
import { check, shown, tell } from '../../src/contract/compile.js';
import { completeExample, documentWithExamples } from '../../src/contract/examples.js';
import { bodyFields, notServedAt, operationNamed, operations } from '../../src/contract/operations.js';
import { checkAnswer, checkBody, checkQuery } from '../../src/contract/validate.js';
import t from '../tap.js';
import { compileText } from './text-validator.js';

t.test('the complete example of a request has every field and keeps to the contract', async (t) => {
  for (const operation of operations.values()) {
    const example = await completeExample(operation);
    if (!operation.request) {
      t.equal(example, undefined, operation.name);
      continue;
    }
    t.strictSame(checkBody(operation, example), { body: example }, operation.name);
    const readOnly = [
      'authorization_token',
      'client_token',
      'expires_at',
      'payment_method_categories',
      'status',
      'usage',
    ];
    // Fields of these names that a request has for its own.
    const own: Record<string, string> = {
      updateCustomerTokenStatus: 'status',
      loadPurchase: 'payment_method_categories',
      choosePaymentMethodCategories: 'payment_method_categories',
    };
    const fields = bodyFields(operation).filter((name) => !readOnly.includes(name) || own[operation.name] === name);
    t.strictSame(Object.keys(example as object).sort(), fields.sort(), operation.name);
  }
});

t.test('the documentation shows the written example and the complete one', async (t) => {
  const document = await documentWithExamples('payments');
  const operation = operationNamed('createSession');
  const { post } = document.paths['/payments/v1/sessions'] as any;
  const { example, examples } = post.requestBody.content['application/json'];
  t.equal(example, undefined);
  t.strictSame(examples, {
    usual: { summary: 'What a shop usually sends', value: operation.request?.example },
    complete: { summary: 'Every field there is', value: await completeExample(operation) },
  });
  t.match(examples.complete.value, { step_up_id: String });
});

/** Headers as every answer of Klarna's APIs has them. */
const headers = {
  'klarna-correlation-id': '9c5e0f3a-41b7-4d26-8f19-a6b3d7c2e850',
  'x-ratelimit-limit': '200, 200;w=1',
  'x-ratelimit-remaining': '199',
  'x-ratelimit-reset': '1',
};
const json = { ...headers, 'Content-Type': 'application/json;charset=utf-8' };

t.test('answers are judged by status, headers and body', async (t) => {
  const operation = operationNamed('readCustomerToken');
  const body = { payment_method_type: 'INVOICE', status: 'ACTIVE' };
  t.strictSame(checkAnswer(operation, { status: 200, headers: json, body }), []);
  for (const type of ['application/json', 'Application/JSON ;charset=utf-8', ' application/json']) {
    t.strictSame(checkAnswer(operation, { status: 200, headers: { ...json, 'Content-Type': type }, body }), [], type);
  }
  t.matchLists(checkAnswer(operation, { status: 200, headers: { 'content-type': 'application/json' }, body }), [
    'header Klarna-Correlation-Id is missing',
    ...Array(3).fill(/^header X-Ratelimit-\w+ is missing$/),
  ]);
  t.strictSame(checkAnswer(operation, { status: 200, headers: { ...json, 'x-ratelimit-limit': 'many' }, body }), [
    'header X-Ratelimit-Limit: given "many", expected text that matches ^[0-9]+, [0-9]+;w=1$',
  ]);
  t.strictSame(checkAnswer(operation, { status: 200, headers: json, body: { ...body, status: 'active' } }), [
    'status: given "active", expected one of ACTIVE, SUSPENDED, CANCELLED',
  ]);
  t.matchLists(checkAnswer(operation, { status: 200, headers: json, body: { ...body, stray: 1 } }), [
    /^stray: given 1, expected no such field/,
  ]);
  t.matchLists(checkAnswer(operation, { status: 200, headers: json, body: { status: 'ACTIVE' } }), [
    /^payment_method_type: given nothing/,
  ]);
  t.matchLists(checkAnswer(operation, { status: 418, headers: json, body }), [/418/]);
  t.strictSame(checkAnswer(operationNamed('updateSession'), { status: 204, headers, body: { a: 1 } }), [
    'body: given {"a":1}, expected no body',
  ]);
  t.strictSame(checkAnswer(operationNamed('updateSession'), { status: 204, headers, body: '' }), []);
});

t.test('where an answer is wrong is told by its path, with what was expected', async (t) => {
  const faults = (name: string, answer: Omit<Answered, 'headers'>) =>
    answerFaults(operationNamed(name), { headers: json, ...answer }).map(({ text: _, ...fault }) => fault);
  const missing = [
    'klarna_reference',
    'captured_amount',
    'captured_at',
    'description',
    'order_lines',
    'refunded_amount',
    'billing_address',
  ];
  t.strictSame(faults('listCaptures', { status: 200, body: [{ capture_id: 1 }] }), [
    ...missing.map((name) => ({ path: `$.body[0].${name}`, expected: 'a value', got: undefined })),
    { path: '$.body[0].capture_id', expected: 'a value of type string', got: 1 },
  ]);
  t.strictSame(faults('readSession', { status: 200, body: null }), [
    { path: '$.body', expected: 'a value of type object', got: null },
  ]);
  t.matchLists(faults('readSession', { status: 201, body: {} }), [
    { path: '$.status', expected: 'one of 200, 400, 401, 403, 404, 405, 429, 500', got: 201 },
  ]);
});

t.test('an answer of several media types is judged by its own', async (t) => {
  const operation = operationNamed('readOrder');
  t.strictSame(operation.answers.get(400)?.contentTypes, ['application/json', 'text/html']);
  t.strictSame(operation.answers.get(401)?.contentTypes, ['text/html']);
  t.strictSame(operationNamed('cancelOrder').answers.get(204)?.contentTypes, []);
  const page = (contentType?: string, status = 400) =>
    checkAnswer(operation, { status, headers: { ...headers, 'content-type': contentType }, body: '<!doctype html>' });
  t.strictSame(page('text/html;charset=utf-8'), []);
  t.matchLists(page('application/json'), [/^body: given "<!doctype html>", expected a value of type object/]);
  t.strictSame(
    page('text/html', 403),
    ['header Content-Type: given "text/html", expected application/json'],
    'no page here',
  );
  t.strictSame(page('text/plain'), ['header Content-Type: given "text/plain", expected application/json or text/html']);
  t.strictSame(page(), ['header Content-Type: given nothing, expected application/json or text/html']);
});

t.test('a JSON body where the gateway has a page is caught', async (t) => {
  const page = { 'www-authenticate': 'Basic realm="very closed site"', 'content-type': 'text/html' };
  const judge = (more: object) =>
    checkAnswer(operationNamed('readOrder'), { status: 401, headers: { ...page, ...more }, body: '' });
  t.strictSame(judge({}), []);
  t.strictSame(judge({ 'content-type': 'application/json' }), [
    'header Content-Type: given "application/json", expected text/html',
  ]);
  t.strictSame(judge({ 'www-authenticate': 'Basic' }), [
    'header WWW-Authenticate: given "Basic", expected "Basic realm=\\"very closed site\\""',
  ]);
});

t.test('queries', async (t) => {
  const operation = operationNamed('listOrders');
  t.strictSame(checkQuery(operation, {}), { query: { limit: 100 } });
  t.strictSame(checkQuery(operation, { limit: '7', after: 'x', other: '1' }), {
    query: { limit: 7, after: 'x', other: '1' },
  });
  t.matchLists(checkQuery(operation, { limit: 'many' }), {
    violations: [{ field: 'limit', text: 'limit: given "many", expected a value of type integer' }],
  });
});

t.test('a name that no contract has is our mistake', async (t) => {
  t.throws(() => operationNamed('createCheckout'), /No contract has an operation createCheckout/);
  t.strictSame(bodyFields(operationNamed('readSession')), []);
});

t.test('headers that proxies change are not judged, those beside them are', async (t) => {
  const framing = [
    'Age',
    'Connection',
    'Content-Encoding',
    'Content-Length',
    'Date',
    'Keep-Alive',
    'Proxy-Authenticate',
    'Proxy-Connection',
    'Server',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Vary',
    'Via',
  ];
  const beside = ['WWW-Authenticate', 'Content-Type', 'Location', 'Retry-After', 'X-Date', 'Server-Timing', 'ETag'];
  t.strictSame(judgedHeaders({ headers: [...framing, ...beside] }), beside);
  for (const name of framing) t.strictSame(judgedHeaders({ headers: [name.toLowerCase()] }), [], name);
});

t.test('what a shape lacks is told in our words and in those of Order Management', async (t) => {
  const schema = {
    type: 'object',
    required: ['needed'],
    additionalProperties: false,
    properties: {
      needed: {},
      kind: { enum: ['a', 'b'] },
      only: { const: 'c' },
      when: { type: 'string', format: 'date' },
      few: { type: 'array', maxItems: 1 },
      some: { type: 'array', minItems: 2, maxItems: 5 },
      short: { type: 'string', maxLength: 3 },
      long: { type: 'string', minLength: 4, maxLength: 6 },
      low: { type: 'integer', maximum: 7 },
      high: { type: 'integer', minimum: 8 },
      word: { type: 'string', pattern: '^x+$' },
      list: { type: 'array', items: { type: 'object', properties: { 'a/b': { type: 'boolean' } } } },
      odd: { type: 'integer', multipleOf: 2 },
    },
  };
  const told = (value: object) =>
    check(compileText(schema, 'sandbox'))(value).map((fault) => [tell(fault), beanWords(fault.error)]);
  const cases: [value: object, ours: string, theirs: string][] = [
    [{ kind: 'c' }, 'kind: given "c", expected one of a, b', `'kind' must match "a|b"`],
    [{ only: 'd' }, 'only: given "d", expected "c"', "'only' is not valid"],
    [{ when: 'soon' }, 'when: given "soon", expected the format date', "'when' is not valid"],
    [{ few: [1, 2] }, 'few: given [1,2], expected at most 1 entries', size('few', 0, 1)],
    [{ some: [1] }, 'some: given [1], expected at least 2 entries', size('some', 2, 5)],
    [{ short: 'four' }, 'short: given "four", expected at most 3 characters', size('short', 0, 3)],
    [{ long: 'abc' }, 'long: given "abc", expected at least 4 characters', size('long', 4, 6)],
    [{ low: 8 }, 'low: given 8, expected at most 7', "'low' must be less than or equal to 7"],
    [{ high: 7 }, 'high: given 7, expected at least 8', "'high' must be greater than or equal to 8"],
    [{ word: 'xy' }, 'word: given "xy", expected text that matches ^x+$', `'word' must match "x+"`],
    [
      { list: [{}, { 'a/b': 'c' }] },
      'list[1].a/b: given "c", expected a value of type boolean',
      "'list/a~1b' must be of type boolean",
    ],
    [{ extra: 1 }, 'extra: given 1, expected no such field', "'body' is not valid"],
    [{ odd: 3 }, 'odd: given 3, expected must be multiple of 2', "'odd' is not valid"],
  ];
  for (const [value, ours, theirs] of cases) t.strictSame(told({ needed: 1, ...value }), [[ours, theirs]], ours);
  t.strictSame(told({}), [['needed: given nothing, expected a value', "'needed' must not be null"]]);
  function size(name: string, least: number, most: number) {
    return `The size of the ${name} value must be between ${least} and ${most}`;
  }
});

t.test('a value is shown whole up to 80 characters', async (t) => {
  t.equal(shown('x'.repeat(78)), `"${'x'.repeat(78)}"`);
  t.equal(shown('x'.repeat(79)), `"${'x'.repeat(79)}…`);
  t.equal(shown(undefined), 'nothing');
  t.equal(tell({ field: '', given: null, expected: 'more' }), 'body: given null, expected more');
});

t.test('a call that is known and not served is told by method and path', async (t) => {
  const path = '/ordermanagement/v1/orders/a/captures/b/customer-details';
  for (const written of [path, `${path}/`, path.replaceAll('/', '//')]) {
    t.match(notServedAt('PATCH', written), { grade: 'reported', says: /one capture/ }, written);
  }
  for (const [method, other] of [
    ['PUT', path],
    ['PATCH', `${path}/c`],
    ['PATCH', `/x${path}`],
    ['PATCH', path.replace('/captures/b', '/captures')],
  ] as const) {
    t.equal(notServedAt(method, other), undefined, `${method} ${other}`);
  }
});

t.test('a field is named as it is spelt, whatever signs are in it', async (t) => {
  const schema = { type: 'object', additionalProperties: { type: 'array', items: { type: 'integer' } } };
  const fields = (value: unknown) => check(compileText(schema, 'payments'))(value).map(({ field }) => field);
  t.strictSame(fields({ 'a~b': ['x'], 'c/d': [1, 'x'], '~1': ['x'] }), ['a~b[0]', 'c/d[1]', '~1[0]']);
});

t.test('an answer names its exchange as its header does', async (t) => {
  const ids = ['9c5e0f3a-41b7-4d26-8f19-a6b3d7c2e850', '0b2f6a1c-7d3e-4f58-9a06-b1c2d3e4f5a6'];
  const [known, other] = ids as [string, string];
  const body = { error_code: 'NOT_FOUND', error_messages: ['Invalid session id'], correlation_id: other };
  const headers = { 'Klarna-Correlation-Id': known, 'Content-Type': 'application/json' };
  const found = answerFaults(operationNamed('readSession'), { status: 404, headers, body });
  t.strictSame(
    found.filter(({ path }) => path === '$.body.correlation_id'),
    [
      {
        path: '$.body.correlation_id',
        text: `correlation_id: given "${other}", expected ${known}, as in the header Klarna-Correlation-Id`,
        expected: `${known}, as in the header Klarna-Correlation-Id`,
        got: other,
      },
    ],
  );
});

t.test('the query of an operation is what its contract has in the query', async (t) => {
  const queries = [...operations.values()].map(({ name, query }) => [name, Object.keys(query)] as const);
  t.strictSame(
    queries.filter(([, names]) => names.length > 0),
    [
      ['listSessions', ['limit', 'after']],
      ['listAuthorizations', ['limit', 'after']],
      ['listCustomerTokens', ['limit', 'after']],
      ['listOrders', ['limit', 'after']],
      ['listHostedSessions', ['limit', 'after']],
      ['readJournal', ['operation', 'status', 'limit', 'after']],
      ['followEvents', ['after']],
      ['readReport', ['off', 'merchants']],
      ['listCallbacks', ['on', 'limit', 'after']],
      ['listDue', ['limit', 'after']],
      ['readScenarioText', ['name']],
      ['listMerchants', ['limit', 'after']],
    ],
  );
});
