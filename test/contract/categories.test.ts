import { actAs } from '../../src/client/merchant-sandbox.js';
import { readMerchants } from '../../src/server/world/merchants-file.js';
import t from '../tap.js';
import { openPage, start } from './page.js';
import { type Caller, purchase } from './sandbox.js';

const three = ['pay_later', 'pay_over_time', 'pay_now'];

/** Identifiers and names of a new session's categories. */
async function named(call: Caller, session: object = {}, headers: Record<string, string> = {}) {
  const { body } = await call('createSession', { body: { ...purchase, ...session }, headers });
  return body.payment_method_categories.map(({ identifier, name }: any) => `${identifier}: ${name}`);
}

const identifiers = async (call: Caller, headers = {}) =>
  (await named(call, {}, headers)).map((name: string) => name.replace(/:.*/, ''));

const choose = (call: Caller, payment_method_categories: unknown) =>
  call('choosePaymentMethodCategories', { body: { payment_method_categories } });

t.test('a session has the categories that were chosen when it was created', async (t) => {
  const { url, call, as } = await start(t);
  t.strictSame((await call('readPaymentMethodCategories')).body, {
    payment_method_categories: ['klarna'],
    chosen_by: 'market',
  });
  const before = await openPage(call, url);
  t.strictSame((await choose(call, three)).body, { payment_method_categories: three, chosen_by: 'control API' });
  t.strictSame(await named(call), [
    'pay_later: Buy now, pay later',
    'pay_over_time: Monthly financing',
    'pay_now: Pay now',
  ]);
  t.strictSame(await identifiers(as('shoes')), ['klarna'], 'of this merchant only');
  t.matchLists((await call('readSession', { path: before.path })).body.payment_method_categories, [
    { identifier: 'klarna' },
  ]);
  const { read, load, path } = await openPage(call, url);
  const { options } = (await read()).body;
  t.strictSame(
    options.map(({ payment_option, sources }: any) =>
      [payment_option, ...new Set(sources.flatMap((source: any) => source.payment_method_categories))].join(' '),
    ),
    [
      'pay_now pay_now',
      'pay_later pay_later',
      'pay_in_3 pay_over_time',
      'pay_in_4 pay_over_time',
      'financing pay_over_time',
    ],
  );
  t.strictSame((await load({ payment_method_category: 'pay_now' })).body, { show_form: true });
  t.strictSame((await load({ payment_method_categories: ['pay_now', 'klarna'] })).body, { show_form: false });
  t.strictSame((await choose(call, [])).body, { payment_method_categories: ['klarna'], chosen_by: 'market' });
  t.strictSame(await identifiers(call), ['klarna']);
  t.equal((await call('readSession', { path })).body.payment_method_categories.length, 3, 'it keeps them');
  await choose(call, ['pay_now']);
  await call('resetMerchant');
  t.strictSame(await identifiers(call), ['klarna']);
});

t.test('categories have the names that were seen in their market', async (t) => {
  const { call } = await start(t);
  await choose(call, three);
  const order = { order_amount: 100, order_lines: [{ name: 'Lace', quantity: 1, unit_price: 100, total_amount: 100 }] };
  const us = { purchase_country: 'US', purchase_currency: 'USD', locale: 'en-US', ...order, order_tax_amount: 0 };
  t.strictSame(await named(call, us), [
    'pay_later: Pay later in 30 days',
    'pay_over_time: 4 interest-free payments',
    'pay_now: Pay now',
  ]);
  const gb = { ...us, purchase_country: 'gb', purchase_currency: 'GBP', locale: 'en-GB' };
  t.match((await named(call, gb))[0], 'pay_later: Pay Later');
});

t.test('what is more special goes first', async (t) => {
  const merchants = await readMerchants(
    'merchants: [{ username: boots, password: a, payment_method_categories: [pay_now] }, { username: shoes, password: b }]',
    'merchants.yaml',
  );
  const { url, as } = await start(t, { merchants });
  const call = as('boots', 'a');
  const chosen = async () => (await call('readPaymentMethodCategories')).body;
  t.strictSame(await identifiers(as('shoes', 'b')), ['klarna']);
  t.strictSame(await identifiers(call), ['pay_now']);
  t.strictSame(await chosen(), { payment_method_categories: ['pay_now'], chosen_by: 'merchants file' });
  await choose(call, ['pay_later']);
  t.strictSame(await identifiers(call), ['pay_later']);
  const inline = { title: 'Two ways', evidence: 'inferred', payment_method_categories: ['direct_debit', 'klarna'] };
  await actAs({ url, username: 'boots', password: 'a' }).scenario.choose(inline);
  t.strictSame(await identifiers(call), ['direct_debit', 'klarna']);
  t.strictSame(await chosen(), { payment_method_categories: ['direct_debit', 'klarna'], chosen_by: 'scenario' });
  t.strictSame(await identifiers(call, { 'Mock-Klarna-Scenario': 'declines/charge-failed' }), ['pay_later']);
  await call('endScenario');
  t.strictSame(await identifiers(call), ['pay_later']);
});

t.test('categories that nobody has are refused, and nothing changes', async (t) => {
  const { call } = await start(t);
  await choose(call, ['pay_now']);
  for (const wrong of [
    ['pay_never'],
    ['pay_now', 'pay_now'],
    'pay_now',
    [7],
    [{ identifier: 'pay_now' }],
    undefined,
    Array(7).fill('klarna'),
  ]) {
    t.match(await choose(call, wrong), { status: 400, why: /^shape: / }, JSON.stringify(wrong));
  }
  t.strictSame(await identifiers(call), ['pay_now']);
  for (const [payment_method_categories, why] of [
    [['pay_never'], /payment_method_categories\[0\]: .*pay_never/],
    [[], /scenario-known: payment_method_categories/],
    [['pay_now', 'pay_now'], /scenario-known: payment_method_categories/],
  ] as const) {
    const inline = { title: 'Wrong', evidence: 'inferred', payment_method_categories };
    t.match(await call('chooseScenario', { body: { inline } }), { status: 400, why });
  }
  for (const [entry, message] of [
    ['payment_method_categories: [pay_never]', /payment_method_categories\[0\]: given "?pay_never/],
    ['payment_method_categories: []', /payment_method_categories: given/],
    ['client_ids: [a, a]', /client_ids/],
    ['client_ids: [""]', /client_ids\[0\]/],
  ] as const) {
    await t.rejects(readMerchants(`merchants: [{ username: boots, password: a, ${entry} }]`, 'merchants.yaml'), {
      message,
    });
  }
  const two = (first: string, second: string) =>
    readMerchants(
      `merchants: [{ username: boots, password: a, client_ids: [${first}] }, { username: shoes, password: b, client_ids: [${second}] }]`,
      'm.yaml',
    );
  await t.rejects(two('one', 'one'), {
    message: 'm.yaml: merchants[1].client_ids[0]: given one, which an entry before has',
  });
  await t.rejects(two('shoes', 'two'), {
    message: 'm.yaml: merchants[0].client_ids: given shoes, the user name of merchants[1]',
  });
  t.equal((await two('boots', 'two')).length, 2, 'a merchant may list its own name');
});
