import t from 'tap';
import { completeExample, documentWithExamples } from '../src/contract/examples.js';
import { bodyFields, operationNamed, operations } from '../src/contract/operations.js';
import { checkAnswer, checkBody, checkQuery } from '../src/contract/validate.js';

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
          examples: { usual: {}, complete: { value: { step_up_id: String } } },
        },
      },
    },
  });
});

t.test('answers are judged by status, headers and body', async (t) => {
  const operation = operationNamed('readCustomerToken');
  const headers = {
    'klarna-correlation-id': 'a',
    'x-ratelimit-limit': '1',
    'x-ratelimit-remaining': '1',
    'x-ratelimit-reset': '1',
  };
  const body = { payment_method_type: 'INVOICE', status: 'ACTIVE' };
  t.same(checkAnswer(operation, { status: 200, headers, body }), []);
  t.same(checkAnswer(operation, { status: 200, headers: {}, body }).length, 4, 'headers that are missing');
  t.match(checkAnswer(operation, { status: 200, headers, body: { ...body, stray: 1 } }), [
    /^stray: given 1, expected no such field/,
  ]);
  t.match(checkAnswer(operation, { status: 200, headers, body: { status: 'ACTIVE' } }), [
    /^payment_method_type: given nothing/,
  ]);
  t.match(checkAnswer(operation, { status: 418, headers, body }), [/418/]);
  t.match(checkAnswer(operationNamed('updateSession'), { status: 204, headers, body }), [
    /a body .* where the contract has none/,
  ]);
  t.same(checkAnswer(operationNamed('updateSession'), { status: 204, headers, body: '' }), []);
});

t.test('an answer of several media types is judged by its own', async (t) => {
  const operation = operationNamed('readOrder');
  t.same(operation.answers.get(400)?.contentTypes, ['application/json', 'text/html']);
  t.same(operation.answers.get(401)?.contentTypes, ['text/html']);
  t.same(operationNamed('cancelOrder').answers.get(204)?.contentTypes, []);
  const page = (contentType: string, status = 400) => {
    const headers = {
      'content-type': contentType,
      'klarna-correlation-id': 'a',
      'x-ratelimit-limit': '1',
      'x-ratelimit-remaining': '1',
      'x-ratelimit-reset': '1',
    };
    return checkAnswer(operation, { status, headers, body: '<!doctype html>' });
  };
  t.same(page('text/html;charset=utf-8'), []);
  t.match(page('application/json'), [/^body: given "<!doctype html>", expected a value of type object/]);
  t.match(page('text/html', 403), [/^body: given "<!doctype html>"/], 'no page here');
  t.match(page('text/plain'), [/^body: given "<!doctype html>"/], 'no such type');
});

t.test('queries', async (t) => {
  const operation = operationNamed('listOrders');
  t.same(checkQuery(operation, {}), { query: { limit: 20 } });
  t.same(checkQuery(operation, { limit: '7', after: 'x', other: '1' }), {
    query: { limit: 7, after: 'x', other: '1' },
  });
  t.match(checkQuery(operation, { limit: 'many' }), {
    violations: [{ field: 'limit', text: 'limit: given "many", expected a value of type integer' }],
  });
});

t.test('a name that no contract has is our mistake', async (t) => {
  t.throws(() => operationNamed('createCheckout'), /No contract has an operation createCheckout/);
  t.same(bodyFields(operationNamed('readSession')), []);
});
