import { answer, refuse } from '../../klarna/decision.js';
import { toIso } from '../../klarna/time.js';
import type { Handlers } from '../call.js';
import { Listing } from '../listing.js';
import { shownAttempt } from '../world/callbacks.js';

/** Handlers of the control API for callbacks. */
export const callbacksApi: Handlers<'listCallbacks' | 'redeliverCallback' | 'listDue'> = {
  listCallbacks({ world, query }) {
    const { items, ...rest } = world.callbacks.list(query);
    return answer(200, new Listing({ items: items.map(shownAttempt), ...rest }));
  },

  listDue({ world, query: { limit, after } }) {
    const all = world.callbacks.due();
    // One that is no longer there has fallen due, and all before it.
    const first = all.findIndex(({ id }) => id === after) + 1;
    const page = all.slice(first, first + limit);
    const items = page.map(({ id, at, ...due }) => ({ callback_id: id, ...due, at: toIso(at) }));
    const next = all.length > first + limit ? page.at(-1)?.id : undefined;
    return answer(200, new Listing({ items, next }));
  },

  async redeliverCallback({ world, merchant, params }) {
    const id = params.callback_id;
    const attempt = await world.callbacks.redeliver(id);
    if (attempt) return answer(200, shownAttempt(attempt));
    const text = `callback_id: given ${id}, of which ${merchant} has no attempt; GET /sandbox/v1/callbacks lists them`;
    return refuse('NOT_FOUND', { rule: 'callback-known', text }, { messages: ['Invalid callback id'] });
  },
};
