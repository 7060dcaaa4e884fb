import { randomIds, seededIds } from '../../../src/server/world/ids.js';
import t from '../../tap.js';
import { UUID } from '../wall.js';

t.test('ids', async (t) => {
  t.test('are UUIDs of version 4 and readable references, never twice', async (t) => {
    for (const ids of [randomIds, seededIds('1', 'merchant')]) {
      const uuids = Array.from({ length: 200 }, () => ids.uuid());
      const references = Array.from({ length: 200 }, () => ids.reference());
      t.equal(uuids.filter((id) => UUID.test(id)).length, 200);
      t.equal(references.filter((id) => /^[2-9A-HJ-NP-Z]{8}$/.test(id)).length, 200);
      t.equal(new Set([...uuids, ...references]).size, 400);
    }
  });

  t.test('no two are the same over more than one pool of random bytes, and each digit takes every value', async (t) => {
    const uuids = Array.from({ length: 2_000 }, () => randomIds.uuid());
    t.equal(new Set(uuids).size, 2_000);
    t.ok(uuids.every((id) => UUID.test(id)));
    for (const at of [0, 7, 9, 15, 20, 24, 35]) t.equal(new Set(uuids.map((id) => id[at])).size, 16);
  });

  t.test('the same seed and merchant give the same ids, others give others', async (t) => {
    const some = (seed: string, merchant: string): string[] => {
      const ids = seededIds(seed, merchant);
      return [ids.uuid(), ids.reference(), ids.uuid()];
    };
    t.strictSame(some('7', 'a'), some('7', 'a'));
    t.equal(new Set([some('7', 'a'), some('7', 'b'), some('8', 'a'), some('7","a', 'a')].flat()).size, 12);
  });
});
