import type { components } from '../../contract/generated/sandbox.js';
import { inSlices } from '../../exchange/slices.js';
import { answer } from '../../klarna/decision.js';
import type { Handlers } from '../call.js';
import { Listing } from '../listing.js';
import type { World, Worlds } from '../world/worlds.js';

/** Handler of the control API for the merchants there are. */
export function merchantsApi(worlds: Worlds): Handlers<'listMerchants'> {
  return {
    listMerchants({ store, world, everyone, query }) {
      const { limit, after = Number.POSITIVE_INFINITY } = query;
      const all: World[] = everyone ? worlds.all().reverse() : [world];
      let next: number | undefined;
      async function* items(): AsyncGenerator<components['schemas']['listed_merchant']> {
        const pause = inSlices();
        let left = limit;
        let last: number | undefined;
        for (const { merchant, used } of all) {
          await pause();
          if (used >= after) continue;
          const { items: newest, dropped } = await store.exchanges(merchant, { limit: 1 });
          const exchanges = newest[0]?.number ?? dropped;
          if (exchanges === 0) continue;
          // There is one more.
          if (left-- === 0) {
            next = last;
            return;
          }
          last = used;
          yield { merchant, exchanges };
        }
      }
      return answer(200, new Listing({ items: items(), next: () => next }));
    },
  };
}
