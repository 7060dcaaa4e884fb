import { offeredIn, tokenizesSentence } from '../../../src/browser/purchase/choices.js';
import t from '../../tap.js';
import { empty, invoice, payLater, payNow, visa } from './sample.js';

t.test('ways to pay are those of the categories that the shop names', async (t) => {
  const all = [payNow, payLater];
  t.strictSame(offeredIn(all, []), all);
  t.strictSame(offeredIn(all, ['pay_later']), [payLater]);
  t.strictSame(offeredIn(all, ['pay_now', 'pay_later']), all);
  t.strictSame(offeredIn(all, ['']), all, 'the empty name of a generic method');
  t.strictSame(offeredIn(all, ['pay_over_time']), all, 'a category that the session has not');
  const debit = { ...visa, payment_method_categories: ['direct_debit' as const] };
  t.strictSame(offeredIn([{ ...payNow, sources: [visa, debit] }], ['direct_debit']), [{ ...payNow, sources: [debit] }]);
  t.strictSame(offeredIn([], ['pay_now']), []);
});

t.test('the sentence says what will be tokenized by the choice', async (t) => {
  const tokenizing = { intent: 'buy_and_tokenize', tokenizes_rule: 'Klarna keeps the method.' } as const;
  t.equal(tokenizesSentence(tokenizing, visa), 'Klarna will keep the card.');
  t.equal(tokenizesSentence(tokenizing, invoice), 'Klarna will keep Pay Later in 30 days.');
  t.equal(tokenizesSentence(tokenizing, undefined), 'Klarna keeps the method.');
  t.match(tokenizesSentence(tokenizing, empty), /^Nothing will be tokenized: .*VISA \*\*\*\*0002 is refused/);
  const buying = { intent: 'buy', tokenizes_rule: null } as const;
  t.match(tokenizesSentence(buying, { ...visa, tokenizes: null }), /^Nothing will be tokenized: .* is buy\.$/);
});
