import type { Change } from '../../klarna/decision.js';
import type { World } from './worlds.js';

/** Tells those who follow a merchant which kinds of its records have changed. */
export function tellChanged(world: World, changes: readonly Change[]): void {
  const kinds = changes.map((change) => ('put' in change ? change.put.kind : change.remove.kind));
  const shown = kinds.filter((kind) => kind !== 'idempotency');
  if (shown.length > 0) world.tell(() => ({ event: 'records', data: { kinds: [...new Set(shown)] } }));
}
