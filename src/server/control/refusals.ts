import { answer } from '../../klarna/decision.js';
import { toIso } from '../../klarna/time.js';
import type { Handlers } from '../call.js';
import type { Refusals } from '../world/refusals.js';

/** Handler of the control API for requests that were turned away. A merchant sees those under its own user name. */
export const refusalsApi = (refusals: Refusals): Handlers<'listRefusals'> => ({
  listRefusals({ merchant, everyone }) {
    const { items, dropped } = refusals.list(everyone ? undefined : merchant);
    const shown = items.map(({ at, operation, text: explanation, ...refusal }) => ({
      at: toIso(at),
      ...refusal,
      ...(operation !== undefined && { operation }),
      explanation,
    }));
    return answer(200, { items: shown, dropped });
  },
});
