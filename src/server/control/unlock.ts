import type { BodyOf } from '../../contract/operation-map.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import { answer, badValue } from '../../klarna/decision.js';
import { render } from '../answers.js';
import type { OwnPages } from '../own-pages.js';
import type { OpenHandler } from '../pages/page.js';
import { turnAway } from '../plugins/access.js';
import { tooManyTries, whereabouts } from '../plugins/credentials.js';
import { ShapeError } from '../schemas.js';
import { randomIds } from '../world/ids.js';
import type { Gate } from '../world/merchants.js';
import type { Refusals } from '../world/refusals.js';

export interface UnlockOptions {
  ownPages: OwnPages;
  /** Gate of the control API. */
  gate: Gate;
  refusals: Refusals;
  wall: Pick<WallClock, 'now'>;
}

/** Takes a password or the admin token from a page, and gives it a cookie that stands for it. */
export function unlockPage({ ownPages, gate, refusals, wall }: UnlockOptions): OpenHandler {
  return async (request) => {
    const { ownPage, validationError, headers } = request;
    if (!ownPage)
      return turnAway(request, 403, 'PAGE_UNKNOWN', 'Cookie: given none of this start; load the page again');
    if (validationError instanceof ShapeError) return render(badValue(validationError.violations), randomIds.uuid());
    const { merchant: username, password } = request.body as BodyOf<'unlockPage'>;
    const { standing, merchant, everyone } = await gate({ username, password }, request);
    if (standing === 'too many tries') return tooManyTries(request);
    if (standing !== 'active') {
      const text = `password: it is neither the password of ${JSON.stringify(username)} nor the admin token`;
      refusals.add({ ...whereabouts(request), at: wall.now(), username, text });
      return turnAway(request, 403, 'PASSWORD_WRONG', text);
    }
    const cookie = ownPages.unlock(headers.host, headers.cookie, { merchant, everyone });
    return render(answer(204, undefined, { headers: { 'set-cookie': cookie } }), randomIds.uuid());
  };
}
