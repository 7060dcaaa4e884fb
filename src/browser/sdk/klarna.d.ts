/**
 * Types of the browser script that mock-klarna serves in the place of Klarna's `api.js`. A shop's own code may be checked
 * against them: `/// <reference types="mock-klarna/browser" />`.
 */
declare namespace KlarnaSdk {
  /** A payment method category: those of 2022, and `klarna`, which sessions have had since. */
  type Category =
    | 'klarna'
    | 'pay_later'
    | 'pay_now'
    | 'pay_over_time'
    | 'pay_in_parts'
    | 'card'
    | 'direct_bank_transfer'
    | 'direct_debit'
    | '';

  interface InvalidFields {
    /** Paths such as `billing_address.email`. */
    invalid_fields: string[];
  }

  interface InitOptions {
    client_token: string;
    product?: string;
    /** Read by nobody, as are other fields. */
    integrator?: object;
    originators?: object[];
  }

  interface LoadOptions {
    /** A CSS selector, or the element. */
    container: string | HTMLElement;
    payment_method_category?: Category;
    payment_method_categories?: Category[];
    /** Goes with `payment_method_categories`. */
    instance_id?: string;
    preferred_payment_method?: string;
    /** In minor units. */
    purchase_amount?: number;
    /** Initializes again. */
    client_token?: string;
  }

  interface ReviewOptions {
    container: string | HTMLElement;
  }

  interface VerbOptions {
    payment_method_category?: Category;
    payment_method_categories?: Category[];
    instance_id?: string;
  }

  interface AuthorizeOptions extends VerbOptions {
    /** False: an approved purchase waits for finalize(). */
    auto_finalize?: boolean;
  }

  /** Fields of the session, which it takes over. */
  interface PurchaseData {
    billing_address?: Partial<Address>;
    shipping_address?: Partial<Address>;
    customer?: object;
    order_amount?: number;
    order_tax_amount?: number;
    order_lines?: object[];
    purchase_country?: string;
    purchase_currency?: string;
    locale?: string;
    [field: string]: unknown;
  }

  interface Address {
    given_name: string;
    family_name: string;
    email: string;
    phone: string;
    title: string;
    organization_name: string;
    street_address: string;
    street_address2: string;
    postal_code: string;
    city: string;
    region: string;
    country: string;
  }

  interface LoadAnswer {
    /** False: Klarna cannot be used, hide it. */
    show_form: boolean;
    error?: InvalidFields;
  }

  interface AuthorizeAnswer {
    approved: boolean;
    /** False: the shopper cannot try again. */
    show_form: boolean;
    /** There only when the purchase is approved and complete. */
    authorization_token?: string;
    finalize_required?: boolean;
    error?: InvalidFields;
    collected_shipping_address?: Partial<Address>;
  }

  type LoadCallback = (answer: LoadAnswer) => void;
  type AuthorizeCallback = (answer: AuthorizeAnswer) => void;

  /** A verb, by its options; the data may be left out, and the older order has the data first. */
  interface Verb<Options> {
    (callback: AuthorizeCallback): void;
    (options: Options, callback: AuthorizeCallback): void;
    (options: Options, data: PurchaseData | null | undefined, callback: AuthorizeCallback): void;
    (data: PurchaseData, options: Options, callback: AuthorizeCallback): void;
  }

  interface Load {
    (options: LoadOptions, callback?: LoadCallback): void;
    (options: LoadOptions, data: PurchaseData | null | undefined, callback?: LoadCallback): void;
  }

  interface Events {
    /** Gets the height of the frame in the container, in pixels. */
    on(event: 'heightChanged', handler: (height: number) => void): void;
    on(event: 'fullscreenOverlayShown' | 'fullscreenOverlayHidden', handler: () => void): void;
    /** Without a handler removes all. */
    off(event: string, handler?: (...details: never[]) => void): void;
  }

  interface Init<Namespace> {
    /** Undefined when the token belongs to another sandbox, or to Klarna. */
    init(options: InitOptions): Namespace | undefined;
  }

  interface Payments extends Init<Payments>, Events {
    load: Load;
    authorize: Verb<AuthorizeOptions>;
    reauthorize: Verb<VerbOptions>;
    finalize: Verb<VerbOptions>;
    loadPaymentReview(options: ReviewOptions, callback?: LoadCallback): void;
    readonly initialized: boolean;
    readonly Buttons: Buttons;
  }

  interface Credit extends Init<Credit>, Events {
    load: Load;
    authorize: Verb<AuthorizeOptions>;
    reauthorize: Verb<VerbOptions>;
    loadPaymentReview(options: ReviewOptions, callback?: LoadCallback): void;
  }

  interface DirectDebit extends Init<DirectDebit>, Events {
    load: Load;
    authorize: Verb<AuthorizeOptions>;
    reauthorize: Verb<VerbOptions>;
  }

  interface DirectBankTransfer extends Init<DirectBankTransfer>, Events {
    load: Load;
    authorize: Verb<AuthorizeOptions>;
    finalize: Verb<VerbOptions>;
  }

  /** Express checkout. */
  interface Buttons {
    init(options: ButtonsInitOptions): Button;
  }

  /** One of the three tells whose purchase it is: the merchant's user name or another client id, or an open session. */
  interface ButtonsInitOptions {
    client_id?: string;
    client_key?: string;
    client_token?: string;
    integrator?: object;
    originators?: object[];
  }

  interface ButtonOptions {
    container: string | HTMLElement;
    theme?: 'default' | 'light' | 'dark' | 'outlined';
    shape?: 'default' | 'rect' | 'pill';
    /** Such as `sv-SE`. */
    locale?: string;
    on_click: (authorize: Button['authorize']) => void;
  }

  interface ButtonAuthorizeOptions {
    auto_finalize?: boolean;
    collect_shipping_address?: boolean;
  }

  interface ButtonAnswer extends AuthorizeAnswer {
    /** There when finalize() has to follow. */
    client_token?: string;
    session_id?: string;
    payment_method_categories?: { identifier: string; name?: string; asset_urls?: Record<string, string> }[];
  }

  interface Button {
    load(options: ButtonOptions, callback?: LoadCallback): void;
    /** @param order the body of a new session; may be empty where the button has a client token */
    authorize(
      options: ButtonAuthorizeOptions,
      order: PurchaseData | null | undefined,
      callback: (answer: ButtonAnswer) => void,
    ): void;
  }

  interface OnsiteMessaging {
    /** Draws every placement anew. */
    refresh(): void;
  }

  interface Sdk {
    Payments: Payments;
    Credit: Credit;
    DirectDebit: DirectDebit;
    DirectBankTransfer: DirectBankTransfer;
    /** There when the script of on-site messaging was loaded. */
    OnsiteMessaging?: OnsiteMessaging;
  }
}

declare const Klarna: KlarnaSdk.Sdk;

interface Window {
  Klarna: KlarnaSdk.Sdk;
  /** Called at the end of the script, if it is there by then. */
  klarnaAsyncCallback?: () => void;
  KlarnaOnsiteService?: { push(event: { eventName: string }): unknown };
}
