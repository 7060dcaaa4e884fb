import type { components } from '../../contract/generated/sandbox.js';
import { answer, refuse } from '../../klarna/decision.js';
import { toIso } from '../../klarna/time.js';
import type { Handlers } from '../call.js';
import type { Attempt } from '../world/callbacks.js';

/** Returns an attempt in the form of the control API. */
export function shownAttempt({ id, body, at, ...attempt }: Attempt): components['schemas']['callback_attempt'] {
  return { callback_id: id, ...attempt, ...(body && { body }), at: toIso(at) };
}

/** Handlers of the control API for callbacks. */
export const callbacksApi: Handlers<'listCallbacks' | 'redeliverCallback'> = {
  listCallbacks({ world, query }) {
    const { items, dropped } = world.callbacks.list(query);
    return answer(200, { items: items.map(shownAttempt), dropped });
  },

  async redeliverCallback({ world, merchant, params }) {
    const id = params.callback_id;
    const attempt = await world.callbacks.redeliver(id);
    if (attempt) return answer(200, shownAttempt(attempt));
    const text = `callback_id: given ${id}, of which ${merchant} has no attempt; GET /sandbox/v1/callbacks lists them`;
    return refuse('NOT_FOUND', { rule: 'callback-known', text }, { messages: ['Invalid callback id'] });
  },
};
