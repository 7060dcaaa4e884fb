import { didYouMean, nearestWord } from '../../src/scenario/problem.js';
import t from '../tap.js';

t.test('the nearest word is looked for among a thousand, none of them very long', (t) => {
  t.equal(nearestWord('boost', ['socks', 'boots']), 'boots');
  t.equal(didYouMean('boost', ['socks', 'boots']), ' (did you mean "boots"?)');
  const others = Array.from({ length: 1_000 }, (_, at) => `other-${at}`);
  t.equal(nearestWord('boost', [...others.slice(1), 'boots']), 'boots');
  t.equal(nearestWord('boost', [...others, 'boots']), undefined);
  const long = 'x'.repeat(200);
  t.equal(nearestWord(long, [`${long.slice(1)}y`]), `${long.slice(1)}y`);
  t.equal(nearestWord(`${long}x`, [long]), undefined);
  t.equal(nearestWord(long, [`${long}x`]), undefined);
  t.end();
});
