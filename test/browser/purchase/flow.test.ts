import type { Decision } from '../../../src/browser/purchase/decisions.js';
import { type Carrier, type Ending, Flow } from '../../../src/browser/purchase/flow.js';
import type { AuthorizeRequest, Purchase } from '../../../src/browser/purchase/purchase.js';
import { noAnswer, TroubleError } from '../../../src/browser/purchase/trouble.js';
import t from '../../tap.js';
import { onHosted, samplePurchase } from './sample.js';

const approved: Ending = {
  outcome: { tone: 'good', title: 'Approved', text: '' },
  stays: false,
  approved: true,
};

interface Script extends Partial<Omit<Carrier, 'read' | 'send'>> {
  purchases?: (Purchase | Error)[];
  endings?: (Ending | Error)[];
}

/** A flow whose carrier gives what it is told to, and what it was asked to do. */
function carried({ purchases = [], endings = [], ...rest }: Script = {}) {
  const sent: [Decision, AuthorizeRequest][] = [];
  const ended: unknown[] = [];
  const next = async <Given>(given: (Given | Error)[], otherwise: Given): Promise<Given> => {
    const value = given.shift() ?? otherwise;
    if (value instanceof Error) throw value;
    return value;
  };
  const carrier: Carrier = {
    place: 'over-shop',
    categories: [],
    autoFinalize: true,
    collectsAddress: false,
    unattended: false,
    read: () => next(purchases, samplePurchase()),
    send(decision, request) {
      sent.push([decision, request]);
      return next(endings, approved);
    },
    end: (ending, address) => ended.push(address ? [ending, address] : ending),
    giveUp: (trouble) => ended.push(trouble?.title ?? 'closed'),
    ...rest,
  };
  return { flow: new Flow(carrier), sent, ended };
}

const down = () => new TroubleError(noAnswer('http://localhost'));

t.test('phone, code, and the purchase is approved', async (t) => {
  const { flow, sent, ended } = carried();
  await flow.start();
  t.equal(flow.step.value, 'review');
  t.equal(flow.phone.value, '+46701740650', 'that of the session');
  flow.proceed();
  t.equal(flow.step.value, 'code');
  await flow.verify('999999');
  t.match(flow.codeWrong.value, /wrong on purpose/);
  t.strictSame(sent, []);
  await flow.verify('123456');
  t.equal(flow.codeWrong.value, undefined);
  t.match(sent[0]?.[1], { payment_option: 'pay_now', funding_source: { masked_number: /1111$/ } });
  t.equal(sent.length, 1);
  t.strictSame(ended, [approved]);
  t.equal(flow.step.value, 'done');
});

t.test('without phone and e-mail nothing goes on', async (t) => {
  const { flow } = carried();
  await flow.start();
  flow.phone.value = '';
  flow.email.value = ' ';
  flow.proceed();
  t.equal(flow.step.value, 'review');
  t.match(flow.contactWrong.value, /^Neither/);
  flow.email.value = 'elsa@example.com';
  flow.proceed();
  t.equal(flow.step.value, 'code');
});

t.test('the sentence and the request follow the choice', async (t) => {
  const { flow, sent } = carried();
  await flow.start();
  t.equal(flow.tokenizes.value, 'Klarna will keep the card.');
  flow.chooseSource(1);
  t.match(flow.tokenizes.value, /^Nothing will be tokenized/);
  flow.chooseOption('pay_later');
  t.equal(flow.tokenizes.value, 'Klarna will keep Pay Later in 30 days.', 'by the first source again');
  await flow.decide('finalize-later');
  t.strictSame(sent, [
    ['finalize-later', { result: 'finalize_required', payment_option: 'pay_later', funding_source: { type: 'none' } }],
  ]);
});

t.test('where the scenario scripts the shopper nothing is to be clicked', async (t) => {
  const scripted = samplePurchase({ scripted: { result: 'denied' } });
  const { flow, sent, ended } = carried({ purchases: [scripted], autoFinalize: false });
  const steps: string[] = [];
  flow.step.subscribe((step) => steps.push(step));
  await flow.start();
  t.strictSame(steps, ['loading', 'scripted', 'done']);
  t.strictSame(sent, [['approve', { auto_finalize: false }]], 'the server knows the rest');
  t.strictSame(ended, [approved]);

  const failing = carried({ purchases: [scripted], endings: [down()] });
  await failing.flow.start();
  t.strictSame(failing.ended, ['The sandbox does not answer'], 'nobody is there to read it');
});

