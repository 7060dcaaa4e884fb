import { type Operation, operationNamed, operations } from '../../src/contract/operations.js';
import { checkBody } from '../../src/contract/validate.js';
import type { Fields } from '../../src/exchange/fields.js';
import type { Finding } from '../../src/report/finding.js';
import { seenFinder } from '../../src/report/seen.js';
import { startServer } from '../../src/server/start.js';
import { verifyGenerated } from '../../src/verify/generate/generated.js';
import { shrink } from '../../src/verify/generate/judge.js';
import { mutate, mutatePath, mutationsOf, pickMutation, randomOf } from '../../src/verify/generate/mutations.js';
import { recipeFor } from '../../src/verify/generate/states.js';
import { makeValid } from '../../src/verify/generate/valid.js';
import t, { type Test } from '../tap.js';
import { type Plant, startProxy } from './proxy.js';

const klarna = [...operations.values()].filter(({ api }) => api !== 'sandbox');

async function judge(
  t: Test,
  { plant = () => undefined, sandbox = true, count = 2 }: { plant?: Plant; sandbox?: boolean; count?: number } = {},
) {
  const server = await startServer({ port: 0, seed: 'generated' });
  const proxy = await startProxy(server.url);
  proxy.plant = plant;
  t.teardown(async () => {
    proxy.close();
    await server.close();
  });
  let sent = 0;
  const target = { url: proxy.url, username: 'g', password: 'p' };
  const verified = await verifyGenerated(target, { count, seed: 's', sandbox, onRequests: (more) => (sent += more) });
  return { ...verified, sent };
}

t.test('a sandbox takes every valid request, and refuses each mistake for its reason', async (t) => {
  const { findings, judged, unjudged, sent, checks } = await judge(t, { count: 3 });
  t.strictSame(findings, []);
  t.strictSame(unjudged, []);
  t.equal(sent, klarna.length * 6);
  t.ok(judged > sent * 0.8 && judged <= sent);
  t.ok(checks.some(({ id }) => id === 'generated/refused'));
});

