import { type Answered, answerFaults } from '../src/contract/answers.js';
import { completeExample, documentWithExamples } from '../src/contract/examples.js';
import { bodyFields, operationNamed, operations } from '../src/contract/operations.js';
import { checkAnswer, checkBody, checkQuery } from '../src/contract/validate.js';
import t from './tap.js';

t.test('the complete example of a request has every field and keeps to the contract', async (t) => {
  for (const operation of operations.values()) {
    const example = await completeExample(operation);
    if (!operation.request) {
      t.equal(example, undefined, operation.name);
      continue;
    }
    t.same(checkBody(operation, example), { body: example }, operation.name);
    const readOnly = [
      'authorization_token',
      'client_token',
      'expires_at',
      'payment_method_categories',
      'status',
      'usage',
    ];
    const fields = bodyFields(operation).filter(
      (name) => !readOnly.includes(name) || operation.name === 'updateCustomerTokenStatus',
    );
    t.same(Object.keys(example as object).sort(), fields.sort(), operation.name);
  }
});

t.test('the documentation shows the written example and the complete one', async (t) => {
  const document = await documentWithExamples('payments');
  t.match(document.paths['/payments/v1/sessions']?.post, {
    requestBody: {
      content: {
        'application/json': {
          example: undefined,
          examples: { usual: Object, complete: { value: { step_up_id: String } } },
        },
      },
    },
  });
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
  t.same(checkAnswer(operation, { status: 200, headers: json, body }), []);
  t.matchLists(checkAnswer(operation, { status: 200, headers: { 'content-type': 'application/json' }, body }), [
    'header Klarna-Correlation-Id is missing',
    ...Array(3).fill(/^header X-Ratelimit-\w+ is missing$/),
  ]);
  t.same(checkAnswer(operation, { status: 200, headers: { ...json, 'x-ratelimit-limit': 'many' }, body }), [
    'header X-Ratelimit-Limit: given "many", expected text that matches ^[0-9]+, [0-9]+;w=1$',
  ]);
  t.same(checkAnswer(operation, { status: 200, headers: json, body: { ...body, status: 'active' } }), [
    'status: given "active", expected one of ACTIVE, SUSPENDED, CANCELLED',
  ]);
  t.matchLists(checkAnswer(operation, { status: 200, headers: json, body: { ...body, stray: 1 } }), [
    /^stray: given 1, expected no such field/,
  ]);
  t.matchLists(checkAnswer(operation, { status: 200, headers: json, body: { status: 'ACTIVE' } }), [
    /^payment_method_type: given nothing/,
  ]);
  t.matchLists(checkAnswer(operation, { status: 418, headers: json, body }), [/418/]);
  t.same(checkAnswer(operationNamed('updateSession'), { status: 204, headers, body: { a: 1 } }), [
    'body: given {"a":1}, expected no body',
  ]);
  t.same(checkAnswer(operationNamed('updateSession'), { status: 204, headers, body: '' }), []);
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
  t.same(faults('listCaptures', { status: 200, body: [{ capture_id: 1 }] }), [
    ...missing.map((name) => ({ path: `$.body[0].${name}`, expected: 'a value', got: undefined })),
    { path: '$.body[0].capture_id', expected: 'a value of type string', got: 1 },
  ]);
  t.same(faults('readSession', { status: 200, body: null }), [
    { path: '$.body', expected: 'a value of type object', got: null },
  ]);
  t.matchLists(faults('readSession', { status: 201, body: {} }), [
    { path: '$.status', expected: 'one of 200, 400, 401, 403, 404, 405, 429, 500', got: 201 },
  ]);
});

t.test('an answer of several media types is judged by its own', async (t) => {
  const operation = operationNamed('readOrder');
  t.same(operation.answers.get(400)?.contentTypes, ['application/json', 'text/html']);
  t.same(operation.answers.get(401)?.contentTypes, ['text/html']);
  t.same(operationNamed('cancelOrder').answers.get(204)?.contentTypes, []);
  const page = (contentType?: string, status = 400) =>
    checkAnswer(operation, { status, headers: { ...headers, 'content-type': contentType }, body: '<!doctype html>' });
  t.same(page('text/html;charset=utf-8'), []);
  t.matchLists(page('application/json'), [/^body: given "<!doctype html>", expected a value of type object/]);
  t.same(page('text/html', 403), ['header Content-Type: given "text/html", expected application/json'], 'no page here');
  t.same(page('text/plain'), ['header Content-Type: given "text/plain", expected application/json or text/html']);
  t.same(page(), ['header Content-Type: given nothing, expected application/json or text/html']);
});

t.test('a JSON body where the gateway has a page is caught', async (t) => {
  const page = { 'www-authenticate': 'Basic realm="very closed site"', 'content-type': 'text/html' };
  const judge = (more: object) =>
    checkAnswer(operationNamed('readOrder'), { status: 401, headers: { ...page, ...more }, body: '' });
  t.same(judge({}), []);
  t.same(judge({ 'content-type': 'application/json' }), [
    'header Content-Type: given "application/json", expected text/html',
  ]);
  t.same(judge({ 'www-authenticate': 'Basic' }), [
    'header WWW-Authenticate: given "Basic", expected "Basic realm=\\"very closed site\\""',
  ]);
});

t.test('queries', async (t) => {
  const operation = operationNamed('listOrders');
  t.same(checkQuery(operation, {}), { query: { limit: 20 } });
  t.same(checkQuery(operation, { limit: '7', after: 'x', other: '1' }), {
    query: { limit: 7, after: 'x', other: '1' },
  });
  t.matchLists(checkQuery(operation, { limit: 'many' }), {
    violations: [{ field: 'limit', text: 'limit: given "many", expected a value of type integer' }],
  });
});

t.test('a name that no contract has is our mistake', async (t) => {
  t.throws(() => operationNamed('createCheckout'), /No contract has an operation createCheckout/);
  t.same(bodyFields(operationNamed('readSession')), []);
});
