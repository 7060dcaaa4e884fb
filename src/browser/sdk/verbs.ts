import { REFUSED } from './answers.js';
import { Application, type Said } from './application.js';
import { type Fields, type Given, readArguments, readEitherOrder } from './arguments.js';
import { refuseBaseUrl } from './base-url.js';
import {
  categoriesOf,
  checkCategories,
  checkInstance,
  checkInstanceGiven,
  checkPreferred,
  instanceOf,
} from './checks.js';
import { findContainer } from './container.js';
import { copyData } from './data.js';
import type { Mistake } from './errors.js';
import { checkEvent, type EventName, Events } from './events.js';
import type { PurchaseCall } from './messages.js';
import { fail, note, noteOnce, tell } from './notes.js';
import type { Script } from './script.js';
import { readClaims, textClaim } from './token.js';

/** The namespaces of Klarna's script, and the word for each where a session has no type. */
const API_NAMES = {
  Payments: 'payments',
  Credit: 'credit',
  DirectDebit: 'direct-debit',
  DirectBankTransfer: 'direct-bank-transfer',
} as const;

export type ApiName = keyof typeof API_NAMES;

type Verbs = ReturnType<typeof makeVerbs>;

const NO_FORM = { show_form: false };

const INVALID_TOKEN: Mistake = {
  name: 'InvalidClientTokenError',
  advice: 'give options.client_token: the client_token of the session, a JSON Web Token of three parts, unchanged',
};
const NOT_INITIALIZED: Mistake = {
  name: 'ApplicationNotInitializedError',
  advice: 'call init({ client_token }) before, and look above for why an init was of no use',
};

/** The fields of a purchase that nobody means as options. */
const DATA_FIELDS = ['billing_address', 'shipping_address', 'customer', 'order_lines', 'order_amount'];

/** Makes one namespace of the verbs that it has. They share one application, and its events. */
export function makeNamespace<Namespace extends object>(
  api: ApiName,
  script: Script,
  names: readonly (keyof Namespace & keyof Verbs)[],
): Namespace {
  const verbs = makeVerbs(api, script, () => namespace);
  const own = names.map((name) => [name, Object.getOwnPropertyDescriptor(verbs, name)]);
  const namespace = Object.defineProperties({}, Object.fromEntries(own)) as Namespace;
  return namespace;
}

