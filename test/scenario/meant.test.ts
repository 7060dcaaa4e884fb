import { durationMeant, instantMeant, isYes, wrongKind } from '../../src/scenario/meant.js';
import t from '../tap.js';

t.test('durations and instants that people write', async (t) => {
  for (const [text, meant] of [
    ['1 month', 'P1M'],
    ['2 Months', 'P2M'],
    ['3mon', 'P3M'],
    ['1 week', 'P1W'],
    ['10 d', 'P10D'],
    ['4 hrs', 'PT4H'],
    ['1 minute', 'PT1M'],
    ['30 secs', 'PT30S'],
    ['5m', 'PT5M'],
    ['pt5m', 'PT5M'],
    ['P90S', 'PT90S'],
    ['P1D2H', 'P1DT2H'],
    ['a month', undefined],
    ['5 shoes', undefined],
    ['1.5 h', undefined],
    ['5', undefined],
    ['', undefined],
  ] as const) {
    t.equal(durationMeant(text), meant, text);
  }
  for (const [text, meant] of [
    ['2026-03-01', '2026-03-01T00:00:00Z'],
    ['2026-03-01 09:30', '2026-03-01T09:30:00Z'],
    ['2026-03-01T09:30:15', '2026-03-01T09:30:15Z'],
    ['2026-03-01 09:30:15+01:00', '2026-03-01T09:30:15+01:00'],
    ['09:30', undefined],
    ['1.3.2026', undefined],
  ] as const) {
    t.equal(instantMeant(text), meant, text);
  }
});

t.test('yes and no', async (t) => {
  for (const word of ['yes', 'Y', 'on', 'TRUE', true]) t.equal(isYes(word), 'true', String(word));
  for (const word of ['no', 'N', 'off', 'False', false]) t.equal(isYes(word), 'false', String(word));
  for (const word of ['maybe', 1, null, undefined]) t.equal(isYes(word), undefined, String(word));
});

t.test('a value of another kind', async (t) => {
  t.equal(wrongKind(['string'], 7, 'source'), 'must be text, not 7; write "7"');
  t.equal(wrongKind(['string'], {}, 'source'), 'must be text, not a mapping');
  t.equal(wrongKind(['boolean'], 'maybe', 'commit'), 'must be true or false, not the text "maybe"');
  t.equal(wrongKind(['boolean'], 'no', 'commit'), 'must be true or false, not the text "no"; write false');
  t.equal(wrongKind(['integer'], 'three', 'times'), 'must be a whole number, not the text "three"');
  t.equal(wrongKind(['object'], 'x', 'headers'), 'must be a mapping, not the text "x"');
  t.equal(wrongKind(['object'], ['x'], 'headers'), 'must be a mapping, not a list; leave the dash out');
  t.equal(wrongKind(['object'], 'readClock', '0'), 'must be a mapping, not the text "readClock"; write readClock:');
  t.equal(
    wrongKind(['object', 'null'], 1, 'readClock'),
    'must be a mapping or empty, not 1',
    'an operation without parameters has no example',
  );
  t.equal(
    wrongKind(['object'], null, 'readRefund'),
    'must be a mapping, not empty; such as readRefund: { path: { order_id: "${order_id}", refund_id: "${refund_id}" } }',
  );
  t.equal(
    wrongKind(['array'], null, undefined),
    'must be a list, not empty; begin each of its items with a dash and a space',
  );
});
