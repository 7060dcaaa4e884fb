import { Budget } from '../../src/store/budget.js';
import { Holdings } from '../../src/store/holdings.js';
import { exchange } from '../exchange/sample.js';
import t from '../tap.js';

t.test('a merchant of whom nothing is kept has nothing to drop', async (t) => {
  const budget = new Budget({ limit: 1 });
  const holdings = new Holdings('boots', budget, undefined, () => t.fail('no record was kept'));
  t.equal(holdings.dropOldest(), undefined);
  holdings.record(exchange({}));
  t.equal(holdings.dropOldest(), 'exchange');
  t.equal(holdings.dropOldest(), undefined);
  t.equal(budget.bytes, 0);
});
