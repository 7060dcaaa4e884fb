import { type ConsoleCallback, consoleJson, consoleLine } from '../../src/report/console.js';
import t from '../tap.js';

const attempt: ConsoleCallback['callback'] = {
  callback_id: 'e4d1b7f0-6c25-4a98-8b3e-f29a507d1c86',
  on: 'push',
  url: 'http://127.0.0.1:8080/push?order=1',
  at: '2026-03-02T09:07:00.000Z',
  attempt: 1,
  result: { status: 200 },
};

t.test('console', async (t) => {
  t.test('the console gets one line that no text can break', async (t) => {
    t.equal(consoleLine({ method: 'GET', path: '/p', status: 200, ms: 1.26 }), 'GET /p 200 1.3 ms');
    t.equal(
      consoleLine({ method: 'GET', path: '/p', status: 200, ms: 1, explanation: 'shape: a', warning: 'b' }),
      'GET /p 200 1.0 ms  shape: a  warning: b',
    );
    t.equal(
      consoleLine({
        method: 'POST',
        path: '/\u001b[2J',
        status: 400,
        ms: 0,
        explanation: 'shape: Åsa\n\u202e\u0085\ud800',
      }),
      'POST /\\u{1b}[2J 400 0.0 ms  shape: Åsa\\u{a}\\u{202e}\\u{85}\\u{d800}',
    );
    const called = { method: 'GET', path: '/p', status: 200, ms: 1 };
    t.equal(consoleLine({ exchange: 12, merchant: 'shop', ...called }), '#12 shop  GET /p 200 1.0 ms');
    t.equal(consoleLine({ merchant: 'sh\u001bop', ...called }), 'sh\\u{1b}op  GET /p 200 1.0 ms', 'in no journal');
    t.equal(consoleLine({ merchant: 'm'.repeat(61), ...called }), `${'m'.repeat(60)}...  GET /p 200 1.0 ms`);
    const lineFor = (path: string) => consoleLine({ method: 'GET', path, status: 404, ms: 1 });
    t.equal(lineFor('x'.repeat(200)), `GET ${'x'.repeat(200)} 404 1.0 ms`);
    t.equal(lineFor('x'.repeat(201)), `GET ${'x'.repeat(200)}... 404 1.0 ms`, 'a longer path is cut');
  });

  t.test('a callback gets one line as well, with the result of the attempt', async (t) => {
    const lineOf = (more: Partial<ConsoleCallback['callback']>) =>
      consoleLine({ merchant: 'shop', callback: { ...attempt, ...more } });
    t.equal(lineOf({}), 'shop  callback → POST http://127.0.0.1:8080/push?order=1 push 200');
    t.equal(
      lineOf({ attempt: 2, unexpected: true, result: { status: 500 } }),
      'shop  callback → POST http://127.0.0.1:8080/push?order=1 push 500  attempt 2  the scenario expects another answer',
    );
    const address = 'shop  callback → POST http://127.0.0.1:8080/push?order=1 push';
    t.equal(lineOf({ result: { error: 'no answer within 2 s' } }), `${address} failed: no answer within 2 s`);
    t.equal(lineOf({ result: { dropped: true } }), `${address} not sent: the scenario loses it on the way`);
    t.equal(lineOf({ result: { refused: 'no\u001b' } }), `${address} not sent: no\\u{1b}`);
    t.match(lineOf({ url: `http://h/${'x'.repeat(200)}` }), /POST http:\/\/h\/x{191}\.\.\. push 200$/);
  });

  t.test('as JSON it says the same, escaped where a terminal would obey', async (t) => {
    const entry = {
      method: 'POST',
      path: '/\u001b\u007f\u009b',
      status: 400,
      ms: 1.26,
      explanation: 'Å \u{e0001} \u2028',
    };
    const line = consoleJson(entry);
    t.strictSame(JSON.parse(line), { ...entry, ms: 1.3 });
    t.match(line, /^\{"method":"POST","path":"\/\\u001b\\u007f\\u009b"/);
    t.match(line, /Å \\udb40\\udc01 \\u2028/);
    const { merchant, exchange, ...rest } = JSON.parse(consoleJson({ ...entry, merchant: 'shop', exchange: 7 }));
    t.strictSame([merchant, exchange, rest], ['shop', 7, { ...entry, ms: 1.3 }]);
    const called = { merchant: 'shop', callback: attempt };
    t.strictSame(JSON.parse(consoleJson(called)), called);
  });
});