t.test('a stand-in that takes anything is caught, with the smallest request that shows it', async (t) => {
  const { findings, exchanges = [] } = await judge(t, {
    count: 4,
    plant: ({ operation, status, headers }) =>
      operation.name === 'createSession' && status === 400
        ? { status: 200, headers, body: { session_id: '6f1c8a52-5d0b-4c1e-9a54-2f7e0b6c3d11', client_token: 'a' } }
        : undefined,
  });
  const refused = findings.filter(({ check }) => check === 'generated/refused');
  t.ok(refused.length > 0);
  t.ok(findings.every(({ operation }) => operation === 'createSession'));
  for (const { message, expected, path, severity } of refused) {
    t.match(
      message,
      /^request with a mistake \([\w-]+ at \$\.\S+\) \d+ was accepted with 200; the smallest one is with the body \{/,
    );
    t.match({ expected, path, severity }, { expected: '4xx', path: /^\$\./, severity: 'violation' });
    const body = JSON.parse(message.replace(/^.*with the body /, ''));
    t.ok(JSON.stringify(body).length < 120, message);
  }
  const find = seenFinder(exchanges);
  for (const each of findings) {
    const [exchange, ...others] = find(each);
    t.match(exchange, { method: 'POST', path: '/payments/v1/sessions', status: 200 });
    t.match(exchange?.where.case, /^(valid|wrong) request \d of createSession$/);
    t.strictSame(others, []);
  }
  const [first] = refused;
  const shown = find(first as Finding)[0]?.request.body;
  t.strictSame(shown, JSON.parse(String(first?.message).replace(/^.*with the body /, '')), 'the smallest request');
});

t.test('one that fails, refuses what is right, or does not say why', async (t) => {
  const failing = await judge(t, {
    plant: ({ operation, status, headers }) =>
      operation.name === 'readOrder' && status === 200 ? { status: 502, headers, body: '' } : undefined,
  });
  t.matchLists(failing.exchanges, [{ method: 'GET', status: 502, response: { body: undefined } }]);
  t.matchLists(failing.findings, [
    {
      check: 'answer/readOrder',
      message: /^generated request 1: body: given nothing, expected a value of type object$/,
    },
    {
      check: 'generated/answered',
      operation: 'readOrder',
      message: /^valid request 1 was answered with 502; the smallest one is of \{"order_id"/,
      got: 502,
    },
  ]);

  const strict = await judge(t, {
    plant: ({ operation, status, headers, body }) =>
      operation.name === 'updateMerchantReferences' && status === 204
        ? {
            status: 403,
            headers: { ...headers, 'content-type': 'application/json' },
            body: {
              error_code: 'NOT_ALLOWED',
              error_messages: ['No'],
              correlation_id: headers['klarna-correlation-id'],
              ...body,
            },
          }
        : undefined,
  });
  t.matchLists(
    strict.findings.filter(({ check }) => check === 'generated/accepted'),
    [
      {
        operation: 'updateMerchantReferences',
        message: /^valid request \d was refused with 403 \(\["No"\]\); the smallest one is with the body \{\}$/,
        expected: '2xx',
        got: 403,
      },
    ],
  );

  const mute = await judge(t, {
    plant: ({ operation, status, headers: { 'mock-klarna-explain': _, ...headers }, body }) =>
      operation.name === 'captureOrder' && status === 422
        ? { status, headers, body: { ...body, error_messages: ['Something is wrong'] } }
        : undefined,
  });
  t.match(mute.findings[0], {
    check: 'generated/named',
    operation: 'captureOrder',
    message: /was refused with 422 \(\["Something is wrong"\]\), expected an answer that names /,
  });
});

t.test('one that gives no answer', async (t) => {
  const { findings, exchanges = [] } = await judge(t, {
    plant: ({ operation }) => (operation.name === 'readRefund' ? 'none' : undefined),
  });
  t.ok(exchanges.length > 0 && exchanges.every(({ status }) => status === 0));
  t.match(exchanges[0]?.path, /^\/ordermanagement\/v1\/orders\/[^/]+\/refunds\/[^/]+$/);
  t.matchLists(
    findings,
    [
      /^request with a mistake \(unknown-id at \$\) 1 readRefund got no answer: /,
      /^valid request 1 readRefund got no answer: /,
      /^request with a mistake \(long-id at \$\) 2 readRefund got no answer: /,
    ].map((message) => ({ check: 'generated/answered', operation: 'readRefund', message })),
  );
});

t.test('what is no sandbox, or cannot be brought into a state, is not judged', async (t) => {
  const elsewhere = await judge(t, { sandbox: false });
  t.equal(elsewhere.judged, 0);
  t.equal(elsewhere.unjudged.length, klarna.length);
  t.match(elsewhere.unjudged[0], { what: /^generated requests of /, why: /^they need a sandbox/ });
  const closed = await judge(t, {
    plant: ({ operation, headers }) =>
      operation.name === 'createSession' ? { status: 403, headers, body: undefined } : undefined,
  });
  t.matchLists(
    closed.unjudged.filter(({ what }) => what.endsWith(' readOrder')),
    [{ why: 'createSession was refused with 403' }],
  );
});

t.test('every operation of Klarna has a recipe; others have none', async (t) => {
  const nobody = { url: 'http://127.0.0.1:1', username: 'g', password: 'p' };
  const making = (operation: Operation) => recipeFor(operation).make(nobody, 'SE', {});
  await t.rejects(making(operationNamed('setClock')), /no recipe makes what the path names/);
  for (const operation of klarna) {
    const made = await making(operation).catch((error: Error) => error.message);
    t.notMatch(made, /no recipe/, operation.name);
  }
});

t.test('the same seed makes the same requests, which the contract allows', async (t) => {
  for (const operation of klarna.filter(({ request }) => request)) {
    const made = await Promise.all(
      ['a', 'a', 'b'].map((seed) => makeValid(operation, 'US', randomOf(seed, operation.name))),
    );
    t.strictSame(made[0], made[1], operation.name);
    for (const body of made)
      t.notOk('violations' in checkBody(operation, body), `${operation.name} ${JSON.stringify(body)}`);
  }
  t.strictSame(await makeValid(operationNamed('readOrder'), 'SE', randomOf('a')), {});
});

t.test('each mutation breaks the contract at its place', async (t) => {
  const kinds = new Set<string>();
  for (const operation of klarna.filter(({ request }) => request)) {
    const body = await makeValid(operation, 'SE', randomOf(3, operation.name));
    const fitting = recipeFor(operation).fit?.(body) ?? body;
    for (const mutation of mutationsOf(operation, fitting)) {
      kinds.add(mutation.kind);
      const before = structuredClone(fitting);
      const broken = mutate(fitting, mutation);
      t.strictSame(fitting, before, 'what is broken is a copy');
      // What is wrong with sums and markets no schema says.
      if (['sum', 'tax-sum', 'line-sum', 'market'].includes(mutation.kind)) continue;
      const checked = checkBody(operation, broken);
      const last = String(mutation.path.at(-1));
      t.ok(
        'violations' in checked && checked.violations.some(({ field }) => field.includes(last)),
        `${operation.name} ${mutation.kind} ${mutation.path}`,
      );
    }
  }
  t.strictSame([...kinds].sort(), [
    'enum',
    'line-sum',
    'market',
    'missing',
    'null',
    'pattern',
    'sum',
    'tax-sum',
    'too-few',
    'too-high',
    'too-long',
    'too-low',
    'too-many',
    'too-short',
    'type',
  ]);
  t.strictSame(mutationsOf(operationNamed('readOrder'), {}), []);
  t.equal(pickMutation([], randomOf('a')), undefined);
});

t.test('a mutation is just beyond the limit of its place', (t) => {
  const operation = operationNamed('createCustomerToken');
  const body = { description: 'Boots', intended_use: 'SUBSCRIPTION', purchase_country: 'SE' };
  const made = mutationsOf(operation, body).map(({ kind, path, value }) => `${kind} ${path} ${JSON.stringify(value)}`);
  t.strictSame(made, [
    'missing description undefined',
    'null description null',
    'type description {"wrong":true}',
    'too-short description ""',
    `too-long description "${'x'.repeat(256)}"`,
    'missing intended_use undefined',
    'null intended_use null',
    'type intended_use {"wrong":true}',
    'enum intended_use "NO_SUCH_WORD"',
    'type purchase_country {"wrong":true}',
    'pattern purchase_country ""',
  ]);
  const line = { name: 'Boots', quantity: 3, unit_price: 100, total_amount: 300 };
  const sums = mutationsOf(operationNamed('createSession'), {
    purchase_currency: 'SEK',
    order_amount: 600,
    order_tax_amount: 7,
    order_lines: [line, line],
  }).filter(({ kind }) => /sum|market/.test(kind));
  t.strictSame(sums, [
    { kind: 'sum', path: ['order_amount'], value: 601 },
    { kind: 'tax-sum', path: ['order_tax_amount'], value: 10 },
    { kind: 'line-sum', path: ['order_lines', 0, 'total_amount'], value: 304 },
    { kind: 'line-sum', path: ['order_lines', 1, 'total_amount'], value: 304 },
    { kind: 'market', path: ['purchase_currency'], value: 'XTS' },
  ]);
  t.end();
});

t.test('choices follow from words, and reach both ends', (t) => {
  const many = <Value>(choose: (random: ReturnType<typeof randomOf>) => Value) => {
    const random = randomOf('a', 1);
    return Array.from({ length: 400 }, () => choose(random));
  };
  const numbers = many((random) => random.between(3, 6));
  t.strictSame([...new Set(numbers)].sort(), [3, 4, 5, 6]);
  t.strictSame(
    many((random) => random.between(3, 6)),
    numbers,
  );
  t.strictSame([...new Set(many((random) => random.pick(['x', 'y'])))].sort(), ['x', 'y']);
  t.notOk(many((random) => random.percent(0)).includes(true));
  t.notOk(many((random) => random.percent(100)).includes(false));
  const often = many((random) => random.percent(25)).filter(Boolean).length;
  t.ok(often > 60 && often < 140, `${often} of 400`);
  t.end();
});

t.test('an id that names nothing takes the place of one of the path', async (t) => {
  const path = { order_id: 'a', capture_id: 'b' };
  const made = Array.from({ length: 40 }, (_, index) => mutatePath(path, randomOf(index)));
  t.equal(new Set(made.map(({ kind }) => kind)).size, 5);
  for (const { path: other } of made) t.equal(Object.values(other).filter((id) => id === 'a' || id === 'b').length, 1);
});

t.test('a failing body is made small', async (t) => {
  const body: Fields = { a: { b: 1, c: [{ d: 2 }, { e: 3, f: 4 }] }, g: 'x' };
  const hasE = async (smaller: Fields) => JSON.stringify(smaller).includes('"e"');
  t.strictSame(await shrink(body, hasE), { a: { c: [{ e: 3 }] } });
  t.strictSame(await shrink(body, async () => true), {});
  const large = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`f${index}`, index]));
  let attempts = 0;
  const onlyWhole = async (smaller: Fields) => {
    attempts++;
    return Object.keys(smaller).length === 400;
  };
  t.strictSame(await shrink(large, onlyWhole), large, 'nothing smaller fails');
  t.equal(attempts, 200);
});
