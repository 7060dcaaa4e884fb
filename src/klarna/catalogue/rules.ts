import type { Evidence } from './evidence.js';

/** A rule that Klarna applies beyond the shape of a message, with its evidence. */
export interface Rule {
  evidence: Evidence;
  /** The source in words. */
  source: string;
  /** The rule in one sentence. */
  says: string;
  /** The recording that would settle an inferred rule, if it must be a certain one. */
  settledBy?: string;
  /**
   * The cause of an answer by this rule: the content of the request; an act of the shopper; the time; a decision of
   * Klarna, its limits included; or a scenario.
   */
  cause: 'request' | 'shopper' | 'time' | 'klarna' | 'script';
  /** The stage that answers: the wire, where a message is read; the gateway before the APIs; or the operation. */
  stage: 'wire' | 'gateway' | 'operation';
  /** The data it checks: a purchase, which a page can give to the SDK too, or an order against its authorization. */
  judges?: 'purchase' | 'authorized-order';
}

/** Makes a rule on the content of requests, checked by the operation, unless `more` says otherwise. */
const rule = (evidence: Evidence, source: string, says: string, more: Partial<Rule> = {}): Rule => ({
  evidence,
  source,
  says,
  cause: 'request',
  stage: 'operation',
  ...more,
});

const openapi = 'Klarna OpenAPI document';
const hostedPage = 'Klarna OpenAPI document for the Hosted Payment Page';
const choice = 'our choice';

/** The source of the sandbox's own rules, which have no counterpart at Klarna. */
export const own = 'the sandbox’s own';

