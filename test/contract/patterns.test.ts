import { readFileSync } from 'node:fs';
import { isSafePattern } from 'redos-detector';
import { apis } from '../../src/contract/operations.js';
import t from '../tap.js';

/** Returns every pattern of a document, with the place of the first of each. */
function patternsIn(value: unknown, place: string, found = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'pattern' && typeof inner === 'string') found.set(inner, found.get(inner) ?? place);
    else patternsIn(inner, `${place}/${name}`, found);
  }
  return found;
}

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

t.test('every pattern of the contracts takes time by the length of the text', async (t) => {
  const found = new Map<string, string>();
  for (const api of apis) patternsIn(read(`src/contract/generated/${api}.json`), api, found);
  patternsIn(read('contracts/scenario.schema.json'), 'scenario', found);
  t.ok(found.size > 20, `${found.size} patterns`);
  for (const [pattern, place] of found) {
    // Tried at one place only: otherwise a long text is looked through from each of its signs.
    t.match(pattern, /^\^/, `${place}: ${pattern} begins at the beginning`);
    const { safe, score } = isSafePattern(pattern, { unicode: true, downgradePattern: true });
    t.ok(safe, `${place}: ${pattern} is found in ${score.infinite ? 'any number of' : score.value} ways`);
  }
});

t.test('a pattern that takes longer is found out', async (t) => {
  for (const pattern of ['^(?:a|a?)+$', '^(a+)+$', '^a*a*$']) t.equal(isSafePattern(pattern).safe, false, pattern);
});
