import type { Evidence } from './evidence.js';

/** A behaviour of Klarna's browser script, with its evidence; the stand-in in src/browser/sdk has it. */
interface Behaviour {
  says: string;
  evidence: Evidence;
  source: string;
  /** The recording that would settle an inferred statement. */
  settledBy?: string;
}

const script = 'Klarna’s api.js 1.10.0, a public copy of 2022';
const reference = 'Klarna: Payments SDK reference';
const guide = 'Klarna guide, step 2';
const express = 'Klarna: Express checkout';
const messaging = 'Klarna: On-site messaging';
const choice = 'our choice';

function read(says: string, source = script): Behaviour {
  return { says, evidence: 'recorded', source };
}

function documented(says: string, source = reference): Behaviour {
  return { says, evidence: 'docs', source };
}

function seen(says: string, source: string): Behaviour {
  return { says, evidence: 'reported', source };
}

function inferred(says: string, source: string, settledBy: string): Behaviour {
  return { says, evidence: 'inferred', source, settledBy };
}

/** A decision of the stand-in alone: there is nothing of Klarna's to be settled. */
function chosen(says: string): Behaviour {
  return { says, evidence: 'inferred', source: choice };
}

/** The behaviour of the browser script by id, in the order in which a page meets it. */
export const browserSdk = {
  // The script
  'script-query': seen(
    'The script is served whatever query its address has.',
    'solidus_klarna_payments adds a timestamp',
  ),
  'script-namespaces': read(
    'Four namespaces: Payments, Credit, DirectDebit and DirectBankTransfer, each with verbs of its own.',
  ),
  'script-keeps-page': read('What a page has on window.Klarna before stays.'),
  'script-async-callback': read(
    'klarnaAsyncCallback is called at the end of the script, at once and without arguments.',
  ),
  'script-callback-late': inferred(
    'A klarnaAsyncCallback that is set after the script ran is not called.',
    'follows from how the script of 2022 calls it',
    'a page that sets it late',
  ),
  'script-twice': read(
    'A second script tag defines nothing anew and calls klarnaAsyncCallback again; what was loaded stays.',
  ),
  'script-same-origin': chosen('The stand-in talks to the address in the token’s base_url, and to nobody else.'),

  // init
  'init-returns': read('init returns its namespace at once.'),
  'init-token': read(
    'A client_token that is no text of three parts with JSON in the second: InvalidClientTokenError is thrown.',
  ),
  'init-signature': read('The signature of a client token is not checked.'),
  'init-base-url': read(
    'A token whose base_url is not taken: nothing is thrown, undefined is returned, and the next load finds nothing initialized.',
  ),
  'init-base-url-hosts': chosen(
    'Taken are the host that the script came from and local names. 127.0.0.1, which Klarna’s script does not take, is refused with data-strict only; a token of Klarna’s own is always refused.',
  ),
  'init-again': read(
    'init may be called again: with the same token nothing happens, another one removes the frames and begins anew.',
  ),
  'init-again-loads': inferred(
    'Loads that wait when another token begins get no answer.',
    'their frames are gone',
    'a page that calls init with another token while a load runs',
  ),
  'init-initialized': read('initialized is true when the token has the claim scheme or is of the type credit.'),
  'init-other-options': seen(
    'Options such as product, integrator and originators are ignored.',
    'klarna/sfcc-klarna-payments',
  ),

  // Arguments
  'arguments-load': read(
    'load takes (options, callback) and (options, data, callback); a missing callback does nothing.',
  ),
  'arguments-verbs': read(
    'authorize, reauthorize and finalize take (callback), (options, callback) and (options, data, callback).',
  ),
  'arguments-data-first': read(
    'The older order (data, options, callback) is known by payment_method_category in the second object, for authorize by instance_id as well.',
  ),
  'arguments-data-for-options': read(
    '(data, callback) is taken for (options, callback): the data is lost, without an error.',
  ),
  'arguments-token': read('options.client_token of load initializes again.'),
  'arguments-merge': read('The data of load is merged with that of authorize at every level; the later one wins.'),
  'arguments-data-updates': documented('The data of load and authorize changes the session.'),
  'arguments-not-json': chosen('Data that JSON cannot carry is left out; the console says so.'),
  'errors-callback-first': read('Where a call is wrong, the callback gets its answer first; then the error is thrown.'),
  'errors-names': documented('Each error has its name in its property name.'),
  'errors-told': chosen('The console says in one sentence what was wrong with a call, and the journal has it.'),

  // load
  'load-order': read('load checks: initialized, container, categories, instance, preferred payment method.'),
  'load-not-initialized': read('load before init: {show_form: false}, ApplicationNotInitializedError.'),
  'load-container-selector': read('A selector that finds nothing: {show_form: false}, InvalidContainerSelectorError.'),
  'load-container-type': read('A container that is neither text nor HTMLElement: {show_form: false}, TypeError.'),
  'load-category': read('A category that is not known: {show_form: false}, PaymentMethodCategoryNotSupportedError.'),
  'load-category-klarna': documented('klarna is a category, beside the seven of 2022.', guide),
  'load-category-empty': seen('An empty category counts as none.', 'krokedil/klarna-payments-for-woocommerce'),
  'load-category-objects': seen(
    'Categories may be given as the objects in which a session answers them; the script of 2022 refused that, as data-strict does.',
    'shops hand the session’s list on',
  ),
  'load-categories-instance': read('Several categories without instance_id: InstanceIDNotProvidedError.'),
  'load-instance': read('An instance_id of other characters than letters, digits, _ and -: InvalidInstanceIDError.'),
  'load-instance-words': inferred(
    'The message of InvalidInstanceIDError begins with “The instance ID”.',
    'the rest of it is known',
    'the message',
  ),
  'load-preferred': read('A preferred_payment_method that is not known: PreferredPaymentMethodNotSupportedError.'),
  'load-preferred-words': inferred(
    'The message of PreferredPaymentMethodNotSupportedError is that of the categories with other words.',
    'by its neighbours',
    'the message',
  ),
  'load-payments-only': read(
    'Categories, instances and preferred methods are checked for sessions of the type payments only.',
  ),
  'load-no-category': documented('Without a category those of the session are shown together.'),
  'load-frame': read(
    'A frame klarna-<name>-main comes into the container, and a hidden klarna-<name>-fullscreen into the page half a second later; the name is instance_id, else the category, else the session’s type.',
  ),
  'load-frame-size': read(
    'The frame is as wide as the container, between 280 and 600 pixels, and 230 pixels high at first.',
  ),
  'load-again-same': read('A load with the same container keeps the frame.'),
  'load-again-other': read('A load with another container removes the frame and makes a new one.'),
  'load-again-waiting': inferred(
    'The last load of an instance answers for those before that still wait.',
    'only one frame can show something',
    'two loads of one instance at once',
  ),
  'load-half-a-minute': read(
    'A frame that shows nothing within 30 seconds: {show_form: false}, and nothing is thrown.',
  ),
  'load-answers': documented('{show_form: true}; {show_form: false}, also with error.invalid_fields.'),
  'load-mendable': documented(
    'What can be mended is answered {show_form: true, error: {invalid_fields}}.',
    'Klarna: older reference',
  ),
  'load-purchase-amount': seen(
    'purchase_amount is shown as the amount.',
    'krokedil/klarna-payments-for-woocommerce; klarna/sfcc-klarna-payments',
  ),
  'load-badge': read('The frame says TESTDRIVE outside production.'),
  'load-several': seen('Several categories and instances are loaded side by side.', 'workarea-klarna; WooCommerce'),

  // authorize
  'authorize-order': read('authorize checks: categories, instance, whether a frame of that name was loaded.'),
  'authorize-not-loaded': read(
    'authorize without init, or with data-strict without a load of that name: {show_form: false, approved: false}, ApplicationNotLoadedError.',
  ),
  'authorize-without-load': documented('authorize works after init alone.', 'Klarna: recover a failed charge'),
  'authorize-twice': read('While one authorize of an instance runs, another one is ignored: no callback, no error.'),
  'authorize-approved': documented('Approved: {authorization_token, approved: true, show_form: true}.'),
  'authorize-finalize-required': documented(
    'With auto_finalize: false, approved: {approved: true, show_form: true, finalize_required: true}, without a token.',
  ),
  'authorize-fix': documented('To be mended: {approved: false, show_form: true, error: {invalid_fields}}.'),
  'authorize-closed': documented('Closed by the shopper: {approved: false, show_form: true}.'),
  'authorize-denied': documented('Declined: {approved: false, show_form: false}.'),
  'authorize-no-token': seen(
    'authorization_token is absent, not null, unless there is one.',
    'krokedil/klarna-payments-for-woocommerce asks whether the key is there',
  ),
  'authorize-failed': read('What goes wrong on the way: {show_form: false, approved: false}, and nothing is thrown.'),
  'authorize-frame': seen(
    'The purchase page is in a frame klarna-apf-iframe over the page.',
    'browser tests of WooCommerce payments, hyperswitch and others',
  ),
  'authorize-popup': read(
    'In a window of 500 by 700 pixels the answer has finalize_required: false as well; it has ten seconds to open.',
  ),
  'authorize-blocked': chosen(
    'Where the browser blocks the frame, the purchase page opens in a window; data-popup asks for it at once.',
  ),
  'authorize-fullscreen': seen(
    'With data-fullscreen the purchase page is in klarna-<name>-fullscreen, as before 2024.',
    'browser tests of shops of those years',
  ),

  // reauthorize, finalize, loadPaymentReview
  'continue-init-only': read('reauthorize and finalize need an init and no load.'),
  'continue-no-init': read('reauthorize or finalize before any init: a plain TypeError, and no callback.'),
  'continue-not-initialized': read(
    'After an init that was of no use: {show_form: false, approved: false}, ApplicationNotInitializedError.',
  ),
  'continue-checks': read('Categories and instance are checked as for authorize.'),
  'continue-unseen': documented('Nothing is shown when the shopper has nothing to do.'),
  'reauthorize-answers': documented(
    '{authorization_token, approved: true} with a new token, or {approved: false}; show_form is sent with both.',
  ),
  'finalize-answers': documented(
    '{authorization_token, approved: true, show_form: true}, or {approved: false, show_form: false}.',
  ),
  'finalize-address': documented(
    'After a button that collected an address, finalize answers collected_shipping_address as well.',
    express,
  ),
  'finalize-address-kept': chosen('The address is kept in the page’s sessionStorage until then.'),
  'review-countries': read(
    'loadPaymentReview is for US and GB; elsewhere {show_form: false}, OperationNotSupportedError.',
  ),
  'review-frame': read('The review is in a frame klarna-payment-review-main, 80 pixels high at first.'),
  'review-order': inferred(
    'loadPaymentReview checks: initialized, country, container.',
    'by the order of load',
    'a call with two of these wrong',
  ),

  // on, off
  'events-names': read(
    'heightChanged, with the height in whole pixels, fullscreenOverlayShown and fullscreenOverlayHidden; another name: EventNotSupportedError is thrown.',
  ),
  'events-off': read('off never throws; without a handler it removes all of the event.'),

  // Buttons
  'buttons-init': documented(
    'Buttons.init takes client_id, client_key or client_token, and returns load and authorize.',
    express,
  ),
  'buttons-init-wrong': inferred(
    'Buttons.init with none of them throws a TypeError, with a client_token that cannot be used an InvalidClientTokenError.',
    'as init does',
    'what Buttons.init throws',
  ),
  'buttons-client-id': chosen('A client id is the merchant’s user name, or listed in its entry of the merchants file.'),
  'buttons-load': documented(
    'Buttons.load draws a button by theme, shape and locale; a click calls on_click with authorize.',
    express,
  ),
  'buttons-shadow': seen(
    'The button is in the shadow root of the container.',
    'krokedil/klarna-express-checkout looks for it there',
  ),
  'buttons-container': inferred('A wrong container is refused as by load.', 'as load does', 'what Buttons.load throws'),
  'buttons-authorize': documented(
    'authorize takes options, the body of a session, and a callback; the session is opened for it.',
    express,
  ),
  'buttons-several-steps': documented(
    'With auto_finalize: false the answer has finalize_required: true, client_token, session_id, payment_method_categories, and the address where one was asked for.',
    express,
  ),
  'buttons-one-step': documented('Otherwise it has authorization_token and finalize_required: false.', express),
  'buttons-address': documented(
    'collect_shipping_address asks for an address, which has the fields of the API’s.',
    express,
  ),
  'buttons-any-origin': chosen('Every origin may use a client id.'),
  'buttons-twice': inferred(
    'A second authorize of a button while one runs is ignored.',
    'as authorize does',
    'two clicks',
  ),

  // On-site messaging
  'placement-element': documented('klarna-placement takes data-key, data-locale and data-purchase-amount.', messaging),
  'placement-drawn': chosen(
    'A placeholder says which message would stand there, for which amount and in which language.',
  ),
  'placement-script': documented('It comes with lib.js, and with version 1 of the Web SDK.', messaging),
  'placement-refresh': documented(
    'KlarnaOnsiteService.push({eventName: "refresh-placements"}) and Klarna.OnsiteMessaging.refresh() draw all anew.',
    messaging,
  ),
  'placement-refresh-only': inferred(
    'A changed attribute is not seen before a refresh.',
    'Klarna asks shops to refresh',
    'a page that changes data-purchase-amount and does not refresh',
  ),
  'placement-web-sdk-2': documented(
    'Klarna.Messaging.placement({key, amount, locale}).mount(selector) does the same.',
    'Klarna: Web SDK 2',
  ),
} as const satisfies Record<string, Behaviour>;

