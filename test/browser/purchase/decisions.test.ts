import {
  decisionWords,
  hostedOutcomeOf,
  otherDecisions,
  outcomeOf,
  requestOf,
  scriptedRequest,
} from '../../../src/browser/purchase/decisions.js';
import t from '../../tap.js';
import { payNow, visa } from './sample.js';

t.test('each place has its ends to rehearse, each with words', async (t) => {
  t.strictSame(otherDecisions['over-shop'], ['deny', 'close', 'fix', 'finalize-later']);
  t.strictSame(otherDecisions.hosted, ['deny', 'fix', 'back', 'cancel'], 'nothing waits for finalize() there');
  for (const decision of [...otherDecisions['over-shop'], ...otherDecisions.hosted]) {
    t.match(decisionWords[decision], { label: /^[A-Z]/, about: /\.$/ });
  }
});

t.test('a decision is sent with the choice and the data of the page', async (t) => {
  const asked = { option: payNow, source: visa, autoFinalize: true };
  const choice = { payment_option: 'pay_now', funding_source: visa.funding_source };
  t.strictSame(requestOf('approve', asked), choice, 'the server decides');
  t.strictSame(requestOf('approve', { ...asked, autoFinalize: false }), { ...choice, auto_finalize: false });
  t.strictSame(requestOf('deny', asked), { ...choice, result: 'denied' });
  t.strictSame(requestOf('close', asked), { ...choice, result: 'abandoned' });
  t.strictSame(requestOf('finalize-later', asked), { ...choice, result: 'finalize_required' });
  const data = { merchant_reference1: 'a' };
  t.strictSame(requestOf('fix', { ...asked, data, fields: ['customer.date_of_birth'] }), {
    ...choice,
    data,
    result: 'fix_required',
    invalid_fields: ['customer.date_of_birth'],
  });
  t.strictSame(requestOf('approve', { autoFinalize: true }), {}, 'without anything to choose');
});

t.test('a scripted shopper leaves everything to the server', async (t) => {
  t.strictSame(scriptedRequest({ autoFinalize: true }), {});
  const data = { merchant_reference1: 'a' };
  t.strictSame(scriptedRequest({ autoFinalize: false, data }), { auto_finalize: false, data });
});

t.test('every answer has an outcome in words', async (t) => {
  const told = (answer: Parameters<typeof outcomeOf>[0]) => outcomeOf(answer).title;
  t.equal(told({ approved: true, show_form: true, authorization_token: 'x' }), 'Approved');
  t.equal(told({ approved: true, show_form: true, finalize_required: true }), 'Approved, to be finalized');
  t.equal(told({ approved: false, show_form: true }), 'Closed');
  t.equal(told({ approved: false, show_form: false }), 'Declined');
  const error = { invalid_fields: ['billing_address.email', 'billing_address.phone'] };
  t.match(outcomeOf({ approved: false, show_form: true, error }).text, 'billing_address.email, billing_address.phone');
});

t.test('on the hosted page the status says more than the answer', async (t) => {
  const told = (answer: Omit<Parameters<typeof hostedOutcomeOf>[0], 'session_id'>) =>
    hostedOutcomeOf({ session_id: 'x', ...answer });
  t.equal(told({ status: 'COMPLETED', approved: true, show_form: true }).title, 'Approved');
  t.match(told({ status: 'COMPLETED', order_id: 'y', klarna_reference: 'H7K2' }), { title: 'Paid', text: /H7K2/ });
  t.equal(told({ status: 'FAILED', approved: true, show_form: true }).title, 'Declined', 'Klarna rejects the order');
  t.equal(told({ status: 'ERROR', approved: true, show_form: true }).title, 'The order could not be placed');
  t.equal(told({ status: 'CANCELLED' }).title, 'Cancelled');
  t.equal(told({ status: 'BACK' }).title, 'Back to the shop');
  const error = { invalid_fields: ['billing_address.email'] };
  t.match(told({ status: 'IN_PROGRESS', approved: false, show_form: true, error }).text, 'billing_address.email');
});
