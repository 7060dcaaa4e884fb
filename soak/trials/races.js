// Calls that race for one thing, and sums that must hold whoever comes first.
import { randomUUID } from 'node:crypto';
import { crowd } from '../crowd.js';
import { counted, none } from '../figures.js';
import { faultFigure, faultOf } from '../judge.js';
import { bodyOf, Shop } from '../shop.js';

/** Number of callers at once for the same thing. */
const RACERS = 8;

/** The most times in a round that each is run. */
const MOST = 2_000;

const isSuccess = ({ status }) => status >= 200 && status < 300;
const distinct = (values) => new Set(values.filter((value) => value !== undefined)).size;

/** Calls an operation so often at once. */
const race = (shop, name, make) => Promise.all(Array.from({ length: RACERS }, (_, at) => shop.call(name, make(at))));

/** Makes an authorization of a purchase. */
async function authorization(shop) {
  const { json } = await shop.call('createSession', { body: bodyOf('createSession') });
  const ids = { session: json?.session_id };
  const answer = await shop.call('authorizeSession', { ids, body: bodyOf('authorizeSession') });
  return { ...ids, authorization: answer.json?.authorization_token };
}

async function order(shop) {
  const ids = await authorization(shop);
  const { json } = await shop.call('createOrder', { ids, body: bodyOf('createOrder') });
  return { ...ids, order: json?.order_id, captured: json?.order_id };
}

const TOTAL = bodyOf('createOrder').order_amount;

/** Returns what does not hold of an order's sums. */
export function brokenSums({ order_amount, captured_amount, refunded_amount, remaining_authorized_amount }) {
  return [
    captured_amount > order_amount && `captured ${captured_amount} of ${order_amount}`,
    refunded_amount > captured_amount && `refunded ${refunded_amount} of ${captured_amount} captured`,
    captured_amount + remaining_authorized_amount > order_amount &&
      `captured ${captured_amount} and ${remaining_authorized_amount} left of ${order_amount}`,
    [captured_amount, refunded_amount, remaining_authorized_amount].some((amount) => !(amount >= 0)) &&
      `an amount below nothing: ${captured_amount}, ${refunded_amount}, ${remaining_authorized_amount}`,
  ].filter(Boolean);
}

/** Reads an order. Returns it with what does not hold of its sums. */
async function sums(shop, ids) {
  const { json = {}, status } = await shop.call('readOrder', { ids });
  return { ...json, broken: status === 200 ? brokenSums(json) : [`the order is not there: ${status}`] };
}

