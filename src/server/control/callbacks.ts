import { answer, refuse } from '../../klarna/decision.js';
import { toIso } from '../../klarna/time.js';
import type { Handlers } from '../call.js';
import { shownAttempt } from '../world/callbacks.js';

/** Handlers of the control API for callbacks. */
export const callbacksApi: Handlers<'listCallbacks' | 'redeliverCallback' | 'listDue'> = {
  listCallbacks({ world, query }) {
    const { items, dropped } = world.callbacks.list(query);
    return answer(200, { items: items.map(shownAttempt), dropped });
  },

  listDue({ world }) {
    const items = world.callbacks.due();
    return answer(200, { items: items.map(({ id, at, ...due }) => ({ callback_id: id, ...due, at: toIso(at) })) });
  },

  async redeliverCallback({ world, merchant, params }) {
    const id = params.callback_id;
    const attempt = await world.callbacks.redeliver(id);
    if (attempt) return answer(200, shownAttempt(attempt));
    const text = `callback_id: given ${id}, of which ${merchant} has no attempt; GET /sandbox/v1/callbacks lists them`;
    return refuse('NOT_FOUND', { rule: 'callback-known', text }, { messages: ['Invalid callback id'] });
  },
};
