import { Journal, KEPT } from '../../../src/browser/live/journal.js';
import { makeTest } from '../../../src/browser/live/search.js';
import t from '../../tap.js';
import { exchange } from './exchange.js';

const refused = exchange({
  number: 2,
  status: 400,
  explanation: { rule: 'order-total', evidence: 'recorded', text: 'order_amount: given 1' },
});
const control = exchange({ number: 3, path: '/sandbox/v1/clock/advance', operation: 'advanceClock' });
const unanswered = exchange({ number: 4, status: 0 });
const all = [exchange(), refused, control, unanswered];

t.test('exchanges are found by words, fields, and what they are not', async (t) => {
  const found = (text: string, more = {}) => all.filter(makeTest({ text, ...more })).map(({ number }) => number);
  t.strictSame(found(''), [1, 2, 3, 4]);
  t.strictSame(found('6f1c8a52'), [1, 2, 3, 4], 'in answers');
  t.strictSame(found('SEK createsession'), [1, 2, 4], 'every word, in any case');
  t.strictSame(found('status:4xx'), [2]);
  t.strictSame(found('status:400'), [2]);
  t.strictSame(found('op:advance'), [3]);
  t.strictSame(found('rule:order'), [2]);
  t.strictSame(found('-op:create'), [3]);
  t.strictSame(found('-status:2xx'), [2, 4]);
  t.strictSame(found('#3'), [3]);
  t.strictSame(found('unknown:word'), []);
  t.strictSame(found('constructor:x'), []);
  t.strictSame(found('', { refused: true }), [2, 4]);
  t.strictSame(found('', { klarnas: true }), [1, 2, 4]);
});

t.test('a new exchange is looked at alone, and one that came before is not added again', async (t) => {
  const journal = new Journal();
  for (const each of all) journal.add(each);
  journal.add(refused);
  t.equal(journal.size, 4);
  journal.search({ text: 'status:4xx' });
  t.strictSame(journal.found, [refused]);
  journal.add(exchange({ number: 7 }));
  journal.add(exchange({ number: 8, status: 404 }));
  t.strictSame(
    journal.found.map(({ number }) => number),
    [2, 8],
  );
  t.equal(journal.at(8)?.status, 404);
  t.equal(journal.at(5), undefined);
  journal.clear();
  t.strictSame([journal.size, journal.found.length], [0, 0]);
  journal.add(exchange({ number: 1, status: 400 }));
  t.equal(journal.found.length, 1, 'the search stays');
});

t.test('the exchange that caused a callback is found by its correlation id, as long as it is kept', async (t) => {
  const journal = new Journal();
  const idOf = (number: number) => ({ correlation_id: `id-${number}` });
  const causedBy = (number: number) => ({ caused_by: `id-${number}` });
  for (let number = 1; number <= KEPT; number++) journal.add(exchange({ number, ...idOf(number) }));
  t.equal(journal.causeOf(causedBy(1)), 1);
  t.equal(journal.causeOf({}), undefined);
  journal.add(exchange({ number: KEPT + 1, ...idOf(KEPT + 1) }));
  t.strictSame([journal.causeOf(causedBy(1)), journal.causeOf(causedBy(KEPT + 1))], [undefined, KEPT + 1]);
  journal.clear();
  t.equal(journal.causeOf(causedBy(KEPT + 1)), undefined);
});

t.test('no more is kept than a page can bear', async (t) => {
  const journal = new Journal();
  for (let number = 1; number <= KEPT + 5; number++) journal.add(exchange({ number }));
  t.ok(journal.size <= KEPT);
  t.equal(journal.found.length, journal.size);
  t.equal(journal.at(1), undefined);
  t.equal(journal.at(KEPT)?.number, KEPT);
});
