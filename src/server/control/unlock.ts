import type { BodyOf } from '../../contract/operation-map.js';
import { answer, badValue } from '../../klarna/decision.js';
import { render } from '../answers.js';
import type { OwnPages } from '../own-pages.js';
import type { OpenHandler } from '../pages/page.js';
import { turnAway } from '../plugins/access.js';
import { ShapeError } from '../schemas.js';
import { randomIds } from '../world/ids.js';

/** Takes a password or the admin token from a page, and gives it a cookie that stands for it. */
export function unlockPage(ownPages: OwnPages): OpenHandler {
  return (request) => {
    const { ownPage, validationError, headers } = request;
    if (!ownPage)
      return turnAway(request, 403, 'PAGE_UNKNOWN', 'Cookie: given none of this start; load the page again');
    if (validationError instanceof ShapeError) return render(badValue(validationError.violations), randomIds.uuid());
    const { merchant, password } = request.body as BodyOf<'unlockPage'>;
    const cookie = ownPages.unlock(headers.host, headers.cookie, merchant, password);
    if (cookie === undefined) {
      const text = `password: it is neither the password of ${JSON.stringify(merchant)} nor the admin token`;
      return turnAway(request, 403, 'PASSWORD_WRONG', text);
    }
    return render(answer(204, undefined, { headers: { 'set-cookie': cookie } }), randomIds.uuid());
  };
}
