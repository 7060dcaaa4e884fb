import type { Decision } from '../../klarna/decision.js';
import { hostedSessionAnswer, hostedStatusAt } from '../../klarna/hosted-page/status.js';
import {
  completeHostedSession,
  type Departure,
  leaveHostedSession,
  openHostedSession,
  orderOfPage,
} from '../../klarna/hosted-page/visits.js';
import type { ShopperRequest } from '../../klarna/payments/purchase-flow.js';
import type { HostedSession, Order, Session } from '../../klarna/records.js';
import { type Instant, toIso } from '../../klarna/time.js';
import { type Steps, wait } from '../../store/eventually.js';
import type { CallOn, Handlers } from '../call.js';
import { hostedSessionOf } from '../klarna/hosted-payment-page.js';
import type { Scenarios } from '../scenarios.js';
import { list, type Schemas } from './list.js';
import { goThroughPurchase } from './sessions.js';

/** Returns a hosted session in the form of the list. */
function listedHostedSession(
  hosted: HostedSession,
  now: Instant,
  session: Session | undefined,
  order: Order | undefined,
): Schemas['listed_hosted_session'] {
  const status = hostedStatusAt(hosted, session, now);
  const { session_id, ...standing } = hostedSessionAnswer({ hosted, status }, order);
  return {
    session_id,
    payment_session_id: hosted.session,
    ...standing,
    place_order_mode: hosted.options.place_order_mode ?? 'NONE',
    created_at: toIso(hosted.created_at),
  };
}

/** Makes the handler of a way to leave the page. */
export const leave = (by: Departure) =>
  function* (call: CallOn<'session_id'>): Steps<Decision> {
    return leaveHostedSession({ by, eventId: call.world.ids.uuid, ...(yield* hostedSessionOf(call)) });
  };

/** Completes the page for the shopper; an order of the page has the outcome that the scenario gives `createOrder`. */
export function* completeForShopper(
  call: CallOn<'session_id'> & { body: ShopperRequest },
  scenarios: Scenarios,
): Steps<Decision> {
  const { tx, merchant, now, browserBase: base } = call;
  const { ids, currencies } = call.world;
  const on = yield* hostedSessionOf(call);
  const hosted = openHostedSession(on);
  if ('refusal' in hosted) return hosted;
  const { session } = on;
  const onSession = { session, id: hosted.session, merchant, now, currencies };
  const purchase = yield* goThroughPurchase(call, onSession, call.body, scenarios);
  const body = orderOfPage(hosted, purchase);
  const placing = body && {
    body,
    base,
    currencies,
    token: yield* tx.get('customer_token', session?.recovers?.token),
    scripted: yield* wait(call.within('createOrder', call.run, body)),
    orderId: ids.uuid(),
    captureId: ids.uuid(),
    reference: ids.reference(),
  };
  return completeHostedSession({ hosted, merchant, now, eventId: ids.uuid, purchase, placing });
}

type HostedShopperOperation =
  | 'listHostedSessions'
  | 'completeHostedSession'
  | 'failHostedSession'
  | 'cancelHostedSession'
  | 'backHostedSession';

/** Handlers of the control API for the Hosted Payment Page: acts of the shopper. */
export function hostedSessions(scenarios: Scenarios): Handlers<HostedShopperOperation> {
  return {
    listHostedSessions: list('hosted_session', async (hosted, { now, store }) => {
      const session = (await store.read('session', hosted.session))?.record;
      const order = session?.order === undefined ? undefined : (await store.read('order', session.order))?.record;
      return listedHostedSession(hosted, now, session, order);
    }),
    completeHostedSession: (call) => completeForShopper(call, scenarios),
    failHostedSession: leave('fail'),
    cancelHostedSession: leave('cancel'),
    backHostedSession: leave('back'),
  };
}
