import type { Exchange } from '../../../src/exchange/exchange.js';
import { Ids } from '../../../src/replay/save/ids.js';
import { expectationOf } from '../../../src/replay/save/request.js';
import t from '../../tap.js';

t.test('an answer is expected with its status, and with what of its body is the same in each run', (t) => {
  const expected = (body: unknown, more: Partial<Exchange['response']> = {}, status = 200) =>
    expectationOf({ status, response: { headers: {}, ...more } } as Exchange, body, new Ids());
  t.strictSame(expected({}), { status: 200 });
  t.strictSame(expected({ approved: true }), { status: 200, body: { approved: true } });
  t.strictSame(
    expected({
      url: 'https://shop.example/a',
      at: '2026-01-01T12:00:00.000Z',
      of: '0b1d9c3e-6f0a-4c55-9d0e-2f6a7c1b8e90',
      name: 'Boots',
    }),
    { status: 200, body: { url: '$url', at: '$instant', of: '$uuid', name: 'Boots' } },
  );
  t.strictSame(expected(undefined, {}, 204), { status: 204, body: '$absent' });
  t.strictSame(expected(undefined, { cut: true }), { status: 200 });
  t.strictSame(expected(undefined, {}, 0), { status: '$absent' });
  t.end();
});
