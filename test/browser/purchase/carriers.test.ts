import type { HostedApi, PurchaseApi } from '../../../src/browser/purchase/api.js';
import { onHostedPage, overShop } from '../../../src/browser/purchase/carriers.js';
import { Flow } from '../../../src/browser/purchase/flow.js';
import type { HostedAnswer, Purchase } from '../../../src/browser/purchase/purchase.js';
import type { MessageFromFrame, Open } from '../../../src/browser/sdk/messages.js';
import t from '../../tap.js';
import { onHosted, samplePurchase } from './sample.js';

/** A flow over a shop, with the calls that it makes and the messages that the shop gets. */
function overAShop(open: Partial<Open> = {}, purchase: Purchase = samplePurchase()) {
  const calls: unknown[][] = [];
  const told: MessageFromFrame[] = [];
  const answer = { approved: true, show_form: true, authorization_token: 'token' };
  const record =
    <Answer>(name: string, given: Answer) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      return given;
    };
  const api: PurchaseApi = {
    read: record('read', purchase),
    load: record('load', {}),
    authorize: record('authorize', answer),
    reauthorize: record('reauthorize', answer),
    finalize: record('finalize', answer),
  };
  const opened: Open = { kind: 'open', token: 'x', call: 'authorize', autoFinalize: true, ...open };
  const flow = new Flow(overShop(api, opened, { send: (message) => told.push(message) }));
  return { flow, calls, told, answer, names: () => calls.map(([name]) => name) };
}

t.test('authorize: the data of the page are shown, sent, and answered', async (t) => {
  const data = { order_amount: 100 };
  const { flow, calls, told, answer, names } = overAShop({ data, category: 'pay_later' });
  await flow.start();
  t.strictSame(names(), ['read', 'load', 'read']);
  t.equal(flow.option.value?.payment_option, 'pay_later', 'of the category that the page names');
  await flow.decide('approve');
  t.match(calls[3]?.[1], { data, payment_option: 'pay_later' });
  t.strictSame(told, [{ kind: 'answer', answer }]);
});

t.test('authorize without data reads once', async (t) => {
  const { flow, names } = overAShop({ data: {} });
  await flow.start();
  t.strictSame(names(), ['read']);
});

t.test('a scripted shopper costs two calls', async (t) => {
  const { flow, names, told } = overAShop({ data: { order_amount: 100 } }, samplePurchase({ scripted: {} }));
  await flow.start();
  t.strictSame(names(), ['read', 'authorize']);
  t.equal(told.length, 1);
});

t.test('reauthorize and finalize ask nobody', async (t) => {
  for (const call of ['reauthorize', 'finalize'] as const) {
    const { flow, names, told } = overAShop({ call, data: { order_amount: 100 } });
    await flow.start();
    t.strictSame(names(), ['read', call]);
    t.match(told[0], { kind: 'answer', answer: { authorization_token: 'token' } });
  }
});

t.test('the collected address goes with the answer', async (t) => {
  const person = {
    ...samplePurchase().person,
    street_address: 'Skogsgatan 7',
    postal_code: '411 18',
    city: 'Göteborg',
  };
  const { flow, told } = overAShop({ collectShippingAddress: true }, samplePurchase({ person }));
  await flow.start();
  await flow.decide('approve');
  t.match(told[0], { answer: { collected_shipping_address: { city: 'Göteborg', country: 'SE' } } });
});

t.test('the hosted page goes where the answer says', async (t) => {
  const went: string[] = [];
  const answers: HostedAnswer[] = [];
  const left: string[] = [];
  const api: HostedApi = {
    read: async () => samplePurchase({ hosted: onHosted() }),
    pay: async () => answers.shift() as HostedAnswer,
    leave: async (by) => {
      left.push(by);
      return answers.shift() as HostedAnswer;
    },
  };
  const come = async (answer: Partial<HostedAnswer>, decision: 'approve' | 'back' | 'cancel' = 'approve') => {
    const flow = new Flow(onHostedPage(api, ({ href }) => went.push(href)));
    await flow.start();
    answers.push({ session_id: 'x', status: 'COMPLETED', ...answer });
    await flow.decide(decision);
    return flow;
  };
  const redirect_url = 'https://boots.example/thanks';
  await come({ redirect_url });
  await come({ redirect_url, status: 'BACK' }, 'back');
  t.strictSame(went, [redirect_url, redirect_url]);
  t.strictSame(left, ['back']);
  const nowhere = await come({});
  t.match(nowhere.ending.value, { destination: undefined, stays: false });
  const bent = await come({ redirect_url: 'javascript:alert(1)' });
  t.match(bent.ending.value, { destination: undefined, named: 'javascript:alert(1)' });
  const declined = await come({ status: 'FAILED', approved: false, show_form: false });
  t.equal(declined.step.value, 'review', 'the shopper may try again');
  const back = await come({ status: 'BACK' }, 'back');
  t.equal(back.step.value, 'done');
  t.equal(went.length, 2);
});
