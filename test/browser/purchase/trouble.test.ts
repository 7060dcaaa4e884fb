import { noAnswer, readTrouble, TroubleError, troubleOf } from '../../../src/browser/purchase/trouble.js';
import t from '../../tap.js';

t.test('a refusal is said in words, with what to do', async (t) => {
  const body = { error_code: 'BAD_VALUE', error_messages: ['Bad value: order_amount', 'Bad value: locale'] };
  t.match(troubleOf(400, body, null), {
    title: 'The purchase is refused as it stands',
    detail: 'Bad value: order_amount; Bad value: locale',
    advice: /^Correct the data/,
    again: false,
  });
  t.match(troubleOf(404, body, 'session-known: given x'), { title: /ended/, detail: 'session-known: given x' });
  t.match(troubleOf(500, '<html>', null), { detail: 'It answered with status 500.', again: true });
  t.match(troubleOf(429, { error_messages: [] }, null), { title: 'Too many calls', again: true });
});

t.test('whatever was thrown becomes a trouble', async (t) => {
  const trouble = noAnswer('http://localhost:5527/kp/v1/purchase');
  t.equal(readTrouble(new TroubleError(trouble)), trouble);
  t.match(trouble, { detail: /localhost:5527/, again: true });
  t.match(readTrouble(new TypeError('x is not a function')), {
    title: 'Something in this page failed',
    detail: /x is not/,
  });
});
