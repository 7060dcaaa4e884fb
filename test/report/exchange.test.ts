import type { NumberedExchange } from '../../src/exchange/exchange.js';
import { exchangeLine, renderExchange } from '../../src/report/exchange.js';
import t from '../tap.js';

const exchange: NumberedExchange = {
  number: 12,
  at: '2026-03-02T09:04:00.000Z',
  method: 'POST',
  path: '/payments/v1/sessions',
  operation: 'createSession',
  status: 400,
  duration_ms: 1.44,
  correlation_id: '9c5e0f3a-41b7-4d26-8f19-a6b3d7c2e850',
  request: { headers: { authorization: '[redacted]' }, body: { purchase_country: 'SE' } },
  response: { headers: { 'Content-Type': 'application/json' }, body: { error_code: 'BAD_VALUE' } },
  explanation: { rule: 'order-total', evidence: 'recorded', text: 'order_amount: given 1, expected 2' },
};

t.test('an exchange in one line is the line of the console', (t) => {
  t.equal(
    exchangeLine(exchange, 'shop'),
    '#12 shop  POST /payments/v1/sessions 400 1.4 ms  order-total: order_amount: given 1, expected 2',
  );
  t.end();
});

t.test('an exchange as a whole', (t) => {
  const callback = {
    callback_id: 'e4d1b7f0-6c25-4a98-8b3e-f29a507d1c86',
    on: 'push',
    url: 'http://127.0.0.1:8080/push',
    at: '2026-03-02T09:07:00.000Z',
    attempt: 1,
    result: { status: 200 },
  } as const;
  const posted = { ...callback, on: 'notification', attempt: 2, body: { order_id: 'b' } } as const;
  t.equal(
    renderExchange({ ...exchange, scripted: { error: 'BAD_VALUE' } }, 'shop', [callback, posted]),
    [
      '#12 shop  POST /payments/v1/sessions 400 1.4 ms',
      "createSession, 2026-03-02T09:04:00.000Z on the merchant's clock, correlation id 9c5e0f3a-41b7-4d26-8f19-a6b3d7c2e850",
      '',
      'Why: order-total: order_amount: given 1, expected 2',
      '     The order_amount is the sum of the lines’ total_amount.',
      '     recorded (playground recordings 2021)',
      '',
      'By the scenario: {"error":"BAD_VALUE"}',
      '',
      'Request',
      '  authorization: [redacted]',
      '',
      '  {',
      '    "purchase_country": "SE"',
      '  }',
      '',
      'Answer 400',
      '  Content-Type: application/json',
      '',
      '  {',
      '    "error_code": "BAD_VALUE"',
      '  }',
      '',
      'Callbacks',
      '  push, attempt 1, 2026-03-02T09:07:00.000Z: POST http://127.0.0.1:8080/push 200',
      '  notification, attempt 2, 2026-03-02T09:07:00.000Z: POST http://127.0.0.1:8080/push 200  {"order_id":"b"}',
      '',
    ].join('\n'),
  );
  t.end();
});

t.test('what there is not is left out', (t) => {
  const { explanation: _, operation: __, correlation_id: ___, ...rest } = exchange;
  const bare = { ...rest, status: 0, request: { headers: {} }, response: { headers: {} } };
  t.equal(
    renderExchange(bare, 'shop', []),
    [
      '#12 shop  POST /payments/v1/sessions 0 1.4 ms',
      "no operation, 2026-03-02T09:04:00.000Z on the merchant's clock",
      '',
      'Request',
      '',
      'No answer, or none that came whole',
      '',
    ].join('\n'),
  );
  t.end();
});

t.test('an answer without a reason has the evidence of its contract; one of the control API has none', (t) => {
  const { explanation: _, ...rest } = exchange;
  const lookOf = (more: Partial<NumberedExchange>) => renderExchange({ ...rest, ...more }, 'shop', []);
  t.match(lookOf({ status: 200 }), /\nKlarna answers so: recorded \(.+\)\n\nRequest\n/);
  t.notMatch(lookOf({ status: 299 }), /Klarna answers so/);
  t.notMatch(lookOf({ operation: 'advanceClock', status: 200 }), /Klarna answers so/);
  t.end();
});

t.test(
  'a reason of another version is shown as far as it is known, texts as they can be shown, a body as it was kept',
  (t) => {
    const explanation = { rule: 'of-tomorrow', evidence: 'docs', text: 'a\u001bb' } as never;
    const request = { headers: { 'x-a': '\u202e' }, body: 'x\u001b\ny', cut: true } as const;
    t.match(
      renderExchange({ ...exchange, explanation, request }, 'shop', []),
      'Why: of-tomorrow: a\\u{1b}b\n     docs\n\nRequest\n  x-a: \\u{202e}\n\n  x\\u{1b}\n  y\n  … (too long to be kept)\n',
    );
    t.end();
  },
);
