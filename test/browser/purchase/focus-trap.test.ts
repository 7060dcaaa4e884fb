import { wrapFocus } from '../../../src/browser/purchase/focus-trap.js';
import t from '../../tap.js';

t.test('the focus goes from the last control to the first, and back', async (t) => {
  t.equal(wrapFocus(3, 2, false), 0);
  t.equal(wrapFocus(3, 0, true), 2);
  t.equal(wrapFocus(3, 1, false), undefined, 'the browser knows the way');
  t.equal(wrapFocus(3, 1, true), undefined);
  t.equal(wrapFocus(3, -1, false), 0, 'from outside');
  t.equal(wrapFocus(3, -1, true), 2);
  t.equal(wrapFocus(0, -1, false), undefined);
});
