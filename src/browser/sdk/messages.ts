/**
 * The messages between the SDK in the shop's page and the sandbox's frames, and how each side knows them from others.
 *
 * A frame says `ready` as soon as it listens, to any origin, since it does not know the shop's. The SDK answers with `show`
 * or `open`. The frame keeps the window and the origin of that first message, and hears nobody else from then on. The
 * SDK hears only the window that it opened, and only from the origin of the client token's `base_url`.
 */
import type { components } from '../../contract/generated/sandbox.js';

/** The argument of the callback of authorize, reauthorize and finalize. */
export type AuthorizeAnswer = components['schemas']['authorize_answer'];

/** An address as the shopper left it on the purchase page. */
export type CollectedAddress = Record<string, string>;

/** The verb of the SDK that a purchase page is opened for. */
export type PurchaseCall = 'authorize' | 'reauthorize' | 'finalize';

/** Tells the frame in the shop's container what to show. It comes again with each load. */
export interface Show {
  kind: 'show';
  token: string;
  /** `review` for loadPaymentReview. */
  view: 'widget' | 'review';
  /** The one category to show; without it those of the session, or of `categories`. */
  category?: string;
  categories?: string[];
  /** In minor units; what the shop's page says it will cost. Without it the session's amount. */
  amount?: number;
  /** Without it the session's. */
  locale?: string;
}

/** Tells a purchase page what to do. It comes once. */
export interface Open {
  kind: 'open';
  token: string;
  call: PurchaseCall;
  /** The data of load and authorize, merged; to be sent with the call. */
  data?: Record<string, unknown>;
  category?: string;
  categories?: string[];
  /** False: an approving shopper gets `finalize_required` instead of a token. */
  autoFinalize: boolean;
  /** True: ask for a shipping address and add it to the answer. */
  collectShippingAddress?: boolean;
}

export type MessageToFrame = Show | Open;

/** Sent by a frame when it listens; again after it was loaded anew. */
export interface Ready {
  kind: 'ready';
}

/** Sent by the frame in the container when it shows something; again whenever its height, in CSS pixels, changes. */
export interface Shown {
  kind: 'shown';
  height: number;
}

/**
 * Sent by a purchase page that has something to show. The SDK lets `reauthorize` and `finalize` run unseen until then, or
 * for a second; a page opened for `authorize` is seen at once.
 */
export interface Showing {
  kind: 'showing';
}

/** Sent when a frame cannot go on: the session has ended, the sandbox does not answer. */
export interface Failed {
  kind: 'failed';
  /** One sentence, for the console of the shop's page. */
  reason: string;
}

/** Sent by a purchase page at its end. The SDK removes the page. */
export interface Answered {
  kind: 'answer';
  answer: AuthorizeAnswer & { collected_shipping_address?: CollectedAddress };
}

/** Sent by a purchase page that the shopper closed without a choice. The SDK removes the page. */
export interface Closed {
  kind: 'closed';
}

export type MessageFromFrame = Ready | Shown | Showing | Failed | Answered | Closed;

type Message = MessageToFrame | MessageFromFrame;

/** The mark by which our messages are told from those of other scripts; its value is the version of these shapes. */
const MARK = 'mockKlarna';
const VERSION = 1;

type Fields = Record<string, unknown>;
type Test = (value: unknown) => boolean;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Test = (value) => typeof value === 'string';
const isFlag: Test = (value) => typeof value === 'boolean';
const isTexts: Test = (value) => Array.isArray(value) && value.every(isText);
const isNumber: Test = (value) => typeof value === 'number' && Number.isFinite(value);
const isOneOf =
  (...words: string[]): Test =>
  (value) =>
    words.includes(value as string);
const perhaps =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);

const isFixable: Test = (error) => isObject(error) && isTexts(error.invalid_fields);
const isAddress: Test = (address) => isObject(address) && Object.values(address).every(isText);
const isAnswer: Test = (answer) =>
  isObject(answer) &&
  isFlag(answer.approved) &&
  isFlag(answer.show_form) &&
  perhaps(isText)(answer.authorization_token) &&
  perhaps(isFlag)(answer.finalize_required) &&
  perhaps(isFixable)(answer.error) &&
  perhaps(isAddress)(answer.collected_shipping_address);

