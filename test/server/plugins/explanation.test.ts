import fc from 'fast-check';
import { consoleJson, consoleLine } from '../../../src/report/console.js';
import { EXPLAIN_LIMIT, explainHeader } from '../../../src/server/plugins/explanation.js';
import { holds } from '../../property.js';
import t from '../../tap.js';

t.test('explanation', async (t) => {
  t.test('is one line of printable ASCII', async (t) => {
    t.equal(explainHeader('order-total', 'given 1, expected 2'), 'order-total: given 1, expected 2');
    t.equal(explainHeader('shape', 'Åsa\r\n😀\ud800\u007f'), 'shape: \\u{c5}sa\\u{d}\\u{a}\\u{1f600}\\u{d800}\\u{7f}');
  });

  t.test('never breaks a header, never exceeds 1024 bytes, never ends within an escape', async (t) => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('\ud800', '\udc00', '\\', 'é', 'ascii '),
    );
    const text = fc.array(unit, { maxLength: 400 }).map((units) => units.join(''));
    holds(
      t,
      fc.property(text, fc.nat(60), (given, times) => {
        const header = explainHeader('shape', given.repeat(1 + (times % 5)) + 'x'.repeat(times));
        const withinEscape = /\\u\{[0-9a-f]*\.\.\.$/.test(header.replaceAll(/\\u\{[0-9a-f]+\}/g, ''));
        return header.length <= EXPLAIN_LIMIT && /^shape: [\x20-\x7e]*$/.test(header) && !withinEscape;
      }),
      { numRuns: 200 },
    );
  });

  t.test('is cut at the end, and only when it is too long', async (t) => {
    const most = 'x'.repeat(EXPLAIN_LIMIT - 'shape: '.length);
    t.equal(explainHeader('shape', most), `shape: ${most}`);
    t.equal(explainHeader('shape', `${most.slice(0, -6)}é`), `shape: ${most.slice(0, -6)}\\u{e9}`);
    t.equal(explainHeader('shape', `${most}x`), `shape: ${most.slice(0, -3)}...`);
    t.equal(explainHeader('shape', `${most.slice(0, -8)}éé`), `shape: ${most.slice(0, -8)}...`);
    t.equal(explainHeader('shape', 'é'.repeat(1_000_000)).length, 'shape: '.length + 169 * 6 + 3);
  });

  t.test('the console gets one line that no text can break', async (t) => {
    t.equal(consoleLine({ method: 'GET', path: '/p', status: 200, ms: 1.26 }), 'GET /p 200 1.3 ms');
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
    t.equal(
      consoleLine({ method: 'GET', path: 'x'.repeat(5_000), status: 404, ms: 1 }).length,
      'GET '.length + 203 + ' 404 1.0 ms'.length,
    );
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
