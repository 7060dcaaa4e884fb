import { changeCustomerToken } from '../klarna/customer-tokens.js';
import { answer, badValue, type Decision } from '../klarna/decision.js';
import type { ErrorName } from '../klarna/errors.js';
import { authorizeSession, finalizeSession, type ShopperRequest } from '../klarna/purchase-flow.js';
import type { CustomerTokenRecord, Kind, OfKind } from '../klarna/records.js';
import { toIso } from '../klarna/time.js';
import type { ShopperScript } from '../scenario/scenario.js';
import type { Call, Handler, Handlers } from './call.js';
import { ClockRefusal, readDuration } from './clock.js';
import { customerTokenOf } from './customer-token.js';
import { listedAuthorization, listedCustomerToken, listedOrder, listedSession } from './listed.js';
import { sessionOf } from './payments.js';
import { type Scenarios, scenarioOfEmail } from './scenarios.js';
import type { Worlds } from './worlds.js';

/** The handler of a list: newest first, a page at a time. */
function list<K extends Kind>(kind: K, show: (record: OfKind<K>, call: Call) => object | Promise<object>): Handler {
  return async (call) => {
    const { store, merchant } = call;
    const { limit, after } = call.query as { limit: number; after?: string };
    const { items, next } = await store.list(kind, merchant, limit, after);
    return answer(200, { items: await Promise.all(items.map((record) => show(record, call))), ...(next && { next }) });
  };
}

/** The handler that changes a customer token as Klarna or the shopper would, and answers it as the lists show it. */
function change(
  what: (call: Call, token: CustomerTokenRecord | undefined) => Parameters<typeof changeCustomerToken>[1],
): Handler {
  return async (call) => {
    const on = await customerTokenOf(call);
    const decision = changeCustomerToken(on, what(call, on.token));
    if ('refusal' in decision) return decision;
    return {
      ...decision,
      answer: { status: 200, body: listedCustomerToken(decision.answer.body as CustomerTokenRecord) },
    };
  };
}

/** Moves a clock; what it cannot do is refused by the field that asked for it. */
async function moveClock({ world }: Call, field: string, move: () => Promise<unknown>): Promise<Decision> {
  try {
    await move();
  } catch (error) {
    if (!(error instanceof ClockRefusal)) throw error;
    return badValue([{ rule: 'clock-forward', field, text: `${field}: ${error.message}` }]);
  }
  return answer(200, { now: toIso(world.clock.now()) });
}

/** What the shopper does: as asked, and where nothing is asked as the scenario says. */
function asScripted(script: ShopperScript | undefined, given: ShopperRequest): ShopperRequest {
  // Another option than the script's is not backed by the script's funding source.
  const { funding_source, ...rest } = script ?? {};
  return { ...(given.payment_option ? rest : script), ...given };
}

/** The control API: the shopper and the world, by the merchant's own credentials. */
export function sandbox(worlds: Worlds, scenarios: Scenarios): Handlers {
  return {
    readClock: ({ now }) => answer(200, { now: toIso(now) }),

    setClock(call) {
      const { now } = call.body as { now: string };
      return moveClock(call, 'now', () => call.world.agenda.runDue(Date.parse(now)));
    },

    advanceClock(call) {
      const { by } = call.body as { by: string };
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
      const on = await sessionOf(call);
      const given = call.body as ShopperRequest;
      const email = given.data?.billing_address?.email ?? on.session?.data.billing_address?.email;
      const name = scenarioOfEmail(email);
      const bound = name === undefined ? undefined : await scenarios.bind(call.world, on.id, name);
      if (bound && 'refusal' in bound) return bound;
      call.run = (bound && call.world.bound.get(bound.session)) ?? call.run;
      const body = asScripted(call.run?.shopper, given);
      const { data, ...shopper } = body;
      if (call.run?.shopper) call.shopper = shopper;
      return authorizeSession({ ...on, body, authorizationId: call.world.ids.uuid(), bound });
    },

    async finalizeSession(call) {
      const body = call.body as { result?: 'approved' | 'denied' };
      return finalizeSession({ ...(await sessionOf(call)), body, authorizationId: call.world.ids.uuid() });
    },

    suspendCustomerToken: change(() => ({ status: 'SUSPENDED' })),
    reactivateCustomerToken: change(() => ({ status: 'ACTIVE' })),
    cancelCustomerToken: change(() => ({ status: 'CANCELLED' })),
    shareCustomerToken: change(({ body }, token) => ({
      shared_with: [...new Set([...(token?.shared_with ?? []), (body as { with: string }).with])],
    })),
    declineCustomerToken: change(({ body }) => {
      const { error_code, times = 1 } = body as { error_code: ErrorName; times?: number };
      return { declines: { error_code, times } };
    }),

    readJournal({ world, query }) {
      return answer(200, world.journal.list(query));
    },

    clearJournal({ world }) {
      world.journal.clear();
      return answer(204);
    },
  };
}
