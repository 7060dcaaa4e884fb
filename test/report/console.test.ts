import { consoleJson, consoleLine } from '../../src/report/console.js';
import t from '../tap.js';

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
    const lineFor = (path: string) => consoleLine({ method: 'GET', path, status: 404, ms: 1 });
    t.equal(lineFor('x'.repeat(200)), `GET ${'x'.repeat(200)} 404 1.0 ms`);
    t.equal(lineFor('x'.repeat(201)), `GET ${'x'.repeat(200)}... 404 1.0 ms`, 'a longer path is cut');
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
  });
});
