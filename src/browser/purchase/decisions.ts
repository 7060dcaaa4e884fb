import type {
  AuthorizeAnswer,
  AuthorizeRequest,
  HostedAnswer,
  OfferedOption,
  OfferedSource,
  SessionData,
} from './purchase.js';

/** The ways in which a shopper can end the purchase. */
export type Decision = 'approve' | 'deny' | 'close' | 'fix' | 'finalize-later' | 'back' | 'cancel';

/** The place of the page: over the shop, or on its own. */
export type Place = 'over-shop' | 'hosted';

/** The decisions beside approving that can be rehearsed at a place. */
export const otherDecisions: Readonly<Record<Place, readonly Exclude<Decision, 'approve'>[]>> = {
  'over-shop': ['deny', 'close', 'fix', 'finalize-later'],
  hosted: ['deny', 'fix', 'back', 'cancel'],
};

/** The words of a decision: on its button, and what comes of it. */
export const decisionWords: Readonly<Record<Exclude<Decision, 'approve'>, { label: string; about: string }>> = {
  deny: { label: 'Decline', about: 'Klarna refuses for good; the shop offers another way to pay.' },
  close: { label: 'Close', about: 'The shopper leaves and may come again. Escape does the same.' },
  fix: { label: 'Correct fields…', about: 'The shop is told which fields to have corrected.' },
  'finalize-later': { label: 'Finalize later', about: 'Approved, but the token comes with finalize().' },
  back: { label: 'Go back', about: 'The shopper returns to the shop and may come again.' },
  cancel: { label: 'Cancel', about: 'The shopper cancels for good; the page takes no payment after it.' },
};

export interface Chosen {
  option?: OfferedOption | undefined;
  source?: OfferedSource | undefined;
}

export interface Asked extends Chosen {
  /** The data that the shop's page gave to authorize. */
  data?: SessionData | undefined;
  /** False when an approval is to wait for finalize(). */
  autoFinalize: boolean;
  /** The fields to be corrected. */
  fields?: readonly string[];
}

type Sent = Exclude<Decision, 'back' | 'cancel'>;

const results: Readonly<Record<Sent, AuthorizeRequest['result']>> = {
  // The server decides: by the source, by Klarna's test triggers, by the scenario.
  approve: undefined,
  deny: 'denied',
  close: 'abandoned',
  fix: 'fix_required',
  'finalize-later': 'finalize_required',
};

/** Returns the request by which a decision is sent. */
export function requestOf(decision: Sent, { option, source, data, autoFinalize, fields }: Asked): AuthorizeRequest {
  const result = results[decision];
  return {
    ...(result && { result }),
    ...(!autoFinalize && { auto_finalize: false }),
    ...(option && { payment_option: option.payment_option }),
    ...(source && { funding_source: source.funding_source }),
    ...(data && { data }),
    ...(decision === 'fix' && fields && { invalid_fields: [...fields] }),
  };
}

/** Returns the request of a shopper who is played by the scenario: the server fills in what they do. */
export function scriptedRequest({ data, autoFinalize }: Pick<Asked, 'data' | 'autoFinalize'>): AuthorizeRequest {
  return { ...(!autoFinalize && { auto_finalize: false }), ...(data && { data }) };
}

/** The end of a purchase, in words. */
export interface Outcome {
  tone: 'good' | 'bad' | 'careful';
  title: string;
  text: string;
}

/** Returns the outcome that an answer stands for. */
export function outcomeOf(answer: Partial<AuthorizeAnswer>): Outcome {
  const { approved, show_form, finalize_required, error } = answer;
  if (approved && finalize_required) {
    return {
      tone: 'good',
      title: 'Approved, to be finalized',
      text: 'The shop gets a token when it calls finalize().',
    };
  }
  if (approved) return { tone: 'good', title: 'Approved', text: 'The shop has its authorization token.' };
  if (error) {
    const fields = error.invalid_fields.join(', ');
    return { tone: 'careful', title: 'Something is to be corrected', text: `The shop is told of: ${fields}.` };
  }
  if (show_form) return { tone: 'careful', title: 'Closed', text: 'Nothing was paid; the shopper may come again.' };
  return { tone: 'bad', title: 'Declined', text: 'The shop offers another way to pay.' };
}

/** Returns the outcome on the hosted page, where the status says more than the answer. */
export function hostedOutcomeOf(answer: HostedAnswer): Outcome {
  switch (answer.status) {
    case 'COMPLETED':
      return answer.order_id === undefined
        ? outcomeOf({ approved: true })
        : { tone: 'good', title: 'Paid', text: `The order is placed: ${answer.klarna_reference ?? answer.order_id}.` };
    case 'CANCELLED':
      return { tone: 'careful', title: 'Cancelled', text: 'This page takes no payment any more.' };
    case 'BACK':
      return { tone: 'careful', title: 'Back to the shop', text: 'Nothing was paid; the shopper may come again.' };
    case 'ERROR':
      return { tone: 'bad', title: 'The order could not be placed', text: 'The shopper may try again.' };
    case 'FAILED':
      return { tone: 'bad', title: 'Declined', text: 'Nothing was paid; the shopper may try again.' };
    default:
      return outcomeOf(answer);
  }
}