/** The races: each returns what does not hold afterwards. */
const races = {
  /** One authorization becomes one order. */
  async orders(shop) {
    const ids = await authorization(shop);
    const answers = await race(shop, 'createOrder', () => ({ ids, body: bodyOf('createOrder') }));
    const orders = distinct(answers.filter(isSuccess).map(({ json }) => json?.order_id));
    return orders === 1 ? [] : [`one authorization came to ${orders} orders`];
  },

  /** Captures come to no more than the order. */
  async captures(shop) {
    const ids = await order(shop);
    const captured_amount = Math.ceil(TOTAL / 3);
    const answers = await race(shop, 'captureOrder', () => ({ ids, body: { captured_amount } }));
    const made = distinct(answers.filter(isSuccess).map(({ headers }) => headers['capture-id']));
    const after = await sums(shop, ids);
    if (after.captured_amount === made * captured_amount) return after.broken;
    return [...after.broken, `${made} captures of ${captured_amount} came to ${after.captured_amount}`];
  },

  /** Refunds come to no more than what was captured. */
  async refunds(shop) {
    const ids = await order(shop);
    await shop.call('captureOrder', { ids, body: { captured_amount: TOTAL } });
    const refunded_amount = Math.ceil(TOTAL / 3);
    const answers = await race(shop, 'refundOrder', () => ({ ids, body: { refunded_amount } }));
    const made = distinct(answers.filter(isSuccess).map(({ headers }) => headers['refund-id']));
    const after = await sums(shop, ids);
    if (after.refunded_amount === made * refunded_amount) return after.broken;
    return [...after.broken, `${made} refunds of ${refunded_amount} came to ${after.refunded_amount}`];
  },

  /** An idempotency key has one result, whoever asks first. */
  async keys(shop) {
    const ids = await order(shop);
    const headers = { 'klarna-idempotency-key': randomUUID() };
    const body = { captured_amount: Math.floor(TOTAL / 10) };
    const answers = await race(shop, 'captureOrder', () => ({ ids, body, headers }));
    const made = distinct(answers.filter(isSuccess).map(({ headers }) => headers['capture-id']));
    const { captured_amount, broken } = await sums(shop, ids);
    const once = made === 1 && captured_amount === body.captured_amount;
    return once ? broken : [...broken, `one key came to ${made} captures, ${captured_amount} in all`];
  },

  /** The same of a charge of a customer token. */
  async charges(shop) {
    const ids = await authorization(shop);
    const created = await shop.call('createCustomerToken', { ids, body: bodyOf('createCustomerToken') });
    ids.token = created.json?.token_id;
    const headers = { 'klarna-idempotency-key': randomUUID() };
    const body = bodyOf('createCustomerTokenOrder');
    const answers = await race(shop, 'createCustomerTokenOrder', () => ({ ids, body, headers }));
    const orders = distinct(answers.filter(isSuccess).map(({ json }) => json?.order_id));
    return orders === 1 ? [] : [`one key came to ${orders} orders`];
  },

  /** A capture, a release and a cancellation race: what is captured is not cancelled as well. */
  async endings(shop) {
    const ids = await order(shop);
    const half = { captured_amount: Math.floor(TOTAL / 2) };
    const names = ['captureOrder', 'cancelOrder', 'releaseRemainingAuthorization', 'captureOrder'];
    await Promise.all(names.map((name) => shop.call(name, { ids, ...(name === 'captureOrder' && { body: half }) })));
    const { status, captured_amount, broken } = await sums(shop, ids);
    const both = status === 'CANCELLED' && captured_amount > 0;
    return both ? [...broken, `cancelled with ${captured_amount} captured`] : broken;
  },

  /** A clock that is moved by nothing, by many at once, and on, never fails and never goes back. */
  async clocks(shop) {
    const answers = await race(shop, 'advanceClock', (at) => ({ body: { by: at % 4 === 3 ? 'PT1S' : 'PT0S' } }));
    const failed = answers.filter((answer) => !isSuccess(answer));
    const { json } = await shop.call('readClock');
    const latest = answers
      .map(({ json }) => json?.now ?? '')
      .sort()
      .at(-1);
    return [
      ...failed.map(({ status, text }) => `a clock was not moved: ${status} ${text?.slice(0, 200)}`),
      ...(json?.now < latest ? [`a clock went back from ${latest} to ${json?.now}`] : []),
    ];
  },
};

/** Runs each race again and again, all of them at once, each as a merchant of its own. */
export async function raced({ standIn, agent, operations, seconds }) {
  const faults = [];
  const broken = [];
  let calls = 0;
  const look = (answer, { name }) => {
    calls++;
    const fault = faultOf(answer);
    if (fault)
      faults.push({
        fault,
        example: `${name}: ${answer.error?.code ?? answer.status} ${answer.text ?? ''}`.slice(0, 300),
      });
  };
  const world = { agent, url: standIn.url, operations };
  const kinds = Object.entries(races);
  const shops = kinds.map(([name]) => new Shop(world, `race-${name}`, look));
  const until = performance.now() + seconds * 1_000;
  const run = await crowd({ workers: kinds.length, until, most: MOST * kinds.length }, async (worker) => {
    const [name, once] = kinds[worker];
    for (const what of await once(shops[worker])) broken.push(`${name}: ${what}`);
  });
  return [
    counted('races', run),
    counted('calls in them', calls),
    none('sums that do not hold', broken),
    faultFigure(faults),
  ];
}
