import { readFileSync } from 'node:fs';
import { complete, type Schema } from '../../../src/browser/live/schema-completion.js';
import t from '../../tap.js';

const schema: Schema = JSON.parse(
  readFileSync(new URL('../../../contracts/scenario.schema.json', import.meta.url), 'utf8'),
);

/** Returns what can stand at the bar in a text. */
function at(text: string): string[] {
  const place = text.indexOf('|');
  return complete(schema, text.replace('|', ''), place)?.options.map(({ label }) => label) ?? [];
}

t.test('keys are completed by their place', async (t) => {
  t.ok(at('|').includes('outcomes'));
  t.ok(at('title: x\nev|').includes('evidence'));
  t.ok(at('title: x\nshopper:\n  |').includes('payment_option'));
  t.ok(at('shopper:\n  payment_option: pay_in_4\n  fun|').includes('funding_source'));
  t.ok(at('shopper:\n  funding_source:\n    |').includes('masked_number'));
  t.ok(at('outcomes:\n  - |').includes('on'));
  t.ok(at('outcomes:\n  - on: createOrder\n    |').includes('error'));
  t.ok(at('outcomes:\n- on: createOrder\n  |').includes('fault'));
  t.ok(at('outcomes:\n  - { on: createOrder, |').includes('error'));
  t.ok(at('steps:\n  - title: x\n    |').includes('createSession'));
  t.ok(at('steps:\n  - createSession:\n      |').includes('body'));
  t.ok(at('steps:\n  - createSession:\n      body:\n        |').includes('order_lines'));
  t.ok(at('steps:\n  - title: x\n    createSession:\n      body: {}\n    |').includes('expect'));
  t.ok(at('steps:\n  - advance: P1M\n  - createOrder:\n      path: { |').includes('authorizationToken'));
  t.notOk(at('shopper:\n  |').includes('outcomes'));
});

t.test('values are completed where there are words for them', async (t) => {
  t.ok(at('evidence: |').includes('recorded'));
  t.ok(at('market: S|').includes('SE'));
  t.ok(at('outcomes:\n  - on: cr|').includes('createOrder'));
  t.ok(at('outcomes:\n  - { on: |').includes('createOrder'));
  t.ok(at('callbacks:\n  - on: |').includes('push'));
  t.ok(at('needs: [|').includes('standing-clock'));
});

t.test('the words of a request are offered, and what the market brings', async (t) => {
  const inBody = (text: string) => at(`steps:\n  - createSession:\n      body:\n        ${text}`);
  const intents = ['buy', 'tokenize', 'buy_and_tokenize', 'buy_and_default_tokenize', 'buy_and_link'];
  t.strictSame(inBody('intent: |'), intents);
  t.ok(inBody('purchase_country: |').includes('SE'));
  t.ok(inBody('locale: |').includes('sv-SE'));
  t.ok(
    inBody('order_lines:\n          - { type: |').includes('shipping_fee'),
    'words that the document names in prose',
  );
  t.strictSame(inBody('billing_address: |'), [`\${person.billing_address}`, '$absent']);
  t.strictSame(inBody('order_amount: |'), []);
  const charge = 'steps:\n  - createCustomerTokenOrder:\n      headers: { Klarna-Idempotency-Key: |';
  t.strictSame(at(charge), ['$newUuid']);
  for (const field of ['status', 'client_token', 'authorization_token', 'expires_at', 'payment_method_categories']) {
    t.notOk(inBody('|').includes(field), `${field} is for answers alone`);
  }
  t.ok(inBody('|').includes('order_amount'));
});

t.test('the shopper’s choices are offered', async (t) => {
  const options = ['pay_now', 'pay_later', 'pay_in_3', 'pay_in_4', 'financing'];
  t.strictSame(at('shopper:\n  payment_option: |'), options);
  t.strictSame(at('steps:\n  - shopper: authorize\n    with: { payment_option: |'), options);
  const sources = ['card', 'direct_debit', 'bank_transfer', 'none'];
  t.strictSame(at('shopper:\n  funding_source: { type: |'), sources);
  t.strictSame(at('steps:\n  - with:\n      funding_source:\n        type: |'), sources);
  t.strictSame(at('shopper:\n  funding_source:\n    reusable: |'), ['true', 'false']);
  t.ok(at('shopper:\n  result: |').includes('finalize_required'));
});

