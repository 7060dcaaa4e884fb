/**
 * Keeps lines of the bundle out of what people see: for an error that nobody caught Node prints the source line that threw it,
 * which in a bundle is a megabyte long, unless that line has a comment by which it is left out.
 */
import ts from 'typescript';

const LEFT_OUT = '/*node-do-not-add-exception-line*/';

/**
 * Returns a script with the comment in every line of it where code begins; a line may begin within a text.
 * @param {string} script
 */
export function withoutExceptionLines(script) {
  const tree = ts.createSourceFile('script.js', script, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  /** @type {Map<number, number>} */
  const places = new Map();
  const visit = (/** @type {ts.Node} */ node) => {
    const start = node.getStart(tree);
    const { line } = tree.getLineAndCharacterOfPosition(start);
    places.set(line, Math.min(start, places.get(line) ?? start));
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(tree, visit);
  let written = '';
  let from = 0;
  for (const place of [...places.values()].sort((a, b) => a - b)) {
    written += script.slice(from, place) + LEFT_OUT;
    from = place;
  }
  return written + script.slice(from);
}
