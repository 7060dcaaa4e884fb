import type { Change } from '../../../src/klarna/decision.js';
import type { Kind } from '../../../src/klarna/records.js';
import { tellChanged } from '../../../src/server/world/changed.js';
import type { WorldEvent } from '../../../src/server/world/events.js';
import type { World } from '../../../src/server/world/worlds.js';
import t from '../../tap.js';

const put = (kind: Kind) => ({ put: { kind } }) as unknown as Change;
const remove = (kind: Kind): Change => ({ remove: { kind, id: '1' } });

/** Returns what is told of changes. */
function toldOf(...changes: Change[]): WorldEvent[] {
  const told: WorldEvent[] = [];
  tellChanged({ tell: (make) => told.push(make()) } as Pick<World, 'tell'> as World, changes);
  return told;
}

t.test('a record that is removed is told as one that is put', (t) => {
  t.strictSame(toldOf(remove('authorization')), [{ event: 'records', data: { kinds: ['authorization'] } }]);
  t.strictSame(toldOf(put('order')), [{ event: 'records', data: { kinds: ['order'] } }]);
  t.end();
});

t.test('each kind is told once, whatever the number of its records', (t) => {
  t.strictSame(toldOf(put('order'), remove('authorization'), put('order'), put('idempotency')), [
    { event: 'records', data: { kinds: ['order', 'authorization'] } },
  ]);
  t.end();
});

t.test('changes that nobody sees are not told', (t) => {
  t.strictSame(toldOf(put('idempotency'), remove('idempotency')), []);
  t.strictSame(toldOf(), []);
  t.end();
});