t.test('an outcome is offered the errors of its operation', async (t) => {
  const charged = at('outcomes:\n  - on: createCustomerTokenOrder\n    error: |');
  t.ok(charged.includes('PAYMENT_METHOD_FAILED'));
  t.notOk(charged.includes('REFUND_NOT_ALLOWED'));
  const refunded = at('outcomes:\n  - error: |\n    on: refundOrder\n  - on: createOrder');
  t.ok(refunded.includes('REFUND_NOT_ALLOWED'), 'also where the operation stands behind it');
  t.notOk(refunded.includes('PAYMENT_METHOD_FAILED'));
  t.ok(at('outcomes:\n  - { on: refundOrder, error: |').includes('REFUND_NOT_ALLOWED'));
  t.notOk(at('outcomes:\n  - { on: refundOrder, error: |').includes('PAYMENT_METHOD_FAILED'));
  t.strictSame(at('outcomes:\n  - error: |'), [], 'of no operation there are none');
  const when = at('outcomes:\n  - on: createOrder\n    when: { order_amount: |');
  t.ok(when.includes('$integer'));
  t.ok(at('outcomes:\n  - on: createOrder\n    when: { order_amount: { |').includes('$over'));
});

t.test('a step is offered the answer of its operation, and what meets a value', async (t) => {
  const order = 'steps:\n  - createOrder: { path: { authorizationToken: x } }\n    expect:\n      body:\n        ';
  t.ok(at(`${order}|`).includes('fraud_status'));
  t.ok(at(`${order}|`).includes('error_code'));
  t.notOk(at(`${order}|`).includes('client_token'), 'the answer of another operation');
  t.strictSame(at(`${order}fraud_status: |`).slice(0, 4), ['ACCEPTED', 'PENDING', 'REJECTED', '$any']);
  t.ok(at(`${order}order_id: |`).includes('$uuid'));
  t.ok(at(`${order}order_id: { |`).includes('$match'));
  t.notOk(at(`${order}order_id: { |`).includes('$over'));
  t.ok(at(`${order}authorized_payment_method: { number_of_days: { |`).includes('$over'));
  t.ok(at(`${order}authorized_payment_method: { type: |`).includes('slice_it_by_card'));
  const codes = at(`${order}error_code: |`);
  t.ok(codes.includes('REJECTED'));
  t.notOk(codes.includes('REFUND_NOT_ALLOWED'));
  t.ok(at('steps:\n  - createSession:\n    expect: { status: |').includes('200'));
  t.notOk(at('steps:\n  - createSession:\n    expect: { status: |').includes('409'));
  t.ok(at('steps:\n  - captureOrder:\n    expect: { headers: { |').includes('Location'));
  t.ok(at('steps:\n  - expect: { body: { |\n    shopper: authorize').includes('authorization_token'));
  t.ok(at('steps:\n  - readOrder:\n    expect: { payment_method: { |').includes('number_of_installments'));
  t.ok(at('steps:\n  - readClock:\n    expect: { callbacks: [{ |').includes('path'));
  t.ok(at('steps:\n  - listCaptures:\n    expect: { body: [{ |').includes('capture_id'));
});

t.test('what can be kept of an answer is offered', async (t) => {
  const kept = at('steps:\n  - createSession:\n    keep: { session: |');
  t.ok(kept.includes('$.body.session_id'));
  t.notOk(kept.includes('$.body.order_id'));
  t.ok(at('steps:\n  - captureOrder:\n    keep:\n      where: |').includes('$.headers.Location'));
});

t.test('words that YAML would take for something else are quoted', async (t) => {
  const place = 'shopper:\n  funding_source:\n    masked_number: ';
  t.strictSame(complete(schema, place, place.length)?.options, [
    { label: '************1111', apply: '"************1111"' },
  ]);
});

t.test('a field that is there is not offered again, and that of a neighbour is', async (t) => {
  const text = 'outcomes:\n  - on: createOrder\n    |\n    error: REJECTED\n  - fault: {}\n';
  t.notOk(at(text).includes('error'));
  t.notOk(at(text).includes('on'));
  t.ok(at(text).includes('fault'));
  t.notOk(at('outcomes:\n  - { on: createOrder, |').includes('on'));
});

t.test('nothing is offered where nothing is known', async (t) => {
  for (const text of ['title: |', '# |', 'title: a b |', 'nothing:\n  |', ': |', '{|', '- - - |', '"|', 'a: "b\n|']) {
    t.doesNotThrow(() => at(text), text);
  }
  t.strictSame(at('title: |'), []);
  t.strictSame(at('nothing:\n  |'), []);
  t.strictSame(at('# ev|'), []);
});

t.test('a completion replaces the word that was begun', async (t) => {
  const text = 'outcomes:\n  - { on: createO';
  t.equal(complete(schema, text, text.length)?.from, text.length - 'createO'.length);
  const key = 'sho';
  t.equal(complete(schema, key, 3)?.from, 0);
  t.match(
    complete(schema, key, 3)?.options.find(({ label }) => label === 'shopper'),
    { apply: 'shopper: ', detail: String },
  );
});
