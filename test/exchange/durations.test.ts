import { isWholeDuration, readDelay, readShift, writeDuration, writeSeconds } from '../../src/exchange/durations.js';
import t from '../tap.js';

t.test('a delay is minutes and seconds, in whole milliseconds', async (t) => {
  t.strictSame(
    ['PT0S', 'PT2S', 'PT1M', 'PT1M0.5S', 'PT0.001S', 'PT1.001S'].map(readDelay),
    [0, 2000, 60_000, 60_500, 1, 1001],
  );
  for (const text of ['', 'P', 'PT', 'P1D', 'PT1H', 'P1M', 'PT0.5M', 'PT0.0001S', 'PT1,5S', '-PT1S', 'PT1S ']) {
    t.ok(Number.isNaN(readDelay(text)), text);
  }
  t.ok(readDelay(`PT${'9'.repeat(30)}S`) > 1e30, 'more digits than a number holds exactly');
});

t.test('a shift goes by the calendar, and drops what is less than a millisecond', async (t) => {
  const start = Date.UTC(2026, 0, 31, 12);
  const after = async (text: string) => new Date((await readShift(text))?.(start) as number).toISOString();
  t.equal(await after('P1M'), '2026-02-28T12:00:00.000Z');
  t.equal(await after('P1Y2W3DT4H5M6,789S'), '2027-02-17T16:05:06.789Z');
  t.equal(await after('PT1.0019S'), '2026-01-31T12:00:01.001Z');
  t.equal(await after('P0.5D'), '2026-02-01T00:00:00.000Z');
  for (const text of ['', 'P', 'PT', 'P1DT', '-P1D', 'P1,5D', `P${'9'.repeat(400)}Y`]) {
    t.equal(await readShift(text), undefined, text);
  }
});

t.test('durations are written in the units of a person, or in seconds', async (t) => {
  t.strictSame([999, 60_000, 3_600_000, 90_061_000, 86_400_000].map(writeDuration), [
    'PT1S',
    'PT1M',
    'PT1H',
    'P1DT1H1M1S',
    'P1D',
  ]);
  t.strictSame([2500, 60_000, 60_001].map(writeSeconds), ['PT2.5S', 'PT60S', 'PT60.001S']);
  t.strictSame(['P1Y2M3DT4H5M6S', 'P2W', 'PT0.5S', 'PT', 'P1D '].map(isWholeDuration), [
    true,
    true,
    false,
    false,
    false,
  ]);
});
