import type { components } from '../../contract/generated/sandbox.js';
import { answer } from '../../klarna/decision.js';
import type { Handlers } from '../call.js';
import type { World, Worlds } from '../world/worlds.js';

/** The most merchants that are listed. */
const LIMIT = 1_000;

/** Handler of the control API for the merchants there are. */
export function merchantsApi(worlds: Worlds): Handlers<'listMerchants'> {
  return {
    async listMerchants({ store, world, everyone }) {
      const seen: World[] = everyone ? worlds.all().reverse() : [world];
      const items: components['schemas']['listed_merchant'][] = [];
      for (const { merchant } of seen) {
        if (items.length >= LIMIT) break;
        const { items: newest, dropped } = await store.exchanges(merchant, { limit: 1 });
        const exchanges = newest[0]?.number ?? dropped;
        if (exchanges > 0) items.push({ merchant, exchanges });
      }
      return answer(200, { items });
    },
  };
}
