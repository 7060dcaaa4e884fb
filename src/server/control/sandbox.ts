import type { ApiOperations } from '../../contract/operation-map.js';
import { answer, badValue, type Decision } from '../../klarna/decision.js';
import { decideFraud } from '../../klarna/orders/fraud.js';
import { finalizeSession } from '../../klarna/payments/purchase-flow.js';
import type { CustomerTokenRecord, FraudVerdict, Kind, OfKind, Order } from '../../klarna/records.js';
import { toIso } from '../../klarna/time.js';
import { changeCustomerToken } from '../../klarna/tokens/customer-tokens.js';
import type { CallBase, CallOn, Handler, Handlers } from '../call.js';
import { customerTokenOf } from '../klarna/customer-token.js';
import { orderOf } from '../klarna/order-management.js';
import { sessionOf } from '../klarna/payments.js';
import type { Scenarios } from '../scenarios.js';
import { ClockRefusal, readDuration } from '../world/clock.js';
import type { Worlds } from '../world/worlds.js';
import { listedAuthorization, listedCustomerToken, listedOrder, listedSession } from './listed.js';
import { goThroughPurchase } from './shopper.js';

/** The operations that list a kind of records. */
type ListOperation = 'listSessions' | 'listAuthorizations' | 'listCustomerTokens' | 'listOrders' | 'listHostedSessions';

/** The handler of a list: newest first, a page at a time. */
export function list<K extends Kind>(
  kind: K,
  show: (record: OfKind<K>, call: CallBase) => object | Promise<object>,
): Handler<ListOperation> {
  return async (call) => {
    const { store, merchant } = call;
    const { limit, after } = call.query;
    const { items, next } = await store.list(kind, merchant, limit, after);
    return answer(200, { items: await Promise.all(items.map((record) => show(record, call))), ...(next && { next }) });
  };
}

type TokenChange = Parameters<typeof changeCustomerToken>[1];

/** The handler that changes a customer token as Klarna or the shopper would, and answers it as the lists show it. */
function change<Body>(what: (body: Body, token: CustomerTokenRecord | undefined) => TokenChange) {
  return async (call: CallOn<'customerToken'> & { body: Body }): Promise<Decision> => {
    const on = await customerTokenOf(call);
    const decision = changeCustomerToken(on, what(call.body, on.token));
    if ('refusal' in decision) return decision;
    return {
      ...decision,
      answer: { status: 200, body: listedCustomerToken(decision.answer.body as CustomerTokenRecord) },
    };
  };
}

/** Moves a clock; what it cannot do is refused by the field that asked for it. */
async function moveClock({ world }: CallBase, field: string, move: () => Promise<unknown>): Promise<Decision> {
  try {
    await move();
  } catch (error) {
    if (!(error instanceof ClockRefusal)) throw error;
    return badValue([{ rule: 'clock-forward', field, text: `${field}: ${error.message}` }]);
  }
  return answer(200, { now: toIso(world.clock.now()) });
}

/** The control API: the shopper and the world, by the merchant's own credentials. */
export function sandbox(worlds: Worlds, scenarios: Scenarios) {
  return {
    readClock: ({ now }) => answer(200, { now: toIso(now) }),

    setClock(call) {
      const { now } = call.body;
      return moveClock(call, 'now', () => call.world.agenda.runDue(Date.parse(now)));
    },

    advanceClock(call) {
      const { by } = call.body;
      return moveClock(call, 'by', async () => call.world.agenda.runDue(await readDuration(by)));
    },

    async resetMerchant({ merchant }) {
      await worlds.reset(merchant);
      return answer(204);
    },

    listSessions: list('session', (session, { now }) => listedSession(session, now)),
    listAuthorizations: list('authorization', async (authorization, { now, store }) =>
      listedAuthorization(authorization, now, (await store.read('session', authorization.session))?.record),
    ),
    listCustomerTokens: list('customer_token', listedCustomerToken),
    listOrders: list('order', (order, { now }) => listedOrder(order, now)),

    async authorizeSession(call) {
      return goThroughPurchase(call, await sessionOf(call), scenarios);
    },

    async finalizeSession(call) {
      const { body } = call;
      return finalizeSession({ ...(await sessionOf(call)), body, authorizationId: call.world.ids.uuid() });
    },

    suspendCustomerToken: change(() => ({ status: 'SUSPENDED' })),
    reactivateCustomerToken: change(() => ({ status: 'ACTIVE' })),
    cancelCustomerToken: change(() => ({ status: 'CANCELLED' })),
    shareCustomerToken: change((body, token) => ({
      shared_with: [...new Set([...(token?.shared_with ?? []), body.with])],
    })),
    declineCustomerToken: change((body) => {
      const { error_code, times = 1 } = body;
      return { declines: { error_code, times } };
    }),

    async decideFraud(call) {
      const { decision } = call.body;
      const verdict = decision.toUpperCase() as FraudVerdict;
      const decided = decideFraud({ ...(await orderOf(call)), verdict });
      if ('refusal' in decided) return decided;
      return { ...decided, answer: { status: 200, body: listedOrder(decided.answer.body as Order, call.now) } };
    },

    readJournal({ world, query }) {
      return answer(200, world.journal.list(query));
    },

    clearJournal({ world }) {
      world.journal.clear();
      return answer(204);
    },
  } satisfies Partial<Handlers<keyof ApiOperations['sandbox']>>;
}
