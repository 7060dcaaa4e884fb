import { parseDocument } from 'yaml';
import { inOurWords } from '../../src/scenario/parser-words.js';
import t from '../tap.js';

/** Returns the offset and the message of the first mistake of a text. */
function said(text: string): string | undefined {
  const { errors, warnings } = parseDocument(text, { prettyErrors: false });
  const [mistake] = [...errors, ...warnings];
  if (!mistake) return undefined;
  const { offset, message } = inOurWords(mistake, text);
  return `${offset} ${message}`;
}

t.test('what the parser has against a text is said in the words of who writes it', async (t) => {
  for (const [text, words] of [
    ['a: "b\nc: ', '3 the text that begins with " here never ends'],
    ["- 'b", "2 the text that begins with ' here never ends"],
    ["a: b 'c\n  d: 'e'f'", "3 the line below is indented as if it belonged to this text: d: 'e'f'"],
    ['a: !!str "b\n', '12 a text that begins with " never ends'],
    ['a: {b: "}"', '10 a { before this is never closed by a }'],
    ['a: [\n- b\n', '3 the [ here is never closed by a ]'],
    ['{a: 1', '0 the { here is never closed by a }'],
    ['a: {b: {c: 1}, d: [2}', '18 the [ here is never closed by a ]'],
    ['a: ]', '3 a ] too many stands here'],
    ['a: {b: 1}}', '9 a } too many stands here'],
    ['a: [1,,2]', '6 a , too many stands here'],
    ['a: "\\d"', '4 a \\ in double quotes is written \\\\; in single quotes it stands as it is'],
    ['a: "b" c', '7 the text in quotes ends before this; write \\" for a " in it'],
    ["a: 'b' c", "7 the text in quotes ends before this; write '' for a ' in it, or put it in double quotes"],
    ['a: *b c', '6 a text that begins with * needs quotes'],
    ['a: [b] c', '7 unexpected scalar at node end'],
    ['a: |x\n', '4 a text that begins with | or > needs quotes'],
    ['a: ,b', '3 a text that begins with , needs quotes'],
    ['a: @b', '3 a text that begins with @ needs quotes'],
    ['a:\n\tb: 1', '3 a tab stands here, and YAML indents by spaces only'],
    ['a: &', '3 a text that begins with * or & needs quotes'],
    ['a: !<', '3 a text that begins with ! needs quotes'],
    ['- {a: ${b}}', '7 ${b} needs quotes inside of { } and [ ]: "${b}"'],
    ['- [${b}]', '4 ${b} needs quotes inside of { } and [ ]: "${b}"'],
    ['a: {b: 1 c: 2}', '7 a comma is missing, or a text with a colon in it needs quotes: a: {b: 1 c: 2}'],
    ['a: "x"#y', '6 a # that begins a comment needs a space before it'],
    ['a:b\nc: 1', '0 a colon needs a space behind it: a: b'],
    ['a\nb: 1', '0 a colon is missing: a:'],
    ['a b\nc: 1', '0 implicit keys need to be on a single line'],
    ['a: b: c', '3 a text with a colon and a space in it needs quotes: a: "b: c"'],
    ["a: 'b' : c", '3 nested mappings are not allowed in compact mappings'],
    ['- - b\n  c', '6 a colon is missing: c:'],
    ['a:\n  - b\n  c: 1', '9 a dash is missing before this, or it stands further right: c: 1'],
    ['a:\n    b: 1\n\n  c: 2', '13 the keys of one mapping stand in one column: c: 2'],
    ['- a: 1\n - b', '8 the dashes of one list stand in one column: - b'],
    ['- a: b\n   c: d', '5 the line below stands in no column of those above: c: d'],
    ['a: 1\n---\nb: 2', '5 a second document begins at this ---; a file holds one scenario'],
    ['a: 1\n>>>>>>> branch\n', '5 a merge left its mark here'],
    ['a: >\n\tb', '5 block scalar values in collections must be indented'],
    ['a: &x *y', '6 an alias node must not specify any properties'],
    ['a: 1', undefined],
  ] as const) {
    t.equal(said(text), words, JSON.stringify(text));
  }
});
