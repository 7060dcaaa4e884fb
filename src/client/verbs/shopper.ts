import type { components } from '../../contract/generated/sandbox.js';
import type { SuccessOf } from '../../contract/operation-map.js';
import { insist, type Parts } from '../control.js';
import type { Target } from '../target.js';

type Schemas = components['schemas'];

/** An answer with the reason why it is so, in one line; answers that have none are the ordinary ones. */
type Explained<Answer> = Answer & { explanation?: string };

/** The result of authorize() or finalize(), as the callback in the browser gets it, with its explanation. */
export type AuthorizeAnswer = Explained<Schemas['authorize_answer']>;

/** The place where the shopper stands after the hosted page, with the explanation of what happened there. */
export type HostedAnswer = Explained<Schemas['hosted_answer']>;

/** The shopper: a person in the purchase flow, in the shop's page or on Klarna's hosted page. */
export interface Shopper {
  /** Does what `Klarna.Payments.authorize()` does in a browser. */
  authorize(session_id: string, request?: Schemas['authorize_request']): Promise<AuthorizeAnswer>;
  /** Does what `Klarna.Payments.finalize()` does in a browser. */
  finalize(session_id: string, request?: Schemas['finalize_request']): Promise<AuthorizeAnswer>;
  /** Goes through the purchase flow on Klarna's hosted page as a shopper. */
  completeHostedSession(session_id: string, request?: Schemas['authorize_request']): Promise<HostedAnswer>;
  /** Lets Klarna refuse the shopper on its hosted page; the shopper may try again. */
  failHostedSession(session_id: string): Promise<HostedAnswer>;
  /** Lets the shopper cancel on Klarna's hosted page, for good. */
  cancelHostedSession(session_id: string): Promise<HostedAnswer>;
  /** Lets the shopper go back from Klarna's hosted page; the shopper may come again. */
  backHostedSession(session_id: string): Promise<HostedAnswer>;
}

type ShopperOperation =
  | 'authorizeSession'
  | 'finalizeSession'
  | 'completeHostedSession'
  | 'failHostedSession'
  | 'cancelHostedSession'
  | 'backHostedSession';

/** Calls an operation and returns its answer with the explanation that came in the header. */
async function explained<Name extends ShopperOperation>(
  target: Target,
  name: Name,
  parts: Parts,
): Promise<Explained<SuccessOf<Name>>> {
  const { headers, body } = await insist(target, name, parts);
  const explanation = headers['mock-klarna-explain'];
  const answer = body as Explained<SuccessOf<Name>>;
  if (explanation !== undefined) answer.explanation = String(explanation);
  return answer;
}

/** Returns what the shopper of the target's merchant does. */
export function shopperOf(target: Target): Shopper {
  const act =
    <Name extends ShopperOperation>(name: Name) =>
    (session_id: string, body: object = {}) =>
      explained(target, name, { path: { session_id }, body });
  const leave =
    <Name extends ShopperOperation>(name: Name) =>
    (session_id: string) =>
      explained(target, name, { path: { session_id } });
  return {
    authorize: act('authorizeSession'),
    finalize: act('finalizeSession'),
    completeHostedSession: act('completeHostedSession'),
    failHostedSession: leave('failHostedSession'),
    cancelHostedSession: leave('cancelHostedSession'),
    backHostedSession: leave('backHostedSession'),
  };
}
