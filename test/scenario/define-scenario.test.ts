import { defineScenario } from '../../src/scenario/define-scenario.js';
import { readInline } from '../../src/scenario/inline.js';
import t from '../tap.js';

const lines = [{ name: 'Boots', quantity: 1, unit_price: 10_000, total_amount: 10_000 }] as const;

const careWith = (customerToken: `\${${string}}`) => ({ readCustomerToken: { path: { customerToken } } });

t.test('a scenario with everything in it is typed, and read as it is', (t) => {
  const scenario = defineScenario({
    title: 'Boots paid later, and care charged to the card a month after',
    evidence: 'docs',
    source: 'Klarna, Mixed payments',
    alias: 'boots',
    market: 'SE',
    tags: ['mixed'],
    clock: '2030-01-01T00:00:00Z',
    needs: ['standing-clock'],
    payment_method_categories: ['pay_later', 'pay_now'],
    shopper: { payment_option: 'pay_later', funding_source: { type: 'card' } },
    outcomes: [
      {
        on: 'createCustomerTokenOrder',
        calls: 1,
        when: { order_amount: { $over: 500 } },
        error: 'PAYMENT_METHOD_FAILED',
      },
      { on: 'createOrder', calls: '2..4', fraud: { status: 'PENDING', then: 'ACCEPTED', after: 'PT5M' } },
      { on: 'createSession', calls: { every: 3 }, fault: { status: 503, commit: true, delay: 'PT0.01S' } },
      { on: 'readOrder', calls: '3..', fault: { timeout: true } },
    ],
    callbacks: [{ on: 'push', delivery: { twice: true, 'before-the-answer': true } }],
    steps: [
      {
        title: 'The shop asks for the boots alone',
        createSession: { body: { intent: 'buy_and_default_tokenize', order_amount: 10_000, order_lines: lines } },
        expect: { status: 200, body: { session_id: '$uuid', client_token: { $match: '^ey' } } },
        keep: { session: '$.body.session_id', category: '$.body.payment_method_categories[0].identifier' },
      },
      {
        shopper: 'authorize',
        session: '${session}',
        with: { payment_option: 'pay_later', funding_source: { type: 'card', reusable: false } },
        keep: { authorization: '$.body.authorization_token' },
      },
      {
        createCustomerToken: {
          path: { authorizationToken: '${authorization}' },
          body: { description: 'Care of ${category}', intended_use: 'SUBSCRIPTION', locale: '$absent' },
        },
        expect: { status: { $oneOf: [200, 201] }, payment_method: { type: 'invoice', number_of_days: 30 } },
        keep: { token: '$.body.token_id' },
      },
      { advance: 'P1M', expect: { status: 200 } },
      {
        as: 'insurer',
        times: 2,
        createCustomerTokenOrder: {
          path: { customerToken: '${token}' },
          headers: { 'Klarna-Idempotency-Key': '$newUuid', 'X-Own': 1 },
          body: {
            order_amount: '${amount}',
            order_lines: [{ name: 'Care', total_amount: '${amount}', unit_price: 900, quantity: 1 }],
          },
        },
        expect: { status: 403, body: { error_code: 'PAYMENT_METHOD_FAILED' }, headers: { 'Content-Type': '$string' } },
      },
      {
        listOrders: { query: { limit: 1 } },
        expect: { body: { items: [{ fraud_status: 'ACCEPTED' }] }, callbacks: [] },
      },
      {
        readOrder: { path: { order_id: '${order}' } },
        expect: { status: '$absent' },
        keep: { at: '$.headers.Location' },
      },
      { createSession: { body: '{ "malformed"' }, expect: { status: 400, body: '$absent' } },
      { shopper: 'back', session: '${page}' },
      { createSession: { body: { purchase_country: 'Sweden', order_amount: 'a lot' as never } } },
    ],
  });
  const { title, ...rest } = scenario;
  t.throws(() => readInline(scenario), /no step before this one keeps "amount"/, 'the rest is for the reader');
  const steps = rest.steps?.slice(0, 4) ?? [];
  t.match(
    readInline({ title, ...rest, outcomes: rest.outcomes?.slice(0, 1), steps: [...steps, careWith('${token}')] }),
    {
      title,
      market: 'SE',
    },
  );
  t.end();
});

t.test('what the contract does not have is an error of the compiler', (t) => {
  const title = 'Wrong';
  const wrong = [
    // @ts-expect-error a scenario has a title
    defineScenario({ steps: [] }),
    // @ts-expect-error a misspelt key
    defineScenario({ title, step: [] }),
    // @ts-expect-error no operation has that name
    defineScenario({ title, steps: [{ creatSession: {} }] }),
    // @ts-expect-error a misspelt field of a body
    defineScenario({ title, steps: [{ createSession: { body: { ordr_amount: 1 } } }] }),
    // @ts-expect-error a misspelt field inside a list
    defineScenario({ title, steps: [{ createSession: { body: { order_lines: [{ nam: 'Boots' }] } } }] }),
    // @ts-expect-error a field that only answers have
    defineScenario({ title, steps: [{ createSession: { body: { client_token: 'x' } } }] }),
    // @ts-expect-error a number is expected
    defineScenario({ title, steps: [{ createSession: { body: { order_amount: '100' } } }] }),
    // @ts-expect-error no such intent
    defineScenario({ title, steps: [{ createSession: { body: { intent: 'by' } } }] }),
    // @ts-expect-error a status is a number
    defineScenario({ title, steps: [{ createSession: {}, expect: { status: '200' } }] }),
    // @ts-expect-error no answer of the operation has the field
    defineScenario({ title, steps: [{ createSession: {}, expect: { body: { order_id: '$uuid' } } }] }),
    // @ts-expect-error no answer of the operation has the field
    defineScenario({ title, steps: [{ createSession: {}, keep: { session: '$.body.sesion_id' } }] }),
    // @ts-expect-error a path begins with $
    defineScenario({ title, steps: [{ createSession: {}, keep: { session: 'body.session_id' } }] }),
    // @ts-expect-error an operation on an order needs its id
    defineScenario({ title, steps: [{ readOrder: {} }] }),
    // @ts-expect-error the shopper acts on a session
    defineScenario({ title, steps: [{ shopper: 'authorize' }] }),
    // @ts-expect-error the shopper does no such thing
    defineScenario({ title, steps: [{ shopper: 'authorise', session: 'x' }] }),
    // @ts-expect-error no step but one of the shopper has it
    defineScenario({ title, steps: [{ shopper: 'fail', session: 'x', with: { result: 'denied' } }] }),
    // @ts-expect-error the operation cannot answer that error
    defineScenario({ title, outcomes: [{ on: 'createSession', error: 'REJECTED' }] }),
    // @ts-expect-error nothing is scripted in the control API
    defineScenario({ title, outcomes: [{ on: 'advanceClock', fault: { timeout: true } }] }),
    // @ts-expect-error an outcome is one of error, fraud and fault
    defineScenario({ title, outcomes: [{ on: 'createOrder', error: 'REJECTED', fault: { timeout: true } }] }),
    // @ts-expect-error no such fault
    defineScenario({ title, outcomes: [{ on: 'createOrder', fault: { timeot: true } }] }),
    // @ts-expect-error no such market
    defineScenario({ title, market: 'XX' }),
    // @ts-expect-error a way to deliver that there is not
    defineScenario({ title, callbacks: [{ on: 'push', delivery: { lost: true } }] }),
  ];
  t.equal(wrong.length, 22);
  t.end();
});
