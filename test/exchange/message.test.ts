import { contentOf } from '../../src/exchange/message.js';
import t from '../tap.js';

t.test('a body in chunks is joined, and every chunk must be what the recording says it is', async (t) => {
  const joined = Buffer.from('{"a":1}');
  const hex = joined.toString('hex');
  t.strictSame(contentOf([hex.slice(0, 4), `${hex.slice(4, 8)}\n${hex.slice(8)}`], 'hex'), { content: joined });
  t.strictSame(contentOf(JSON.stringify([joined.toString('base64')]), 'base64'), { content: joined });
  for (const [chunks, encoding, name] of [
    [[hex, 'xy'], 'hex', 'hexadecimal digits'],
    [['xy', hex], 'hex', 'hexadecimal digits'],
    [['!', joined.toString('base64')], 'base64', 'base64'],
  ] as const) {
    t.strictSame(contentOf(chunks, encoding), { unreadable: `its body says it is in ${name}, and is not` });
  }
  t.strictSame(contentOf([1, 2], 'hex'), { content: '[1,2]' }, 'a value, which somebody has decoded');
  for (const nothing of [undefined, null]) t.strictSame(contentOf(nothing), { content: undefined });
});