/** The fields of each kind of message. */
const shapes: { [Kind in Message['kind']]: Record<string, Test> } = {
  show: {
    token: isText,
    view: isOneOf('widget', 'review'),
    category: perhaps(isText),
    categories: perhaps(isTexts),
    amount: perhaps(isNumber),
    locale: perhaps(isText),
  },
  open: {
    token: isText,
    call: isOneOf('authorize', 'reauthorize', 'finalize'),
    data: perhaps(isObject),
    category: perhaps(isText),
    categories: perhaps(isTexts),
    autoFinalize: isFlag,
    collectShippingAddress: perhaps(isFlag),
  },
  ready: {},
  shown: { height: (height) => isNumber(height) && (height as number) >= 0 },
  showing: {},
  failed: { reason: isText },
  answer: { answer: isAnswer },
  closed: {},
};

const TO_FRAME: Message['kind'][] = ['show', 'open'];

/** Returns a message that has our mark and a known shape; undefined for everything else. */
function readMessage(data: unknown): Message | undefined {
  if (!isObject(data) || data[MARK] !== VERSION || typeof data.kind !== 'string') return undefined;
  if (!Object.hasOwn(shapes, data.kind)) return undefined;
  const shape = shapes[data.kind as Message['kind']];
  return Object.entries(shape).every(([field, test]) => test(data[field])) ? (data as unknown as Message) : undefined;
}

/** Returns a message to a frame; undefined for everything else. */
export function readMessageToFrame(data: unknown): MessageToFrame | undefined {
  const message = readMessage(data);
  return message && TO_FRAME.includes(message.kind) ? (message as MessageToFrame) : undefined;
}

/** Returns a message of a frame; undefined for everything else. */
export function readMessageFromFrame(data: unknown): MessageFromFrame | undefined {
  const message = readMessage(data);
  return message && !TO_FRAME.includes(message.kind) ? (message as MessageFromFrame) : undefined;
}

/** As much of a window as takes messages. */
export interface Receiver {
  postMessage(message: unknown, targetOrigin: string): void;
}

/** As much of a `message` event as is looked at. */
interface Arrival {
  data: unknown;
  origin: string;
  source: unknown;
}

/** As much of a window as tells of messages. */
export interface Listener {
  addEventListener(type: 'message', listener: (event: Arrival) => void): void;
  removeEventListener(type: 'message', listener: (event: Arrival) => void): void;
}

const marked = (message: Message) => ({ [MARK]: VERSION, ...message });

/** The SDK's side of a channel to one frame or popup. */
export interface FrameChannel {
  send(message: MessageToFrame): void;
  close(): void;
}

/**
 * Opens the SDK's side of a channel.
 * @param own the shop's window
 * @param frame returns the frame's window, which changes when the frame is moved
 * @param origin the sandbox's origin
 */
export function channelToFrame(
  own: Listener,
  frame: () => Receiver | null | undefined,
  origin: string,
  hear: (message: MessageFromFrame) => void,
): FrameChannel {
  const listener = (event: Arrival) => {
    const sender = frame();
    if (!sender || event.source !== sender || event.origin !== origin) return;
    const message = readMessageFromFrame(event.data);
    if (message) hear(message);
  };
  own.addEventListener('message', listener);
  return {
    send: (message) => frame()?.postMessage(marked(message), origin),
    close: () => own.removeEventListener('message', listener),
  };
}

/** The frame's side of a channel to the shop's page. */
export interface ShopChannel {
  send(message: MessageFromFrame): void;
}

/**
 * Opens the frame's side of a channel, and says `ready`. Before the shop's first message only that is sent, and `failed`.
 * @param own the frame's window
 * @param shop the window that made this one: `window.opener` of a popup, else `window.parent`
 */
export function channelToShop(own: Listener, shop: Receiver, hear: (message: MessageToFrame) => void): ShopChannel {
  let origin: string | undefined;
  own.addEventListener('message', (event) => {
    if (event.source !== shop || (origin !== undefined && event.origin !== origin)) return;
    const message = readMessageToFrame(event.data);
    if (!message) return;
    origin ??= event.origin;
    hear(message);
  });
  const send = (message: MessageFromFrame) => {
    // A page that was opened as a file has the origin `null`, which no message can be addressed to.
    if (origin !== undefined) shop.postMessage(marked(message), origin === 'null' ? '*' : origin);
    else if (message.kind === 'ready' || message.kind === 'failed') shop.postMessage(marked(message), '*');
  };
  send({ kind: 'ready' });
  return { send };
}
