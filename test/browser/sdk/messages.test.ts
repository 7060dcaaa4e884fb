import {
  channelToFrame,
  channelToShop,
  type Listener,
  readMessageFromFrame,
  readMessageToFrame,
} from '../../../src/browser/sdk/messages.js';
import t from '../../tap.js';

const mark = { mockKlarna: 1 };
const show = { ...mark, kind: 'show', token: 'a.b.c', view: 'widget' };
const open = { ...mark, kind: 'open', token: 'a.b.c', call: 'authorize', autoFinalize: true };
const answer = { ...mark, kind: 'answer', answer: { approved: true, show_form: true, authorization_token: 'one' } };

const toFrame = [
  show,
  { ...show, view: 'review', category: 'klarna', categories: ['klarna'], amount: 7, locale: 'sv-SE' },
  open,
  { ...open, call: 'finalize', data: { order_amount: 7 }, category: 'klarna', categories: [] },
  { ...open, call: 'reauthorize', autoFinalize: false, collectShippingAddress: true },
];
const fromFrame = [
  { ...mark, kind: 'ready' },
  { ...mark, kind: 'shown', height: 0 },
  { ...mark, kind: 'showing' },
  { ...mark, kind: 'failed', reason: 'The session has ended.' },
  { ...mark, kind: 'closed' },
  answer,
  { ...answer, answer: { approved: false, show_form: true, error: { invalid_fields: ['billing_address.email'] } } },
  {
    ...answer,
    answer: { approved: true, show_form: true, finalize_required: true, collected_shipping_address: { city: 'Lund' } },
  },
];

t.test('each kind of message is read on its own side only', async (t) => {
  for (const message of toFrame) {
    t.equal(readMessageToFrame(message), message, message.kind);
    t.equal(readMessageFromFrame(message), undefined, message.kind);
  }
  for (const message of fromFrame) {
    t.equal(readMessageFromFrame(message), message, message.kind);
    t.equal(readMessageToFrame(message), undefined, message.kind);
  }
});

t.test('nothing else is read', async (t) => {
  const without = (message: object, field: string) =>
    Object.fromEntries(Object.entries(message).filter(([name]) => name !== field));
  const wrong = [
    undefined,
    null,
    'ready',
    7,
    [],
    {},
    { kind: 'ready' },
    { mockKlarna: 2, kind: 'ready' },
    { mockKlarna: true, kind: 'ready' },
    { ...mark, kind: 'toString' },
    { ...mark, kind: ['ready'] },
    { ...mark, kind: 'shown' },
    { ...mark, kind: 'shown', height: '7' },
    { ...mark, kind: 'shown', height: -1 },
    { ...mark, kind: 'shown', height: Number.NaN },
    { ...mark, kind: 'shown', height: Number.POSITIVE_INFINITY },
    { ...mark, kind: 'failed' },
    ...['token', 'view'].map((field) => without(show, field)),
    ...['token', 'call', 'autoFinalize'].map((field) => without(open, field)),
    { ...show, view: 'all' },
    { ...show, category: null },
    { ...show, categories: 'klarna' },
    { ...show, categories: [7] },
    { ...show, amount: '7' },
    { ...show, locale: 7 },
    { ...open, call: 'load' },
    { ...open, data: [] },
    { ...open, data: null },
    { ...open, autoFinalize: 'false' },
    { ...open, collectShippingAddress: 1 },
    without(answer, 'answer'),
    ...[
      {},
      { approved: true },
      { show_form: true },
      { approved: 1, show_form: true },
      { approved: true, show_form: true, authorization_token: null },
      { approved: true, show_form: true, finalize_required: 'no' },
      { approved: false, show_form: true, error: {} },
      { approved: false, show_form: true, error: { invalid_fields: 'email' } },
      { approved: true, show_form: true, collected_shipping_address: { city: 7 } },
      { approved: true, show_form: true, collected_shipping_address: null },
    ].map((wrongAnswer) => ({ ...answer, answer: wrongAnswer })),
  ];
  for (const message of wrong) {
    t.equal(readMessageToFrame(message), undefined, JSON.stringify(message));
    t.equal(readMessageFromFrame(message), undefined, JSON.stringify(message));
  }
});

/** A window that hears what it is given. */
function fakeWindow() {
  const listeners = new Set<Parameters<Listener['addEventListener']>[1]>();
  const sent: unknown[] = [];
  return {
    sent,
    addEventListener: (_type: string, listener: Parameters<Listener['addEventListener']>[1]) => {
      listeners.add(listener);
    },
    removeEventListener: (_type: string, listener: Parameters<Listener['addEventListener']>[1]) => {
      listeners.delete(listener);
    },
    postMessage: (message: unknown, origin: string) => {
      sent.push([message, origin]);
    },
    hear(data: unknown, source: unknown, origin: string) {
      for (const listener of listeners) listener({ data, source, origin });
    },
  };
}

t.test('the SDK hears its frame from the sandbox’s origin, and speaks to that origin', async (t) => {
  const own = fakeWindow();
  const frame = fakeWindow();
  const heard: unknown[] = [];
  let current: typeof frame | null = frame;
  const channel = channelToFrame(
    own,
    () => current,
    'http://localhost:5527',
    (message) => heard.push(message.kind),
  );
  own.hear(fromFrame[0], frame, 'http://localhost:5527');
  own.hear(fromFrame[1], frame, 'http://localhost:5528');
  own.hear(fromFrame[2], fakeWindow(), 'http://localhost:5527');
  own.hear(show, frame, 'http://localhost:5527');
  own.hear(answer, frame, 'http://localhost:5527');
  t.strictSame(heard, ['ready', 'answer']);

  const { mockKlarna: _mark, ...message } = show;
  channel.send(message as Parameters<typeof channel.send>[0]);
  t.strictSame(frame.sent, [[show, 'http://localhost:5527']]);
  current = null;
  channel.send(message as Parameters<typeof channel.send>[0]);
  own.hear(fromFrame[0], null, 'http://localhost:5527');
  channel.close();
  current = frame;
  own.hear(fromFrame[0], frame, 'http://localhost:5527');
  t.strictSame([heard.length, frame.sent.length], [2, 1]);
});

t.test('a frame says ready to anybody, and the rest to whoever spoke to it first', async (t) => {
  const own = fakeWindow();
  const shop = fakeWindow();
  const heard: unknown[] = [];
  const channel = channelToShop(own, shop, (message) => heard.push(message.kind));
  channel.send({ kind: 'closed' });
  channel.send({ kind: 'failed', reason: 'No.' });
  t.strictSame(shop.sent, [
    [{ mockKlarna: 1, kind: 'ready' }, '*'],
    [{ mockKlarna: 1, kind: 'failed', reason: 'No.' }, '*'],
  ]);

  own.hear(show, fakeWindow(), 'https://evil.example');
  own.hear({ ...show, token: 7 }, shop, 'https://other.example');
  own.hear(show, shop, 'https://shop.example');
  own.hear(open, shop, 'https://other.example');
  own.hear(open, shop, 'https://shop.example');
  t.strictSame(heard, ['show', 'open']);
  channel.send({ kind: 'closed' });
  t.strictSame(shop.sent[2], [{ mockKlarna: 1, kind: 'closed' }, 'https://shop.example']);
});

t.test('a frame speaks to a page that was opened as a file', async (t) => {
  const own = fakeWindow();
  const shop = fakeWindow();
  const channel = channelToShop(own, shop, () => {});
  own.hear(show, shop, 'null');
  channel.send({ kind: 'closed' });
  t.strictSame(shop.sent[1], [{ mockKlarna: 1, kind: 'closed' }, '*']);
});
