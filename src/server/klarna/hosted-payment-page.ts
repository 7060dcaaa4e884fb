import type { ApiOperations } from '../../contract/operation-map.js';
import {
  createHostedSession,
  disableHostedSession,
  distributeHostedSession,
  paymentSessionOf,
  readHostedSession,
} from '../../klarna/hosted-page/sessions.js';
import type { OnHostedSession } from '../../klarna/hosted-page/status.js';
import type { Steps } from '../../store/eventually.js';
import type { CallBase, CallOn, Handlers } from '../call.js';

/** Loads a hosted session by its id, with the records that decide its status. */
export function* hostedSession(
  { tx, merchant, now }: Pick<CallBase, 'tx' | 'merchant' | 'now'>,
  id: string,
): Steps<OnHostedSession> {
  const hosted = yield* tx.get('hosted_session', id);
  const session = yield* tx.get('session', hosted?.session);
  return { hosted, session, order: yield* tx.get('order', session?.order), id, merchant, now };
}

/** Loads the hosted session that the path names. */
export const hostedSessionOf = (call: CallOn<'session_id'>) => hostedSession(call, call.params.session_id);

/** Handlers of Klarna's Hosted Payment Page API. */
export const hostedPaymentPage: Handlers<keyof ApiOperations['hosted-payment-page']> = {
  *createHostedSession(call) {
    const { body, tx, merchant, now, base, browserBase } = call;
    const { uuid } = call.world.ids;
    const session = yield* tx.get('session', paymentSessionOf(body.payment_session_url));
    const ids = { id: uuid(), moduleToken: uuid(), eventId: uuid() };
    return createHostedSession({ merchant, body, session, now, base, browserBase, ...ids });
  },

  *readHostedSession(call) {
    return readHostedSession(yield* hostedSessionOf(call));
  },

  *disableHostedSession(call) {
    return disableHostedSession(yield* hostedSessionOf(call));
  },

  *distributeHostedSession(call) {
    const { base, browserBase } = call;
    return distributeHostedSession({ body: call.body, base, browserBase, ...(yield* hostedSessionOf(call)) });
  },
};
