import fc from 'fast-check';

const SIGNS = ['a', 'b', 'é', '.', '^', '$', '\\d', '\\.', '\\b', '[ab]', '[^a]', '-', ' '];

/** Makes regular expressions of the usual signs and of further ones, each repeated or not. */
export function expressions(...more: string[]): fc.Arbitrary<string> {
  const often = fc.constantFrom('', '', '', '+', '*', '?', '+?', '*?', '{2}', '{0,1}', '{1,}', '{0}?');
  return fc
    .array(fc.tuple(fc.constantFrom(...SIGNS, ...more), often), { maxLength: 6 })
    .map((parts) => parts.flat().join(''));
}
