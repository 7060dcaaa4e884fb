import type { ApiOperations } from '../../contract/operation-map.js';
import { answer } from '../../klarna/decision.js';
import { choiceBefore, finalizePurchase, loadSession } from '../../klarna/payments/browser-calls.js';
import { purchaseView } from '../../klarna/payments/purchase-view.js';
import { findSession } from '../../klarna/payments/sessions.js';
import type { Session } from '../../klarna/records.js';
import type { Call, CallBase, Deciding } from '../call.js';
import { goThroughPurchase } from '../control/sessions.js';
import { sessionOf } from '../klarna/payments.js';
import type { Scenarios } from '../scenarios.js';
import { scriptInForce } from './script.js';

/** The operations that a client token opens. */
export type PurchaseOperation = Extract<
  keyof ApiOperations['sandbox'],
  'readPurchase' | 'loadPurchase' | 'authorizePurchase' | 'reauthorizePurchase' | 'finalizePurchase' | 'reportSdkError'
>;

/** A call with a client token, which names the session. */
type PurchaseCall<Name extends PurchaseOperation> = Call<Name> & { params: { session_id: string } };

type PurchaseHandlers = {
  [Name in PurchaseOperation]: (call: PurchaseCall<Name>) => Deciding;
};

/** Loads the newest authorization of a session. */
const authorizationOf = ({ tx }: CallBase, session: Session | undefined) =>
  tx.get('authorization', session?.authorization);

/** Handlers of the calls that the stand-in of Klarna's script and its frames make for a session. */
export function purchases(scenarios: Scenarios): PurchaseHandlers {
  return {
    *readPurchase(call) {
      const on = yield* sessionOf(call);
      const session = findSession(on.session, on.id, on.merchant, on.now);
      if ('refusal' in session) return session;
      const script = yield* scriptInForce(call, session, scenarios);
      return answer(200, purchaseView({ session, now: on.now, script }));
    },

    *loadPurchase(call) {
      return loadSession({ body: call.body, ...(yield* sessionOf(call)) });
    },

    *authorizePurchase(call) {
      const { auto_finalize, ...body } = call.body;
      return yield* goThroughPurchase(call, yield* sessionOf(call), body, scenarios, auto_finalize);
    },

    *reauthorizePurchase(call) {
      const on = yield* sessionOf(call);
      const choice = choiceBefore({ authorization: yield* authorizationOf(call, on.session), ...on });
      if ('refusal' in choice) return choice;
      const body = { ...call.body, payment_option: choice.option, funding_source: choice.source };
      return yield* goThroughPurchase(call, on, body, scenarios);
    },

    *finalizePurchase(call) {
      const on = yield* sessionOf(call);
      const authorization = yield* authorizationOf(call, on.session);
      return finalizePurchase({ body: call.body, authorization, authorizationId: call.world.ids.uuid(), ...on });
    },

    reportSdkError({ body }) {
      const text = `${body.call}() gave the page ${body.error}: ${body.message}`;
      return answer(204, undefined, { because: { rule: 'sdk-error', text } });
    },
  };
}
