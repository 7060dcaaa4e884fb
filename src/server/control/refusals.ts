import { answer } from '../../klarna/decision.js';
import type { Handlers } from '../call.js';
import { type Refusals, shownRefusal } from '../world/refusals.js';

/** Handler of the control API for requests that were turned away. A merchant sees those under its own user name. */
export const refusalsApi = (refusals: Refusals): Handlers<'listRefusals'> => ({
  listRefusals({ merchant, everyone }) {
    const { items, dropped } = refusals.list(everyone ? undefined : merchant);
    return answer(200, { items: items.map(shownRefusal), dropped });
  },
});
