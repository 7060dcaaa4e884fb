import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { operations } from '../../src/contract/operations.js';
import { Library } from '../../src/scenario/library.js';
import { faultKeys } from '../../src/scenario/outcomes.js';
import t, { type Test } from '../tap.js';
import { basic, charge, purchase, startSandbox, tokenRequest } from './sandbox.js';

/** The answer that a shop sees, or that there was none. */
interface Seen {
  status: number;
  text: string;
  location: string;
}

type Path = Record<string, string>;

const payLater = { payment_option: 'pay_later', funding_source: { type: 'none' } };

/** A shop that knows Klarna's operations and nothing of scenarios; what it sells is fixed, its shoppers type their e-mail. */
function shop(url: string, merchant_urls: object) {
  const bodies: Record<string, unknown> = {
    updateSession: purchase,
    createCustomerToken: tokenRequest,
    createOrder: purchase,
    createCustomerTokenOrder: charge,
    updateCustomerTokenStatus: { status: 'cancelled' },
    updateAuthorization: { order_amount: 5000 },
    updateMerchantReferences: { merchant_reference1: 'BOOTS-1' },
    updateCustomerDetails: { shipping_address: { city: 'Umeå' } },
    addOrderShippingInfo: { shipping_info: [{ shipping_company: 'Post' }] },
    addCaptureShippingInfo: { shipping_info: [{ shipping_company: 'Post' }] },
    captureOrder: { captured_amount: 1000 },
    refundOrder: { refunded_amount: 100 },
    extendDueDate: { number_of_days: 10 },
  };
  async function call(name: string, path: Path = {}, body = bodies[name], patience?: number): Promise<Seen> {
    const { method, path: template } = operations.get(name) as { method: string; path: string };
    const target = template.replace(/\{(\w+)\}/g, (_, parameter: string) => path[parameter] as string);
    const headers = {
      authorization: basic('boots'),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const signal = patience === undefined ? null : AbortSignal.timeout(patience);
    try {
      const answer = await fetch(url + target, { method, headers, body: payload, signal });
      return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') ?? '' };
    } catch {
      return { status: 0, text: '', location: '' };
    }
  }
  const json = async (...asked: Parameters<typeof call>) => JSON.parse((await call(...asked)).text);
  const made = async (...asked: Parameters<typeof call>) => (await call(...asked)).location;
  return {
    call,
    json,
    /** From the checkout to the answer of authorize; a customer token only where its answer is not the point. */
    async checkout(email: string, { token = false, invoice = false } = {}) {
      const billing_address = { email, country: 'SE' };
      const body = { ...purchase, intent: 'buy_and_default_tokenize', billing_address, merchant_urls };
      const { session_id } = await json('createSession', {}, body);
      const authorized = await json('authorizeSession', { session_id }, invoice ? payLater : {});
      const path: Path = { session_id, authorizationToken: authorized.authorization_token };
      if (token) path.customerToken = (await json('createCustomerToken', path)).token_id;
      return { authorized, path };
    },
    /** What the path of an operation on an order names: the order, where needed with a capture and a refund. */
    async ordered(email: string, on: string): Promise<Path> {
      const { path } = await this.checkout(email, { invoice: true });
      path.order_id = (await json('createOrder', path)).order_id;
      const { path: template } = operations.get(on) as { path: string };
      if (!/capture_id|refund|release/.test(template)) return path;
      path.capture_id = (await made('captureOrder', path)).split('/').at(-1) as string;
      if (template.includes('refund_id'))
        path.refund_id = (await made('refundOrder', path)).split('/').at(-1) as string;
      return path;
    },
  };
}

/** A shop on a sandbox whose library holds one scenario, `by-mail/the-outcome` or for short `short`. */
async function shopWith(t: Test, script: object) {
  const scenario = { title: 'As its e-mail says', evidence: 'inferred', alias: 'short', ...script };
  const library = Library.open(t.testdir({ 'by-mail': { 'the-outcome.json': JSON.stringify(scenario) } }));
  const received: string[] = [];
  const receiver = createServer((request, response) => {
    received.push(String(request.url));
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  t.teardown(() => receiver.close());
  const { url } = await startSandbox(t, { library, seed: 'e-mail' });
  const there = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const urls = Object.fromEntries(['authorization', 'push', 'notification'].map((on) => [on, `${there}/${on}`]));
  return { ...shop(url, urls), received };
}

const BY_NAME = 'anna+scenario-by-mail.the-outcome@shop.test';
const BY_ALIAS = 'Anna+news+Scenario-Short@shop.test';
const NEITHER = 'anna@shop.test';

t.test('every operation from authorize on can be refused', async (t) => {
  const later = [...operations.values()]
    .filter(({ api, name }) => api !== 'sandbox' && api !== 'hosted-payment-page' && name !== 'createSession')
    .map(({ name, api }) => ({ on: name, ofOrder: api === 'order-management' }));
  t.equal(later.length, 8 + 18);
  for (const { on, ofOrder } of later) {
    const outcomes = [{ on, error: 'INTERNAL_SERVER_ERROR' }];
    const shop = await shopWith(t, { outcomes });
    const token = on.includes('CustomerToken') && on !== 'createCustomerToken';
    const pathFor = async (email: string) =>
      ofOrder ? shop.ordered(email, on) : (await shop.checkout(email, { token })).path;
    // Where the operation itself makes what its path names, it has been refused by then.
    for (const email of [BY_NAME, BY_ALIAS]) {
      t.equal((await shop.call(on, await pathFor(email))).status, 500, `${on} for ${email}`);
    }
    t.match(await shop.call(on, await pathFor(NEITHER)), { status: /^20\d$/ }, `${on} for another shopper`);
  }
});

t.test('a shopper on the hosted page chooses as well', async (t) => {
  const { json, call } = await shopWith(t, { outcomes: [{ on: 'readHostedSession', error: 'INTERNAL_SERVER_ERROR' }] });
  for (const [email, status] of [
    [BY_NAME, 500],
    [BY_ALIAS, 500],
    [NEITHER, 200],
  ] as const) {
    const { session_id } = await json('createSession', {}, purchase);
    const payment_session_url = `https://api.klarna.com/payments/v1/sessions/${session_id}`;
    const page = await json('createHostedSession', {}, { payment_session_url });
    const path = { session_id: page.session_id };
    t.equal((await call('readHostedSession', path)).status, 200, 'nobody has come yet');
    await json('completeHostedSession', path, { data: { billing_address: { email, country: 'SE' } } });
    t.equal((await call('readHostedSession', path)).status, status, email);
  }
});

t.test('an order or a charge is refused by its own errors', async (t) => {
  const outcomes = [
    { on: 'createOrder', error: 'REJECTED' },
    { on: 'createCustomerTokenOrder', calls: 1, error: 'PAYMENT_METHOD_FAILED' },
  ];
  const { checkout, call } = await shopWith(t, { outcomes });
  const { path } = await checkout(BY_NAME, { token: true });
  t.match(await call('createOrder', path), { status: 403, text: /"REJECTED"/ });
  t.match(await call('createCustomerTokenOrder', path), { status: 403, text: /"PAYMENT_METHOD_FAILED"/ });
  t.match(await call('createCustomerTokenOrder', path), { status: 200 });
});

t.test('the fraud check of an order or a charge ends as scripted, and the shop is notified', async (t) => {
  for (const fraud of [
    { status: 'REJECTED' },
    { status: 'PENDING' },
    { status: 'PENDING', then: 'ACCEPTED', after: 'PT5M' },
    { status: 'PENDING', then: 'REJECTED', after: 'PT5M' },
    { status: 'PENDING', then: 'STOPPED', after: 'PT5M' },
    { status: 'ACCEPTED', then: 'STOPPED', after: 'P1D' },
  ]) {
    const on = (operation: string) => ({ on: operation, fraud });
    const { checkout, json, received } = await shopWith(t, {
      outcomes: [on('createOrder'), on('createCustomerTokenOrder')],
    });
    const { path } = await checkout(BY_ALIAS, { token: true });
    t.match(await json('createOrder', path), { fraud_status: fraud.status });
    t.match(await json('createCustomerTokenOrder', path), { fraud_status: fraud.status });
    await json('advanceClock', {}, { by: 'P1D' });
    const { then: fraud_status = fraud.status } = fraud;
    t.matchLists((await json('listOrders')).items, [{ fraud_status }, { fraud_status }]);
    t.equal(received.filter((path) => path === '/notification').length, fraud.then ? 1 : 0, JSON.stringify(fraud));
  }
});

/** What a shop sees of each kind of fault. */
const visible: Record<string, { status: number; text?: string | RegExp }> = {
  status: { status: 503 },
  '429': { status: 429, text: /^$/ },
  timeout: { status: 0 },
  close: { status: 0 },
  reset: { status: 0 },
  truncate: { status: 0 },
  garbage: { status: 200, text: 'doctype' },
  empty: { status: 200, text: /^$/ },
  delay: { status: 200, text: 'order_id' },
};

t.test('each kind of fault, before anything happens and after all of it has', async (t) => {
  const kinds = [...faultKeys.keys(), 'delay'];
  t.strictSame(kinds.sort(), Object.keys(visible).sort(), 'no kind is left out');
  const values: Record<string, unknown> = { status: 503, delay: 'PT0.01S' };
  for (const kind of kinds) {
    for (const commit of [false, true]) {
      const fault = { commit, [kind]: values[kind] ?? true };
      const { checkout, call, json } = await shopWith(t, { outcomes: [{ on: 'createOrder', calls: 1, fault }] });
      const { path } = await checkout(BY_NAME);
      const what = JSON.stringify(fault);
      const patience = kind === 'timeout' ? 300 : undefined;
      t.match(await call('createOrder', path, undefined, patience), visible[kind], what);
      const orders = (await json('listOrders')).items;
      t.equal(orders.length, commit || kind === 'delay' ? 1 : 0, `${what}: the order`);
      const { order_id } = await json('createOrder', path);
      t.matchLists(await json('listOrders'), { items: [{ order_id }] }, 'asked again, there is one order');
      t.equal((await json('listOrders')).items.length, 1);
    }
  }
});

t.test('callbacks of each kind are delivered as scripted', async (t) => {
  const pending = [{ on: 'createOrder', fraud: { status: 'PENDING', then: 'ACCEPTED', after: 'PT1H' } }];
  for (const on of ['authorization', 'push', 'notification']) {
    for (const [delivery, soon, later] of [
      [{ twice: true }, 2, 2],
      [{ drop: true }, 0, 0],
      [{ after: 'PT90M' }, on === 'notification' ? 0 : 1, 1],
      [{ delay: 'PT3H' }, 0, 1],
      [{ 'before-the-answer': true }, 1, 1],
      [{ status: 204 }, 1, 1],
    ] as const) {
      const { checkout, json, call, received } = await shopWith(t, {
        outcomes: pending,
        callbacks: [{ on, delivery }],
      });
      const count = () => received.filter((path) => path === `/${on}`).length;
      const { path } = await checkout(BY_NAME);
      const order = { order_id: (await json('createOrder', path)).order_id };
      // A shop that acknowledges what is pushed, before it is pushed again.
      const step = on === 'push' ? 4 : 120;
      const twoHours = async () => {
        for (let minutes = 0; minutes < 120; minutes += step) {
          await json('advanceClock', {}, { by: `PT${step}M` });
          if (on === 'push' && count() > 0) await call('acknowledgeOrder', order);
        }
      };
      await twoHours();
      t.equal(count(), soon, `${on} ${JSON.stringify(delivery)}`);
      await twoHours();
      t.equal(count(), later);
      if (!('status' in delivery)) continue;
      t.match(
        (await json('listCallbacks')).items.find((attempt: { on: string }) => attempt.on === on),
        {
          result: { status: 200 },
          unexpected: true,
        },
      );
    }
  }
  const { checkout, json, received } = await shopWith(t, {
    callbacks: [{ on: 'authorization', delivery: { reorder: true } }],
  });
  const { path } = await checkout(BY_ALIAS);
  await json('createOrder', path);
  await json('advanceClock', {}, { by: 'PT2M' });
  t.strictSame(received, ['/push', '/authorization']);
});

t.test('the shopper does as scripted', async (t) => {
  const { checkout } = await shopWith(t, { shopper: { result: 'denied' } });
  t.match((await checkout(BY_ALIAS)).authorized, { approved: false, show_form: false });
  t.match((await checkout(NEITHER)).authorized, { approved: true });
});