t.test('what needs no shopper is done at once, also on a session that is complete', async (t) => {
  const { flow, sent, ended } = carried({ unattended: true, purchases: [samplePurchase({ status: 'complete' })] });
  await flow.start();
  t.equal(sent.length, 1);
  t.strictSame(ended, [approved]);
  const failing = carried({ unattended: true, purchases: [down()] });
  await failing.flow.start();
  t.strictSame(failing.ended, ['The sandbox does not answer']);
});

t.test('trouble is shown, and the shopper may try again', async (t) => {
  const { flow, ended, sent } = carried({ purchases: [down()], endings: [down()] });
  await flow.start();
  t.equal(flow.step.value, 'trouble');
  t.match(flow.trouble.value, { again: true });
  await flow.start();
  t.equal(flow.step.value, 'review');
  await flow.decide('approve');
  t.equal(flow.step.value, 'review');
  t.match(flow.trouble.value, { title: 'The sandbox does not answer' });
  t.equal(flow.busy.value, false);
  await flow.decide('approve');
  t.equal(flow.trouble.value, undefined);
  t.equal(sent.length, 2);
  t.strictSame(ended, [approved]);
});

t.test('closing is a decision of its own, and goes on when nobody answers', async (t) => {
  const { flow, sent, ended } = carried();
  await flow.start();
  flow.proceed();
  await flow.close();
  t.equal(sent[0]?.[0], 'close');
  t.match(sent[0]?.[1], { result: 'abandoned' });
  await flow.close();
  t.equal(ended.length, 1, 'once');

  const failing = carried({ endings: [down()] });
  await failing.flow.start();
  await failing.flow.close();
  t.strictSame(failing.ended, ['The sandbox does not answer']);

  const over = carried({ purchases: [samplePurchase({ status: 'expired' })] });
  await over.flow.start();
  t.equal(over.flow.step.value, 'over');
  await over.flow.close();
  t.strictSame(over.ended, ['closed']);
  t.strictSame(over.sent, [], 'nothing is left to abandon');
});

t.test('of two decisions at once one is sent', async (t) => {
  const { flow, sent } = carried();
  await flow.start();
  await Promise.all([flow.decide('approve'), flow.decide('deny'), flow.close()]);
  t.strictSame(
    sent.map(([decision]) => decision),
    ['approve'],
  );
});

t.test('a shipping address is collected before anything is approved', async (t) => {
  const { flow, sent, ended } = carried({ collectsAddress: true });
  await flow.start();
  await flow.decide('approve');
  t.strictSame(sent, []);
  t.strictSame(Object.keys(flow.addressWrong.value), ['street_address', 'postal_code', 'city']);
  flow.address.value = {
    ...flow.address.value,
    street_address: 'Skogsgatan 7',
    postal_code: '411 18',
    city: 'Göteborg',
  };
  await flow.decide('approve');
  t.matchLists(ended, [[{ approved: true }, { given_name: 'Elsa', city: 'Göteborg' }]]);
});

t.test('the hosted page stays, moves and ends as its session does', async (t) => {
  const hosted = (status: Parameters<typeof onHosted>[0]) => samplePurchase({ hosted: onHosted(status) });
  const declined: Ending = { ...approved, stays: true, approved: false, status: 'FAILED' };
  const { flow, ended } = carried({
    place: 'hosted',
    purchases: [hosted({}), down(), hosted({ status: 'TIMEOUT' })],
    endings: [declined],
  });
  await flow.start();
  await flow.decide('deny');
  t.equal(flow.step.value, 'review');
  t.equal(flow.ending.value, declined, 'said above the review');
  t.equal(flow.purchase.value?.hosted?.status, 'FAILED');
  await flow.refresh();
  t.equal(flow.step.value, 'review', 'one look without an answer changes nothing');
  await flow.refresh();
  t.equal(flow.step.value, 'over');
  t.strictSame(ended, []);

  const closed = carried({ place: 'hosted', purchases: [hosted({ status: 'CANCELLED' })] });
  await closed.flow.start();
  t.equal(closed.flow.step.value, 'over');
});
