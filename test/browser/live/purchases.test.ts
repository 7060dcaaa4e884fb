import { distance, money } from '../../../src/browser/live/format.js';
import { NO_RECORDS, purchasesOf, whyTokenized } from '../../../src/browser/live/purchases.js';
import { readRoute, writeRoute } from '../../../src/browser/live/route.js';
import { dueOf, standingOf, timeLineOf } from '../../../src/browser/live/time-line.js';
import type { Authorization, CustomerToken, Order, Session } from '../../../src/browser/live/types.js';
import { scrollTo, visibleRows } from '../../../src/browser/live/window.js';
import t from '../../tap.js';
import { exchange } from './exchange.js';

const where = { purchase_country: 'SE', purchase_currency: 'SEK' } as const;
const session: Session = {
  ...where,
  session_id: 'session-1',
  status: 'complete',
  intent: 'buy_and_default_tokenize',
  order_amount: 10000,
  created_at: '2026-03-02T09:00:00.000Z',
  expires_at: '2026-03-04T09:00:00.000Z',
};
const authorization: Authorization = {
  ...where,
  authorization_token: 'authorization-1',
  session_id: 'session-1',
  status: 'used',
  intent: 'buy_and_default_tokenize',
  payment_option: 'pay_in_4',
  funding_source: { type: 'card', brand: 'VISA' },
  customer_token: 'token-1',
  created_at: '2026-03-02T09:05:00.000Z',
  expires_at: '2026-03-02T10:05:00.000Z',
};
const token: CustomerToken = {
  ...where,
  token_id: 'token-1',
  status: 'ACTIVE',
  intent: 'buy_and_default_tokenize',
  description: 'Boot care',
  payment_method: {
    type: 'pay_by_card',
    card: { brand: 'VISA', masked_number: '************1111', expiry_date: '12/2028' },
  },
  shared_with: [],
  created_at: '2026-03-02T09:06:00.000Z',
};
const order: Order = {
  ...where,
  order_id: 'order-1',
  klarna_reference: 'H7K2MPXQ',
  session_id: 'session-1',
  status: 'PART_CAPTURED',
  fraud_status: 'ACCEPTED',
  order_amount: 10000,
  captured_amount: 4000,
  refunded_amount: 0,
  remaining_authorized_amount: 6000,
  payment_method: { type: 'slice_it_by_card', number_of_installments: 4 },
  created_at: '2026-03-02T09:07:00.000Z',
};
const { session_id: _, ...unsessioned } = order;
const charge: Order = {
  ...unsessioned,
  order_id: 'order-2',
  customer_token: 'token-1',
  created_at: '2026-04-02T09:00:00.000Z',
};
const other: Session = {
  ...session,
  session_id: 'session-2',
  status: 'incomplete',
  created_at: '2026-03-03T09:00:00.000Z',
};
const records = {
  ...NO_RECORDS,
  sessions: [other, session],
  authorizations: [authorization],
  tokens: [token],
  orders: [charge, order],
};

t.test('records are gathered by purchase, charges with the purchase that made their token', async (t) => {
  const purchases = purchasesOf(records);
  t.strictSame(
    purchases.map(({ id, orders, tokens }) => [id, orders.length, tokens.length]),
    [
      ['session-1', 2, 1],
      ['session-2', 0, 0],
    ],
  );
  t.equal(standingOf(purchases[0] as never), 'order part captured, token active, 1 charge');
  t.equal(standingOf(purchases[1] as never), 'session incomplete');
  const shared = purchasesOf({ ...NO_RECORDS, orders: [charge] });
  t.strictSame(
    shared.map(({ id }) => id),
    ['token-1'],
    'a token of another merchant',
  );
});

