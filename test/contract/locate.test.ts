import { locate } from '../../src/contract/locate.js';
import { operations } from '../../src/contract/operations.js';
import t from '../tap.js';

t.test('every operation is found by its own method and path', async (t) => {
  for (const { name, method, path } of operations.values()) {
    const located = locate(method.toLowerCase(), path.replace(/\{\w+\}/g, 'a%20b'));
    t.equal(located?.operation.name, name);
    for (const value of Object.values(located?.params ?? {})) t.equal(value, 'a b');
  }
});

t.test('a target may be written as clients do', async (t) => {
  t.match(locate('GET', '//payments/v1//sessions/a/?b=%20c#d'), { params: { session_id: 'a' }, query: { b: ' c' } });
  t.strictSame(locate('GET', '/payments/v1/sessions/a?b=1&c=%26+d&b=2')?.query, { b: '2', c: '& d' });
  t.strictSame(locate('GET', '/payments/v1/sessions/a#?b=1')?.query, {});
  t.match(locate('GET', '/payments/v1/sessions/%ff'), { params: { session_id: '%ff' } });
});

t.test('what no contract has is nothing', async (t) => {
  for (const [method, target] of [
    ['GET', '/'],
    ['GET', ''],
    ['PUT', '/payments/v1/sessions'],
    ['POST', '/checkout/v3/orders'],
    ['GET', '/payments/v1/sessions/a/b'],
    ['GET', '/x/payments/v1/sessions/a'],
    ['GETS', '/payments/v1/sessions/a'],
  ] as const) {
    t.equal(locate(method, target), undefined);
  }
});
