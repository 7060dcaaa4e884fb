import { lifetimes } from '../catalogue/lifetimes.js';
import { answer, badValue, type Callback, type Decision, type Refused, refuse, type Violation } from '../decision.js';
import { type Bases, hostedUrls } from '../links.js';
import { findSession, sessionCompleted } from '../payments/sessions.js';
import { checkPeople } from '../personal-data.js';
import type { DistributionRequest, HostedSession, HostedSessionRequest, Session } from '../records.js';
import { type Instant, toIso } from '../time.js';
import {
  closed,
  findHostedSession,
  findLiveHostedSession,
  hostedSessionAnswer,
  isFinal,
  type OnHostedSession,
  statusUpdate,
} from './status.js';

/** The URL of a payment session, on any host. */
const PAYMENT_SESSION = /^https?:\/\/[^/?#\s]+\/+payments\/+v1\/+sessions\/+([^/?#\s]+)\/*$/i;

/** Returns the id of the payment session that a URL names; undefined when it names none. */
export function paymentSessionOf(url: string): string | undefined {
  return PAYMENT_SESSION.exec(url)?.[1];
}

export interface CreateHostedSession extends Bases {
  merchant: string;
  body: HostedSessionRequest;
  /** The payment session that the body names. */
  session: Session | undefined;
  now: Instant;
  /** The id of the new hosted session. */
  id: string;
  /** The token of the distribution module, the widget that hands out the link. */
  moduleToken: string;
  /** The id of the event that reports the timeout. */
  eventId: string;
}

/** Creates a hosted session for a payment session. Errors: 400 BAD_VALUE; 404. */
export function createHostedSession(request: CreateHostedSession): Decision {
  const { merchant, body, now, id } = request;
  const wrong = checkOptions(body);
  if (wrong.length > 0) return badValue(wrong);
  const session = payable(request);
  if ('refusal' in session) return session;
  const hosted: HostedSession = {
    kind: 'hosted_session',
    id,
    merchant,
    created_at: now,
    session: session.id,
    expires_at: session.expires_at - lifetimes.pastHostedSession.lasts,
    status: 'WAITING',
    updated_at: now,
    merchant_urls: body.merchant_urls ?? {},
    options: body.options ?? {},
    ...(session.bound && { bound: session.bound }),
  };
  const { standalone_url, generation_url, ...urls } = hostedUrls(request, id);
  return answer(
    201,
    {
      session_id: id,
      ...urls,
      expires_at: toIso(hosted.expires_at),
      distribution_module: { token: request.moduleToken, standalone_url, generation_url },
    },
    { changes: [{ put: hosted }], effects: timeout(hosted, request.eventId) },
  );
}

function checkOptions({ options = {} }: HostedSessionRequest): Violation[] {
  const { payment_method_category: category, payment_method_categories: categories } = options;
  if (category === undefined || categories === undefined) return [];
  const field = 'options.payment_method_categories';
  const text = `${field}: given beside payment_method_category ${category}, expected one of the two fields`;
  return [{ rule: 'hosted-categories', field, text }];
}

/** Returns the payment session, or the refusal if it cannot be paid on a page; Klarna has one error for all causes. */
function payable({ session, body, merchant, now }: CreateHostedSession): Session | Refused {
  const url = body.payment_session_url;
  const id = paymentSessionOf(url);
  if (id === undefined) {
    const text = `payment_session_url: given ${url}, expected a URL that ends in /payments/v1/sessions/ and the id of a session`;
    return badValue([{ rule: 'hosted-payment-session', field: 'payment_session_url', text }]);
  }
  const found = findSession(session, id, merchant, now);
  if ('refusal' in found) return refuse('PAYMENT_SESSION_EXPIRED', found.because);
  if (found.order) return refuse('PAYMENT_SESSION_EXPIRED', sessionCompleted(found).because);
  const end = found.expires_at - lifetimes.pastHostedSession.lasts;
  if (now < end) return found;
  const text = `payment_session_url: a page for session ${id} would have ended ${toIso(end)}, an hour before it; it is now ${toIso(now)}`;
  return refuse('PAYMENT_SESSION_EXPIRED', { rule: 'hosted-lifetime', text });
}

/** Returns the status update that reports the timeout; its precondition fails if the session ends otherwise before. */
function timeout(hosted: HostedSession, eventId: string): Callback[] {
  const { id, session, expires_at } = hosted;
  const callbacks = statusUpdate({ hosted, status: 'TIMEOUT' }, eventId, expires_at);
  return callbacks.map((callback) => ({
    ...callback,
    onlyIf: { is: 'timeout', hosted_session: id, session, at: expires_at },
  }));
}

/** Reads a hosted session. Errors: 404. */
export function readHostedSession(on: OnHostedSession): Decision {
  const found = findHostedSession(on);
  return 'refusal' in found ? found : answer(200, hostedSessionAnswer(found, on.order));
}

/** Disables a hosted session for good; cancelled or disabled ones stay as they are. Errors: 400 when completed; 404. */
export function disableHostedSession(on: OnHostedSession): Decision {
  const found = findLiveHostedSession(on);
  if ('refusal' in found) return found;
  if (found.status === 'COMPLETED') return closed(found, 'HOSTED_SESSION_COMPLETED');
  if (isFinal(found.status)) return answer(204);
  const disabled: HostedSession = { ...found.hosted, status: 'DISABLED', updated_at: on.now };
  return answer(204, undefined, { changes: [{ put: disabled }] });
}

/** Fields of the contact information that each method of distribution requires. */
const needed = { sms: ['phone', 'phone_country'], email: ['email'], token: ['access_id'] } as const;

function checkContact({ method, contact_information: contact }: DistributionRequest): Violation[] {
  const missing = needed[method].filter((field) => !contact[field]);
  if (missing.length > 0) {
    return missing.map((name) => {
      const field = `contact_information.${name}`;
      return { rule: 'hosted-contact', field, text: `${field}: given nothing, expected for method ${method}` };
    });
  }
  // The contact is checked by the rules for a billing address.
  const { phone, phone_country: country, email } = contact;
  const judged = { sms: { phone, country }, email: { email }, token: {} }[method];
  const here = (text: string) => text.replace('billing_address', 'contact_information');
  const wrong = checkPeople({ billing_address: judged });
  return wrong.map(({ rule, field, text }) => ({ rule, field: here(field), text: here(text) }));
}

/** Distributes the link; nothing is sent, as the reason says. Errors: 400 BAD_VALUE, BAD_REQUEST when final; 404. */
export function distributeHostedSession(on: OnHostedSession & Bases & { body: DistributionRequest }): Decision {
  const wrong = checkContact(on.body);
  if (wrong.length > 0) return badValue(wrong);
  const found = findLiveHostedSession(on, 'HOSTED_LINK_NOT_FOUND');
  if ('refusal' in found) return found;
  if (isFinal(found.status)) {
    return closed(found, found.status === 'COMPLETED' ? 'HOSTED_SESSION_COMPLETED' : 'HOSTED_SESSION_DISABLED');
  }
  const text = `nothing was sent by ${on.body.method}; its link is ${hostedUrls(on, on.id).redirect_url}`;
  return answer(204, undefined, { because: { rule: 'hosted-not-sent', text } });
}
