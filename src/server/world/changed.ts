import type { Change } from '../../klarna/decision.js';
import type { World } from './worlds.js';

const kindOf = (change: Change) => ('put' in change ? change.put.kind : change.remove.kind);

/** Tells those who follow a merchant which kinds of its records have changed; nothing is gathered when nobody does. */
export function tellChanged(world: World, changes: readonly Change[]): void {
  if (changes.every((change) => kindOf(change) === 'idempotency')) return;
  world.tell(() => {
    const kinds = changes.map(kindOf).filter((kind) => kind !== 'idempotency');
    return { event: 'records', data: { kinds: [...new Set(kinds)] } };
  });
}
