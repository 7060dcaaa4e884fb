import { MemoryStore } from '../../src/store/memory-store.js';
import t from '../tap.js';
import { page, SHOP, start } from './page.js';
import { type Caller, purchase } from './sandbox.js';

const merchant_urls = {
  success: `${SHOP}/thanks?page={{session_id}}&token={{authorization_token}}&order={{order_id}}`,
  failure: `${SHOP}/failure`,
  cancel: `${SHOP}/cancel`,
};

/** A hosted session, and the calls of its page. */
async function hosted(
  call: Caller,
  url: string,
  { session = {}, ...body }: { session?: object; options?: object } = {},
) {
  const created = await call('createSession', { body: { ...purchase, ...session } });
  const payment_session_url = `https://api.klarna.com/payments/v1/sessions/${created.body.session_id}`;
  const { body: given } = await call('createHostedSession', { body: { payment_session_url, merchant_urls, ...body } });
  const id = given.session_id as string;
  const { ask } = page(url, undefined);
  const act = (name: string) => (payload?: object) => ask('POST', `/hpp/payments/${id}/${name}`, payload);
  return {
    id,
    path: { session_id: id },
    payment: created.body.session_id as string,
    open: () => ask('GET', `/hpp/payments/${id}`),
    read: () => ask('GET', `/hpp/payments/${id}/purchase`),
    pay: act('pay'),
    fail: act('fail'),
    cancel: act('cancel'),
    back: act('back'),
  };
}

t.test('the hosted page reads its purchase and what was ordered for the page', async (t) => {
  const { url, call } = await start(t);
  const { read, open, id, payment } = await hosted(call, url, {
    options: {
      page_title: 'Pay <b>here</b>',
      logo_url: `${SHOP}/logo.png`,
      purchase_type: 'RENT',
      place_order_mode: 'PLACE_ORDER',
      show_subtotal_detail: 'HIDE',
    },
  });
  t.match((await read()).body.hosted, { status: 'WAITING' }, 'to read it is no visit');
  await open();
  const { status, headers, body } = await read();
  t.equal(status, 200);
  t.equal(headers['access-control-allow-origin'], '*');
  t.match(body, {
    session_id: payment,
    merchant: 'boots',
    hosted: {
      session_id: id,
      status: 'IN_PROGRESS',
      place_order_mode: 'PLACE_ORDER',
      page_url: `${url}/hpp/payments/${id}`,
      page_title: 'Pay <b>here</b>',
      logo_url: `${SHOP}/logo.png`,
      purchase_type: 'RENT',
      show_subtotal_detail: 'HIDE',
    },
  });
  t.notOk('redirect_url' in body.hosted);
});

t.test('the hosted page offers the categories of its hosted session', async (t) => {
  const { url, call } = await start(t);
  const categoriesOf = async (options: object) => {
    const { body } = await (await hosted(call, url, { options })).read();
    const sources = body.options.flatMap((option: any) =>
      option.sources.map((source: any) => [option.payment_option, source.funding_source.type].join(' ')),
    );
    return [body.payment_method_categories.map(({ name }: { name: string }) => name), [...new Set(sources)]];
  };
  t.strictSame(await categoriesOf({ payment_method_category: 'PAY_LATER' }), [
    ['Buy now, pay later'],
    ['pay_later none', 'pay_later card'],
  ]);
  t.strictSame(await categoriesOf({ payment_method_categories: ['DIRECT_DEBIT', 'DIRECT_BANK_TRANSFER'] }), [
    ['Direct debit', 'Bank transfer'],
    ['pay_now direct_debit', 'pay_now bank_transfer'],
  ]);
  t.strictSame((await categoriesOf({}))[0], ['Pay with Klarna']);
  const { pay } = await hosted(call, url, { options: { payment_method_category: 'pay_later' } });
  t.match((await pay({ payment_option: 'pay_later' })).body, { status: 'COMPLETED' });
});

