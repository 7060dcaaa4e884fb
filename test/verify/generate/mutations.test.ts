import { isUuid } from '../../../src/exchange/uuids.js';
import { mutatePath, randomOf } from '../../../src/verify/generate/mutations.js';
import t from '../../tap.js';

t.test('an unknown id is a UUID of version 4, another for each seed', async (t) => {
  const ids = Array.from({ length: 200 }, (_, seed) => mutatePath({ order_id: 'a' }, randomOf(seed)))
    .filter(({ kind }) => kind === 'unknown-id')
    .map(({ path }) => String(path.order_id));
  t.ok(ids.length > 10, `${ids.length} of 200`);
  t.equal(new Set(ids).size, ids.length);
  for (const id of ids) t.ok(isUuid(id) && /^.{14}4.{4}8/.test(id), id);
});
