import { InvalidArgumentError } from 'commander';
import { readJournalLength, readMemorySize, readProxies } from '../../src/cli/place.js';
import t from '../tap.js';

t.test('proxies are read from a list, and an option that is given again adds to it', async (t) => {
  t.strictSame(readProxies('10.0.0.0/8, loopback', readProxies('192.0.2.7')), ['192.0.2.7', '10.0.0.0/8', 'loopback']);
  t.throws(() => readProxies('10.0.0.0/99'), InvalidArgumentError);
});

t.test('numbers out of their range are refused', async (t) => {
  t.equal(readJournalLength('5'), 5);
  for (const text of ['0', '-1', 'x', '100001']) t.throws(() => readJournalLength(text), InvalidArgumentError, text);
  t.equal(readMemorySize('16MB'), 16 * 1024 * 1024);
  for (const text of ['15MB', 'x', '-1']) t.throws(() => readMemorySize(text), InvalidArgumentError, text);
});