function makeVerbs(api: ApiName, script: Script, namespace: () => object) {
  const events = new Events();
  /** Undefined before the first init; `refused` after one whose token is not this sandbox's. */
  let state: Application | 'refused' | undefined;
  const applicationOf = () => (state instanceof Application ? state : undefined);
  const called = (verb: string) => `Klarna.${api}.${verb}`;

  /** Begins an application for a client token; returns the mistake of one that cannot be read. */
  function begin(token: unknown): Mistake | undefined {
    const claims = readClaims(token);
    if (!claims) return INVALID_TOKEN;
    if (applicationOf()?.session.token === token) return undefined;
    applicationOf()?.end();
    const reason = refuseBaseUrl(claims.base_url, script);
    if (reason) note(`${called('init')} did nothing: ${reason}`);
    state = reason ? 'refused' : new Application(String(token), claims, API_NAMES[api], script, events);
    return undefined;
  }

  function dataOf(call: string, data: unknown): Fields | undefined {
    try {
      const copy = copyData(data);
      if (data && typeof data !== 'object') note(`${call}: the data is left out, since it is no object`);
      return copy;
    } catch (error) {
      note(
        `${call}: the data is left out, since it cannot be sent as JSON (${error instanceof Error ? error.message : error})`,
      );
      return undefined;
    }
  }

  function saidIn(call: string, { options, data }: Given): Said {
    if (DATA_FIELDS.some((field) => field in options)) {
      note(
        `${call}: ${Object.keys(options).join(', ')} stand in the place of the options and are lost; give ({}, data, callback)`,
      );
    }
    return { options, named: categoriesOf(options, script.strict), data: dataOf(call, data) };
  }

  /** Checks categories and instance, which only sessions of the type `payments` have. */
  function checkNamed({ options, named }: Said, isLoad: boolean): Mistake | undefined {
    const type = applicationOf()?.sessionType ?? API_NAMES[api];
    if (type !== 'payments') return undefined;
    const instance = instanceOf(options);
    return (
      checkCategories(named) ??
      (isLoad ? checkInstanceGiven(named, instance) : undefined) ??
      checkInstance(instance) ??
      (isLoad ? checkPreferred(options) : undefined)
    );
  }

  /** Runs reauthorize or finalize, which ask for an init only. */
  function continuePurchase(verb: Exclude<PurchaseCall, 'authorize'>, args: readonly unknown[]): void {
    const call = called(verb);
    if (state === undefined) {
      note(`${call}: no init came before; Klarna’s script fails on what it has not, and calls no callback`);
      throw new TypeError(`${call} needs ${called('init')} before it`);
    }
    const given = readEitherOrder(args, ['payment_method_category']);
    const application = applicationOf();
    if (!application) fail(call, NOT_INITIALIZED, undefined, given.callback, REFUSED);
    const said = saidIn(call, given);
    const mistake = checkNamed(said, false);
    if (mistake) fail(call, mistake, application.session, given.callback, REFUSED);
    application.purchase(verb, said, given.callback);
  }

  return {
    init(options?: { client_token?: unknown }): unknown {
      const mistake = begin(options?.client_token);
      if (mistake) throw tell(called('init'), mistake, applicationOf()?.session);
      return applicationOf() && namespace();
    },

    load(...args: unknown[]): void {
      const call = called('load');
      const given = readArguments(args);
      const { options, callback } = given;
      if (options.client_token !== undefined) {
        const mistake = begin(options.client_token);
        if (mistake) fail(call, mistake, applicationOf()?.session, callback, NO_FORM);
      }
      const application = applicationOf();
      if (!application) fail(call, NOT_INITIALIZED, undefined, callback, NO_FORM);
      const container = findContainer(options.container);
      if (!(container instanceof HTMLElement)) fail(call, container, application.session, callback, NO_FORM);
      const said = saidIn(call, given);
      const mistake = checkNamed(said, true);
      if (mistake) fail(call, mistake, application.session, callback, NO_FORM);
      application.load(container, said, callback);
    },

    authorize(...args: unknown[]): void {
      const call = called('authorize');
      const given = readEitherOrder(args, ['payment_method_category', 'instance_id']);
      const { callback } = given;
      const application = applicationOf();
      const said = saidIn(call, given);
      const mistake = checkNamed(said, false);
      if (mistake) fail(call, mistake, application?.session, callback, REFUSED);
      const name = application?.nameOf(said);
      if (!application || name === undefined || (script.strict && !application.isLoaded(name))) {
        const advice = application
          ? `load made no frame klarna-${name}-main; give authorize the payment_method_category or instance_id that load had`
          : 'call init, then load, before authorize';
        fail(call, { name: 'ApplicationNotLoadedError', advice }, application?.session, callback, REFUSED);
      }
      if (!application.isLoaded(name)) {
        noteOnce(
          `${call} without a load of the same instance (klarna-${name}-main) is allowed here, as in Klarna’s newest documentation; its script of 2022 refused it, and so does this one with data-strict on the script’s tag`,
        );
      }
      application.purchase('authorize', said, callback);
    },

    reauthorize: (...args: unknown[]): void => continuePurchase('reauthorize', args),

    finalize: (...args: unknown[]): void => continuePurchase('finalize', args),

    loadPaymentReview(...args: unknown[]): void {
      const call = called('loadPaymentReview');
      const { options, callback } = readArguments(args);
      const application = applicationOf();
      if (!application) fail(call, NOT_INITIALIZED, undefined, callback, NO_FORM);
      const { session, claims } = application;
      const country = textClaim(claims, 'purchase_country')?.toUpperCase();
      if (country !== 'US' && country !== 'GB') {
        const advice = `the review is for purchases in US and GB, and this one is in ${country}`;
        fail(call, { name: 'OperationNotSupportedError', advice }, session, callback, NO_FORM);
      }
      const container = findContainer(options.container);
      if (!(container instanceof HTMLElement)) fail(call, container, session, callback, NO_FORM);
      application.loadReview(container, callback);
    },

    on(event: unknown, handler: unknown): void {
      const mistake = checkEvent(event);
      if (mistake) throw tell(called('on'), mistake, applicationOf()?.session);
      events.on(event as EventName, handler);
    },

    off(event: unknown, handler?: unknown): void {
      events.off(event, handler);
    },

    get initialized(): boolean {
      const application = applicationOf();
      return application !== undefined && (Boolean(application.claims.scheme) || application.sessionType === 'credit');
    },
  };
}