/** Something of Klarna's script that the stand-in has not, and why. */
interface Absent {
  what: string;
  why: string;
}

/** Parts of Klarna's script that the stand-in does not have, each with the reason. */
export const notInBrowserSdk: readonly Absent[] = [
  {
    what: 'validateCard',
    why: 'Klarna’s script has it on Klarna’s own hosts and on localhost only, and no source says what it does.',
  },
  { what: 'The handshake with mobile wrappers before klarnaAsyncCallback', why: 'It belongs to Klarna’s native SDKs.' },
  {
    what: 'paymentMethodSelected and the userAccount events; on_redirect and on_show_external_document',
    why: 'Klarna’s script has them on Klarna’s own hosts only.',
  },
  {
    what: 'The device frame, and _klarna_mdid in localStorage',
    why: 'They recognize devices, for decisions on risk that the sandbox does not make.',
  },
  { what: 'The loader of some countries', why: 'What is shown comes from the machine next door, at once.' },
  { what: 'Links of the frames to bankid: and klarna: addresses', why: 'The pages of the sandbox lead to no app.' },
  { what: 'Allowed origins of a client id', why: 'There is no portal to enter them in; every origin may use it.' },
  {
    what: 'The Express Button of express-button/v1/lib.js',
    why: 'Klarna has replaced it with Klarna.Payments.Buttons.',
  },
  { what: 'Errors of the mobile SDKs, such as ShowFormFalseError', why: 'They are not of the browser script.' },
  {
    what: 'PaymentMethodCategoryNotProvidedError and PaymentMethodCategoryOrInstanceIDRequiredError',
    why: 'The script of 2018 threw them; today’s documentation shows all categories instead.',
  },
  {
    what: 'Uses of the claims experiments, oo, design, region, trace_flow, environment and client_event_base_url',
    why: 'They steer experiments and measurements of Klarna’s; the token carries those that are recorded.',
  },
  {
    what: 'The static widget that answers load at once',
    why: 'Klarna’s script draws it for some merchants; no source says for whom.',
  },
  {
    what: 'theme and messagePrefix of a placement',
    why: 'A placeholder stands in for the message, in the colours of the sandbox.',
  },
  {
    what: 'The Web SDK: Klarna.Payment, Identity, Interoperability',
    why: 'It is another product with an API of its own; its addresses answer with a sentence.',
  },
];
