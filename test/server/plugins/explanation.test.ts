import fc from 'fast-check';
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
});
