import {
  createHostedSession,
  disableHostedSession,
  distributeHostedSession,
  paymentSessionOf,
  readHostedSession,
} from '../../klarna/hosted-page/sessions.js';
import type { OnHostedSession } from '../../klarna/hosted-page/status.js';
import type { DistributionRequest, HostedSessionRequest } from '../../klarna/records.js';
import type { Call, Handlers } from '../call.js';

/** The hosted session of an id, with what its standing follows from. */
export async function hostedSession(
  { tx, merchant, now }: Pick<Call, 'tx' | 'merchant' | 'now'>,
  id: string,
): Promise<OnHostedSession> {
  const hosted = await tx.get('hosted_session', id);
  const session = await tx.get('session', hosted?.session);
  return { hosted, session, order: await tx.get('order', session?.order), id, merchant, now };
}

/** The hosted session that the path names. */
export const hostedSessionOf = (call: Call) => hostedSession(call, call.params.session_id as string);

/** Klarna's Hosted Payment Page. */
export const hostedPaymentPage: Handlers = {
  async createHostedSession(call) {
    const { tx, merchant, now, base } = call;
    const { uuid } = call.world.ids;
    const body = call.body as HostedSessionRequest;
    const session = await tx.get('session', paymentSessionOf(body.payment_session_url));
    const ids = { id: uuid(), moduleToken: uuid(), eventId: uuid() };
    return createHostedSession({ merchant, body, session, now, base, ...ids });
  },

  async readHostedSession(call) {
    return readHostedSession(await hostedSessionOf(call));
  },

  async disableHostedSession(call) {
    return disableHostedSession(await hostedSessionOf(call));
  },

  async distributeHostedSession(call) {
    const { base } = call;
    return distributeHostedSession({ ...(await hostedSessionOf(call)), body: call.body as DistributionRequest, base });
  },
};