/** All rules by id. The id stands in `Mock-Klarna-Explain`, in the journal and in the fidelity page. */
export const rules = {
  // Gateway and wire
  credentials: rule(
    'recorded',
    'playground recordings 2017 and 2021',
    'Wrong or missing credentials get the gateway’s HTML page.',
    { stage: 'gateway' },
  ),
  'merchant-active': rule(
    'docs',
    'error catalogue',
    'A merchant that Klarna has not activated, or has closed, can do nothing.',
    { cause: 'klarna', stage: 'gateway' },
  ),
  'known-path': rule(
    'recorded',
    'playground recording 2021 (Order Management without an order id); taken to hold for the other APIs',
    'A path that no operation has is not found.',
    { stage: 'gateway' },
  ),
  'known-method': rule(
    'reported',
    'krokedil/klarna-checkout-for-woocommerce#37',
    'A path knows only the methods of its operations.',
    { stage: 'gateway' },
  ),
  'readable-request': rule(
    'docs',
    'request limits, for the size of the headers; that the rest must be readable HTTP goes without saying',
    'A request must be HTTP with a readable target and headers of at most 20 kB.',
    { stage: 'wire' },
  ),
  'content-type': rule('inferred', choice, 'A body must be JSON and say so.', {
    settledBy: 'a request whose body is not JSON, or does not say so, and its answer',
    stage: 'wire',
  }),
  'body-size': rule('docs', 'request limits', 'A body holds at most 1 MB.', { stage: 'wire' }),
  'readable-json': rule(
    'inferred',
    choice,
    'A body must be well-formed JSON in UTF-8 without keys that reach into prototypes.',
    {
      settledBy: 'a request with half a JSON document, or with bytes that are not UTF-8, and its answer',
      stage: 'wire',
    },
  ),
  'rate-limit': rule(
    'docs',
    'rate limits; 429 recorded with an empty body',
    'Each merchant has a number of calls a second for each operation.',
    { cause: 'klarna', stage: 'gateway' },
  ),
  shape: rule('spec', openapi, 'A body has the fields, types, lengths and patterns of the contract.'),
  // Markets
  'market-country': rule(
    'docs',
    'purchase countries, currencies, locales',
    'The country must be one of the 26 markets.',
    { judges: 'purchase' },
  ),
  'market-currency': rule(
    'docs',
    'purchase countries, currencies, locales',
    'The currency is that of the billing country, or else of the purchase country, unless the merchant is granted others.',
    { judges: 'purchase' },
  ),
  'market-locale': rule(
    'docs',
    'validations in Klarna Payments; English reported in krokedil/klarna-payments-for-woocommerce#51',
    'The region of a locale may not belong to another market than the purchase, unless its language is English.',
    { judges: 'purchase' },
  ),
  // Amounts
  'line-total': rule(
    'docs',
    'Klarna’s SDKs for Java and .NET, order lines; the OpenAPI document names no tolerance',
    'A line’s total_amount is quantity × unit_price − total_discount_amount, ± quantity.',
    { judges: 'purchase' },
  ),
  'line-tax': rule(
    'spec',
    openapi,
    'A line’s total_tax_amount is total_amount − total_amount × 10000 / (10000 + tax_rate), ±1.',
    { judges: 'purchase' },
  ),
  'order-total': rule(
    'recorded',
    'playground recordings 2021',
    'The order_amount is the sum of the lines’ total_amount.',
    { judges: 'purchase' },
  ),
  'order-tax': rule(
    'docs',
    'tax handling',
    'The order_tax_amount is the sum of the lines’ total_tax_amount, ± the number of lines.',
    { judges: 'purchase' },
  ),
  'sales-tax': rule(
    'recorded',
    'playground recordings 2021',
    'With a sales_tax line the order_tax_amount is that line’s total_amount.',
    { judges: 'purchase' },
  ),
  'zero-amount': rule(
    'docs',
    'sign in with Klarna; krokedil plugin',
    'Only a session that does nothing but tokenize may have an order_amount of 0.',
    { judges: 'purchase' },
  ),
  attachment: rule(
    'docs',
    'error catalogue; attachment schema',
    'An attachment is JSON text of extra merchant data: packages that are lists of objects, with dates of ISO 8601.',
    { judges: 'purchase' },
  ),
  // People
  'person-name': rule(
    'docs',
    'customer data requirements',
    'A name has more than one character, is not digits alone and has no signs but those of names.',
  ),
  'person-email': rule('docs', 'customer data requirements', 'An e-mail address has one @ and a domain.'),
  'person-phone': rule('docs', 'customer data requirements', 'A phone number must be possible in its country.'),
  'person-postal-code': rule('docs', 'customer data requirements', 'A postal code has the form of its country.'),
  'person-region': rule('spec', openapi, 'An address in the United States or Australia names its region.'),
  'person-street': rule(
    'docs',
    'customer data requirements',
    'Streets and cities use Latin letters and the signs of addresses.',
  ),
  'purchase-complete': rule('inferred', choice, 'Nothing can be authorized before amount and lines are known.', {
    settledBy: 'what the SDK answers to authorize() before the session has an amount and lines',
  }),
  // Sessions
  'session-known': rule('docs', 'error catalogue', 'A session is known to the merchant that created it.'),
  'session-lifetime': rule('docs', 'guide, step 1', 'A session lives 48 hours.', { cause: 'time' }),
  'session-completed': rule('docs', 'error catalogue', 'A session ends with its order.', { cause: 'shopper' }),
  'step-up-known': rule(
    'inferred',
    choice,
    'A step_up_id goes with the customer token whose refused charge handed it out.',
    { settledBy: 'a session with the step_up_id of another token, or one that was used, and its answer' },
  ),
  // Authorizations
  'authorization-known': rule(
    'docs',
    'error catalogue',
    'An authorization token is known to the merchant of its session.',
  ),
  'authorization-lifetime': rule('docs', 'guide, step 3', 'An authorization token can be used for 60 minutes.', {
    cause: 'time',
  }),
  'authorization-newest': rule(
    'docs',
    'hosted payment page, API documentation',
    'Only the newest authorization of a session is valid.',
  ),
  'authorization-released': rule('docs', 'cancel an authorization', 'A cancelled authorization cannot be used.'),
  'authorization-used': rule('docs', 'error catalogue', 'An authorization that became an order cannot be cancelled.'),
  'intent-order': rule('reported', 'krokedil plugin', 'A session that only tokenizes gives no order.'),
  'intent-token': rule('docs', 'error catalogue', 'Only a session with a tokenizing intent gives a customer token.'),
  'order-same-body': rule(
    'docs',
    'error catalogue',
    'An authorization that became an order answers the same body again, and no other.',
    { judges: 'authorized-order' },
  ),
  'order-matches': rule(
    'docs',
    'validations in Klarna Payments',
    'Addresses, lines, amounts, currency and country of the order are those of the authorization; an empty text is not an absent one.',
    { judges: 'authorized-order' },
  ),
  'refusal-sticks': rule(
    'reported',
    'krokedil/klarna-payments-for-woocommerce#31',
    'A refused order stays refused for that authorization.',
    { cause: 'klarna' },
  ),
  'token-country': rule('docs', 'guide, step 3', 'A customer token is created in the country of its session.'),
  'token-currency': rule('inferred', choice, 'A customer token is created in the currency of its session.', {
    settledBy: 'a customer token asked for in another currency than its session has, and the answer',
  }),
  // Purchase flow
  'option-and-source': rule('inferred', choice, 'A payment option is backed only by the funding sources it knows.', {
    settledBy: 'orders by further pairs of payment option and funding source, each with authorized_payment_method',
  }),
  'source-kept': rule(
    'inferred',
    'guide on mixed payments: Klarna “aims to” tokenize a Pay Now option',
    'A card or an account that cannot be kept is not tokenized; Pay Later in 30 days is.',
    { settledBy: 'the customer token of a mixed purchase by a card that cannot be charged again' },
  ),
  'shopper-decision': rule(
    'docs',
    'SDK reference',
    'The shopper may be approved, be denied, leave, or have to correct something.',
    { cause: 'shopper' },
  ),
  'sample-source': rule('inferred', choice, 'One sample card of the purchase page is refused.', { cause: 'shopper' }),
  'reauthorize-after': rule(
    'docs',
    'SDK reference',
    'A purchase is authorized again with the choice of its authorization, so that there must be one.',
  ),
  'category-offered': rule('inferred', choice, 'A page can show the payment method categories that its session has.', {
    settledBy: 'what load() answers for a category that the session does not have',
  }),
  'finalize-waits': rule('docs', 'SDK reference', 'Only a purchase that asked for it can be finalized.'),
  'test-trigger': rule('docs', 'sample customer data', 'Klarna’s test addresses decide the outcome of a purchase.', {
    cause: 'shopper',
  }),
  // Customer tokens
  'token-known': rule('recorded', 'playground recordings 2021', 'A customer token that does not exist is not found.'),
  'token-owner': rule(
    'docs',
    'guide, step 3',
    'A customer token belongs to the merchant that created it, unless it is shared.',
  ),
  'token-active': rule('docs', 'guide, step 3', 'Only an active customer token can be charged.'),
  'token-final': rule('docs', 'cancel a customer token', 'A cancelled customer token stays cancelled.'),
  'charge-currency': rule('docs', 'guide, step 3', 'A customer token is charged in its own currency.'),
  'charge-declined': rule(
    'docs',
    'recover a failed charge',
    'A charge that the payment method refuses gives no order.',
    { cause: 'klarna' },
  ),
  // Orders
  'order-id': rule('docs', 'error catalogue for Order Management', 'An order id is a UUID.'),
  'order-path': rule(
    'recorded',
    'playground recordings 2021',
    'A path of Order Management with signs that no id has, gets the page of the server behind it.',
    { stage: 'gateway' },
  ),
  'order-known': rule(
    'docs',
    'error catalogue for Order Management',
    'An order is known to the merchant that placed it.',
  ),
  'order-state': rule(
    'docs',
    'view and change orders',
    'What can be done with an order depends on its status: captured, cancelled and expired orders are closed to changes.',
  ),
  'capture-known': rule('docs', 'error catalogue for Order Management', 'A capture is known to its order.'),
  'capture-state': rule('docs', 'capture and track orders', 'Only what is authorized can be captured.'),
  'capture-fraud': rule('docs', 'pending orders', 'An order is not captured while its fraud check is pending.'),
  'capture-amount': rule(
    'reported',
    'krokedil/klarna-checkout-for-woocommerce#585',
    'A capture may not be higher than what is left of the authorization.',
  ),
  'refund-known': rule('docs', 'error catalogue for Order Management', 'A refund is known to its order.'),
  'refund-state': rule('docs', 'refunds', 'Only an order with captures can be refunded.'),
  'refund-amount': rule('docs', 'refunds', 'No more can be refunded than was captured.'),
  'parts-limit': rule('inferred', choice, 'An order holds a limited number of captures, refunds and shipments.', {
    settledBy: 'the answer to the first capture, refund or shipment that Klarna finds too many',
  }),
  'authorization-amount': rule(
    'docs',
    'view and change orders',
    'An authorization cannot be lowered below what is captured.',
  ),
  'authorization-raise': rule(
    'docs',
    'view and change orders',
    'Only some payment methods let an authorization be raised, some of them in some countries.',
  ),
  'billing-address-stays': rule('docs', 'view and change orders', 'The billing address of an order cannot be changed.'),
  extension: rule(
    'docs',
    'extended authorization',
    'An authorization can be prolonged while it holds, to 180 days in all, but not for every payment method.',
  ),
  'due-date': rule(
    'docs',
    'extend payment date, and its pricing',
    'Where the market has a price for it, the due date of Pay in 30 days and Pay in 4 can be put off by what its options offer, by 2 days once an order.',
  ),
  'fraud-decision': rule(
    'docs',
    'pending orders',
    'A pending fraud check ends with a verdict, and an accepted order can still be stopped.',
  ),
  // Hosted sessions
  'hosted-payment-session': rule(
    'spec',
    hostedPage,
    'A hosted session is made for a session of Klarna Payments, named by its URL.',
  ),
  'hosted-categories': rule(
    'docs',
    'accept Klarna Payments with the Hosted Payment Page',
    'The categories of ways to pay are given as one or as a list, not both.',
  ),
  'hosted-known': rule('spec', hostedPage, 'A hosted session is known to the merchant that created it.'),
  'hosted-lifetime': rule(
    'docs',
    'hosted payment page, API documentation',
    'A hosted session ends an hour before its payment session.',
    { cause: 'time' },
  ),
  'hosted-final': rule(
    'docs',
    'tracking session status',
    'A hosted session that is completed, cancelled or disabled stays so.',
  ),
  'hosted-contact': rule('spec', hostedPage, 'Each way to hand out the link needs its own part of the contact.'),
  'hosted-not-sent': rule('inferred', own, 'The link is handed out to nobody: nothing leaves the machine.'),
  'client-token': rule('inferred', own, 'The stand-ins of Klarna’s scripts name their session by its client token.', {
    stage: 'gateway',
  }),
  'client-id': rule(
    'inferred',
    own,
    'An express button names its merchant by user name, or by a client id that is listed.',
    {
      stage: 'gateway',
    },
  ),
  'sdk-error': rule('inferred', own, 'What the stand-in of Klarna’s script refuses on a page stands in the journal.'),
  'scenario-outcome': rule('inferred', own, 'A scenario scripts another outcome than the ordinary one.', {
    cause: 'script',
  }),
  'scenario-fault': rule('inferred', own, 'A scenario scripts trouble on the wire.', {
    cause: 'script',
    stage: 'wire',
  }),
  'scenario-known': rule('inferred', own, 'A scenario is chosen by its name or alias, or given in line.'),
  'own-pages': rule(
    'inferred',
    own,
    'The control API and its pages are called by a name of the sandbox, and by no page but its own.',
    { stage: 'gateway' },
  ),
  'callback-known': rule('inferred', own, 'A callback can be sent again while one of its attempts is remembered.'),
  'clock-forward': rule('inferred', own, 'A merchant’s clock only moves forward.'),
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;

/** Returns the rule of an id; undefined for an unknown or absent one. */
export const ruleOf = (id: RuleId | undefined): Rule | undefined => id && rules[id];

/** The reason for an answer: the rule, and one sentence with the values. */
export interface Reason {
  rule: RuleId;
  text: string;
}
