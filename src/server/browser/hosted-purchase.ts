import { answer } from '../../klarna/decision.js';
import { findHostedSession, hostedSessionAnswer, withoutPaymentSession } from '../../klarna/hosted-page/status.js';
import { arrive } from '../../klarna/hosted-page/visits.js';
import { hostedUrls } from '../../klarna/links.js';
import { purchaseView } from '../../klarna/payments/purchase-view.js';
import type { CategoryName, HostedSession } from '../../klarna/records.js';
import type { Handlers } from '../call.js';
import { completeForShopper, leave } from '../control/hosted-sessions.js';
import { hostedSessionOf } from '../klarna/hosted-payment-page.js';
import type { Scenarios } from '../scenarios.js';
import { scriptInForce } from './script.js';

/** The operations of the hosted page itself. */
export type HostedPurchaseOperation =
  | 'readHostedPurchase'
  | 'payHostedPurchase'
  | 'failHostedPurchase'
  | 'cancelHostedPurchase'
  | 'backHostedPurchase';

/** Returns the categories that a hosted session offers; undefined for all that its payment session has. */
function offeredBy({ options }: HostedSession): CategoryName[] | undefined {
  const { payment_method_category: one, payment_method_categories: several = one === undefined ? [] : [one] } = options;
  return several.length === 0 ? undefined : several.map((name) => name.toLowerCase() as CategoryName);
}

/** Handlers of the calls that the hosted page makes for its shopper. */
export function hostedPurchases(scenarios: Scenarios): Handlers<HostedPurchaseOperation> {
  return {
    *readHostedPurchase(call) {
      const on = yield* hostedSessionOf(call);
      const found = findHostedSession(on);
      if ('refusal' in found) return found;
      const { hosted, status } = found;
      const { session } = on;
      if (!session) return withoutPaymentSession(hosted);
      const script = yield* scriptInForce(call, session, scenarios);
      const { session_id, expires_at, updated_at: _, status: __, ...result } = hostedSessionAnswer(found, on.order);
      // Where the page places the order, the authorization is known to the payment session alone.
      const known = { authorization_token: session.authorization, ...result };
      const { redirect_url } = status === 'TIMEOUT' ? {} : arrive({ ...hosted, status, result: known });
      const { page_title, logo_url, purchase_type, show_subtotal_detail, place_order_mode = 'NONE' } = hosted.options;
      return answer(200, {
        ...purchaseView({ session, now: on.now, script, offered: offeredBy(hosted) }),
        hosted: {
          session_id,
          status,
          place_order_mode,
          expires_at,
          page_url: hostedUrls(call, session_id).redirect_url,
          ...(page_title && { page_title }),
          ...(logo_url && { logo_url }),
          ...(purchase_type && { purchase_type }),
          ...(show_subtotal_detail && { show_subtotal_detail }),
          ...(redirect_url && { redirect_url }),
        },
      });
    },

    payHostedPurchase: (call) => completeForShopper(call, scenarios),
    failHostedPurchase: leave('fail'),
    cancelHostedPurchase: leave('cancel'),
    backHostedPurchase: leave('back'),
  };
}
