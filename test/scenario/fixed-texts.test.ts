import fc from 'fast-check';
import { fixedTexts } from '../../src/scenario/fixed-texts.js';
import { matches } from '../../src/scenario/pattern.js';
import { holds } from '../property.js';
import t from '../tap.js';
import { expressions } from './expressions.js';

t.test('texts that a pattern asks for', async (t) => {
  for (const [pattern, texts] of [
    ['boots', ['boots']],
    ['^shop-12$', ['shop-12']],
    ['a.b', ['a', 'b']],
    ['boots?', ['boot']],
    ['bo*ts', ['b', 'ts']],
    ['bo+ts', ['bo', 'ts']],
    ['bo+?ts', ['bo', 'ts']],
    ['bo{2}ts', ['b', 'ts']],
    ['[a-z]x[\\]]y', ['x', 'y']],
    ['a\\.b\\d\\wc\\bd', ['a.b', 'c', 'd']],
    ['ä😀+x', ['ä😀', 'x']],
    ['', []],
    // A choice, a group, and signs by their numbers.
    ['boots|soles', []],
    ['(boots)?', []],
    ['boots\\u0041', []],
    ['boots\\p{L}', []],
    ['\\x41', []],
    // Classes by name, and those that begin with a bracket.
    ['[[:alpha:]]boots', []],
    ['[]a]boots', []],
    ['[^]a]boots', []],
  ] as const) {
    t.strictSame(fixedTexts(pattern), texts, pattern);
  }
});

t.test('whatever a pattern matches contains its texts', async (t) => {
  const pattern = expressions('\\\\', '[\\]]', '[]a]', '[^]a]', '[[:alpha:]]', '\\Qa.\\E', '{');
  holds(
    t,
    fc.property(
      pattern,
      fc.string({ unit: fc.constantFrom('a', 'b', 'é', '1', '.', '\\', ']', '-', ' ') }),
      (given, text) => {
        return !matches(given, text) || fixedTexts(given).every((fixed) => text.includes(fixed));
      },
    ),
    { numRuns: 5_000 },
  );
});
