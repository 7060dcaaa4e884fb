import { loadSession } from '../../../src/klarna/payments/browser-calls.js';
import t from '../../tap.js';
import { purchase, START, World } from '../world.js';

t.test('a page loads a session that is there, and none that is unknown, over or complete', async (t) => {
  const session = new World().session(purchase());
  const load = (more: Partial<Parameters<typeof loadSession>[0]> = {}) =>
    loadSession({ session, id: session.id, merchant: session.merchant, now: START, currencies: [], body: {}, ...more });
  const refused = (decision: ReturnType<typeof load>) => ('refusal' in decision ? decision.refusal.error : undefined);
  t.equal(refused(load()), undefined);
  t.equal(refused(load({ session: undefined })), 'INVALID_SESSION');
  t.equal(refused(load({ now: session.expires_at })), 'INVALID_SESSION');
  t.equal(refused(load({ session: { ...session, order: 'o' } })), 'SESSION_COMPLETED');
});
