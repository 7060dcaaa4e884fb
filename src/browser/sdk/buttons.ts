import { answerOf, REFUSED, rememberAddress } from './answers.js';
import { type Fields, type Given, readArguments } from './arguments.js';
import { refuseBaseUrl } from './base-url.js';
import { BUTTON_STYLE, readLook } from './button-look.js';
import { findContainer } from './container.js';
import { copyData } from './data.js';
import { Events } from './events.js';
import type { Open } from './messages.js';
import { fail, note, tell } from './notes.js';
import { openPurchasePage } from './purchase-page.js';
import type { Script } from './script.js';
import { type Category, openSession, Session } from './session.js';
import { drawInShadow } from './shadow.js';
import { readClaims, textClaim } from './token.js';

const CALL = 'Klarna.Payments.Buttons';

/** An open session, and what an answer tells of it. */
interface Opened {
  session: Session;
  id: string;
  categories: () => Promise<Category[]>;
}

/** The source of a button's sessions: one that is there already, or a new one for each purchase. */
interface Origin {
  base: string;
  /** The session that is there already. */
  session?: Session;
  open(order: Fields | undefined): Promise<Opened>;
}

const withoutSlash = (base: unknown) => String(base).replace(/\/+$/, '');

function fromToken(token: unknown, script: Script): Origin {
  const claims = readClaims(token);
  const reason = claims && refuseBaseUrl(claims.base_url, script);
  if (!claims || reason) {
    const advice = reason ?? 'give options.client_token unchanged, or options.client_id';
    throw tell(`${CALL}.init`, { name: 'InvalidClientTokenError', advice }, undefined);
  }
  const session = new Session(withoutSlash(claims.base_url), String(token));
  const opened = { session, id: textClaim(claims, 'session_id') ?? '', categories: () => session.categories() };
  return { base: session.base, session, open: async () => opened };
}

function fromClientId(clientId: string, script: Script): Origin {
  const { base } = script;
  if (base === undefined) throw new TypeError(`${CALL}.init: the script must be loaded by a tag, to know its sandbox`);
  return {
    base,
    async open(order) {
      const {
        client_token: token,
        session_id: id,
        payment_method_categories,
      } = await openSession(base, clientId, order ?? {});
      return { session: new Session(base, token), id, categories: async () => payment_method_categories };
    },
  };
}

function originOf(options: Fields, script: Script): Origin {
  const { client_id: id, client_key: key, client_token: token } = options;
  if (token !== undefined) return fromToken(token, script);
  const clientId = id ?? key;
  if (typeof clientId === 'string' && clientId !== '') return fromClientId(clientId, script);
  note(`${CALL}.init: neither client_id nor client_key nor client_token is a text`);
  throw new TypeError(`${CALL}.init needs options.client_id: the merchant’s user name, or one that its entry lists`);
}

/** Express checkout: a button, and a purchase that opens its own session. */
export function makeButtons(script: Script): KlarnaSdk.Buttons {
  const events = new Events();

  /** Runs a purchase from a click to its answer. */
  async function purchase(origin: Origin, { options, data, callback }: Given): Promise<void> {
    const { auto_finalize: autoFinalize = true, collect_shipping_address: collect = false } = options;
    const order = copyData(data);
    let opened: Opened | undefined;
    const open = origin.open(order).then((session): Open => {
      opened = session;
      return {
        kind: 'open',
        call: 'authorize',
        token: session.session.token,
        autoFinalize: autoFinalize !== false,
        collectShippingAddress: collect === true,
        ...(origin.session && order ? { data: order } : {}),
      };
    });
    const page = openPurchasePage({ base: origin.base, open, seen: true, popup: script.popup, events });
    const answer = answerOf('authorize', await page);
    const told: KlarnaSdk.ButtonAnswer = { finalize_required: false, ...answer };
    if (opened && answer.approved && told.finalize_required) {
      rememberAddress(opened.id, answer.collected_shipping_address);
      told.client_token = opened.session.token;
      told.session_id = opened.id;
      told.payment_method_categories = await opened.categories().catch(() => []);
    }
    callback(told);
  }

  function makeButton(origin: Origin): KlarnaSdk.Button {
    let isRunning = false;

    const authorize = (...args: unknown[]): void => {
      if (isRunning) {
        note(`${CALL}.authorize: ignored, since one still runs; its callback will be called, this one not`);
        return;
      }
      isRunning = true;
      const given = readArguments(args);
      const callback: Given['callback'] = (answer) => {
        isRunning = false;
        given.callback(answer);
      };
      purchase(origin, { ...given, callback }).catch((error) => {
        if (!isRunning) throw error;
        note(`${CALL}.authorize: ${error instanceof Error ? error.message : error}`);
        callback({ ...REFUSED });
      });
    };

    return {
      load(...args: unknown[]): void {
        const call = `${CALL}.load`;
        const { options, callback } = readArguments(args);
        const container = findContainer(options.container);
        if (!(container instanceof HTMLElement)) fail(call, container, origin.session, callback, { show_form: false });
        const { theme, shape, language, text } = readLook(options, (sentence) => note(`${call}: ${sentence}`));
        const button = document.createElement('button');
        button.type = 'button';
        button.lang = language;
        button.dataset.theme = theme;
        button.dataset.shape = shape;
        const mark = document.createElement('small');
        mark.lang = 'en';
        mark.textContent = 'sandbox';
        button.append(text, ' ', mark);
        button.addEventListener('click', () => {
          const { on_click: onClick } = options;
          if (typeof onClick === 'function') onClick(authorize);
          else note(`${call}: options.on_click is no function, so a click does nothing`);
        });
        drawInShadow(container, BUTTON_STYLE, button);
        queueMicrotask(() => callback({ show_form: true }));
      },
      authorize,
    };
  }

  return {
    init: (options) => makeButton(originOf((options ?? {}) as unknown as Fields, script)),
  };
}