t.test('a purchase is one time line of calls, records, callbacks and what is due', async (t) => {
  const [purchase] = purchasesOf(records);
  const attempt = {
    callback_id: 'callback-1',
    on: 'push',
    url: 'http://127.0.0.1/push?order=order-1',
    at: '2026-03-02T09:09:00.000Z',
    attempt: 1,
    result: { status: 500 },
  } as const;
  const line = timeLineOf(purchase as never, {
    exchanges: [
      exchange({ number: 1, at: '2026-03-02T09:07:00.000Z', path: '/x/order-1', operation: 'createOrder' }),
      exchange({ number: 2, at: '2026-03-02T09:08:00.000Z', path: '/x/other' }),
      exchange({
        number: 3,
        at: '2026-03-02T09:08:00.000Z',
        path: '/x/order-1',
        status: 403,
        explanation: { rule: 'order-state', evidence: 'docs', text: 'closed' },
      }),
    ],
    attempts: [attempt, { ...attempt, url: 'http://127.0.0.1/else' }],
    due: [{ callback_id: 'callback-1', on: 'push', url: attempt.url, at: '2026-03-02T09:14:00.000Z', attempt: 2 }],
    parts: [
      { order_id: 'order-1', items: [{ kind: 'capture', id: 'c', amount: 4000, at: '2026-03-03T09:00:00.000Z' }] },
      { order_id: 'order-9', items: [{ kind: 'refund', id: 'r', amount: 1, at: '2026-03-03T09:00:00.000Z' }] },
    ],
  });
  t.strictSame(
    line.map(({ kind, title, bad }) => `${kind} ${title}${bad ? ' !' : ''}`),
    [
      'record Session opened',
      'record Shopper approved',
      'record Customer token made',
      'call createOrder 200',
      'record Order placed',
      'call createSession 403 !',
      'callback Callback push, attempt 1 !',
      'due Callback push is due',
      'record Captured',
      'record Customer token charged',
    ],
  );
});

t.test('what falls due comes in order of time', async (t) => {
  const valid = { ...authorization, status: 'valid' as const };
  const due = dueOf(
    purchasesOf({ ...records, authorizations: [valid] }),
    [{ callback_id: 'c', on: 'push', url: 'http://x', at: '2026-03-02T09:09:00.000Z', attempt: 1 }],
    '2026-03-02T09:08:00.000Z',
  );
  t.strictSame(
    due.map(({ what }) => what),
    ['Callback push, attempt 1', 'Authorization expires', 'Session expires'],
  );
});

t.test('a customer token says why it is what it is', async (t) => {
  const why = (source: Authorization['funding_source'], intent = token.intent) =>
    whyTokenized({ ...token, intent }, { ...authorization, funding_source: source });
  t.match(
    why({ type: 'card' }),
    /Pay in 4 by a card\. The intent buy_and_default_tokenize keeps what backs the purchase/,
  );
  t.match(why({ type: 'none' }), /finds nothing behind the purchase that could be charged again/);
  t.match(why({ type: 'card', reusable: false }), /a card that cannot be kept/);
  t.match(why({ type: 'bank_transfer' }, 'tokenize'), /a bank transfer cannot be charged again/);
  t.match(whyTokenized(token), /no longer kept/);
});

t.test('words for amounts and times', async (t) => {
  t.equal(money(10000, 'SEK'), 'SEK 100.00');
  t.equal(money(undefined, 'SEK'), '–');
  t.equal(money(5, '???'), '5 ???');
  t.strictSame(
    [0, 400, 1_000, -90_000, 86_400_000 * 2].map((ms) => distance(ms, 0)),
    ['now', 'now', 'in 1 second', '1 minute ago', 'in 2 days'],
  );
});

t.test('addresses lead to views', async (t) => {
  t.strictSame(readRoute('#journal/12'), { view: 'journal', open: '12' });
  t.strictSame(readRoute(''), { view: 'journal' });
  t.strictSame(readRoute('#none/1'), { view: 'journal' });
  t.strictSame(readRoute('#purchases/%'), { view: 'purchases', open: '%' });
  for (const open of ['a b/c', 'ü', '#']) {
    t.strictSame(readRoute(writeRoute({ view: 'purchases', open })), { view: 'purchases', open });
  }
});

t.test('only the rows that are seen are drawn', async (t) => {
  t.strictSame(visibleRows(10_000, 34, 0, 340), { from: 0, to: 18 });
  t.strictSame(visibleRows(10_000, 34, 34 * 5_000, 340), { from: 4_992, to: 5_018 });
  t.strictSame(visibleRows(10_000, 34, 34 * 9_990, 340), { from: 9_982, to: 10_000 });
  t.strictSame(visibleRows(3, 34, 0, 340), { from: 0, to: 3 });
  t.strictSame(visibleRows(0, 34, 0, 340), { from: 0, to: 0 });
  t.strictSame(visibleRows(5, 34, 34 * 900, 340), { from: 4, to: 5 }, 'a list that has become shorter');
  t.equal(scrollTo(0, 34, 340, 340), 0);
  t.equal(scrollTo(15, 34, 340, 340), 340);
  t.equal(scrollTo(20, 34, 340, 340), 374);
});