t.test('paying on the hosted page ends where the merchant said', async (t) => {
  const { url, call } = await start(t);
  const { pay, read, id, payment, path, cancel } = await hosted(call, url, {
    options: { place_order_mode: 'CAPTURE_ORDER' },
  });
  t.match(await pay({ result: 'finalize_required' }), { status: 400, why: /^finalize-waits: / });
  t.match(await pay({ resutl: 'x' } as object), { status: 400, why: /^shape: / });
  const { status, body } = await pay({ payment_option: 'pay_in_4' });
  t.equal(status, 200);
  t.match(body, { status: 'COMPLETED', approved: true, fraud_status: 'ACCEPTED' });
  const redirect_url = `${SHOP}/thanks?page=${id}&token=${body.authorization_token}&order=${body.order_id}`;
  t.equal(body.redirect_url, redirect_url);
  t.matchLists((await call('listOrders')).body.items, [
    { order_id: body.order_id, session_id: payment, status: 'CAPTURED' },
  ]);
  const after = (await read()).body;
  t.match(after, {
    status: 'complete',
    hosted: {
      status: 'COMPLETED',
      redirect_url,
    },
  });
  t.match(await pay(), { status: 403, why: /^hosted-final: / });
  t.match(await cancel(), { status: 403, why: /^hosted-final: / });
  t.match((await call('readHostedSession', { path })).body, { status: 'COMPLETED', order_id: body.order_id });
});

t.test('leaving the hosted page moves its status', async (t) => {
  const { url, call } = await start(t);
  const { fail, back, cancel, path, read } = await hosted(call, url);
  const status = async () => (await call('readHostedSession', { path })).body.status;
  t.match((await fail()).body, { status: 'FAILED', redirect_url: `${SHOP}/failure` });
  t.match((await back()).body, { status: 'BACK', redirect_url: `${SHOP}/cancel` });
  t.equal(await status(), 'BACK');
  t.match((await cancel()).body, { status: 'CANCELLED', redirect_url: `${SHOP}/cancel` });
  t.match((await read()).body, { hosted: { status: 'CANCELLED', redirect_url: `${SHOP}/cancel` } });
  const { items } = (await call('readJournal')).body;
  t.strictSame(
    items
      .map(({ operation }: { operation: string }) => operation)
      .filter((name: string) => name.endsWith('HostedPurchase'))
      .sort(),
    ['backHostedPurchase', 'cancelHostedPurchase', 'failHostedPurchase'],
    'what an open page reads again and again is left out',
  );
});

t.test('a hosted session that is over or unknown has no page', async (t) => {
  const { url, call } = await start(t);
  const known = await hosted(call, url);
  const { ask } = page(url, undefined);
  const calls = ['GET purchase', 'POST pay', 'POST fail', 'POST cancel', 'POST back'].map(
    (name) => name.split(' ') as [string, string],
  );
  for (const [method, name] of calls) {
    const answer = await ask(method, `/hpp/payments/none/${name}`);
    t.match(
      answer,
      { status: 404, why: /^hosted-known: session_id: given none, which is the id of no hosted session/ },
      name,
    );
    t.equal(answer.headers['access-control-allow-origin'], '*');
  }
  await call('advanceClock', { body: { by: 'PT47H' } });
  t.match((await known.read()).body.hosted, { status: 'TIMEOUT' });
  t.match(await known.pay(), { status: 404, why: /^hosted-lifetime: / });
  await call('advanceClock', { body: { by: 'PT2H' } });
  for (const [method, name] of calls) {
    t.match(await ask(method, `/hpp/payments/${known.id}/${name}`), { status: 404 }, name);
  }
});

t.test('a page whose payment session is no longer kept says so, whatever it asks', async (t) => {
  const store = new MemoryStore();
  const { url, call } = await start(t, { store });
  const { id, payment, open, read, pay, fail, cancel, back } = await hosted(call, url);
  // As a full memory drops it, which knows nothing of what hangs together.
  store.commit([], [{ remove: { kind: 'session', id: payment } }], 0);
  const answer = await read();
  t.match(answer, {
    status: 404,
    why: `hosted-known: the payment session of hosted session ${id} is no longer kept; create both anew`,
  });
  for (const ask of [open, pay, fail, back, cancel]) t.ok((await ask()).status < 500);
});
