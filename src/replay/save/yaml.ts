import { Document, isCollection, isPair, isScalar, type Node, Scalar, visit } from 'yaml';

/** A collection of plain values that is no longer than this stands on one line. */
const ONE_LINE = 90;

/** A scenario as YAML, as a person would write it: short collections on one line. */
export function toYaml(scenario: object): string {
  const document = new Document(scenario, { aliasDuplicateObjects: false });
  visit(document, {
    Pair(_, { key }) {
      // Without quotes this key would mean that something is merged in.
      if (isScalar(key) && key.value === '<<') key.type = Scalar.QUOTE_DOUBLE;
    },
    Collection(_, node, path) {
      // The document itself, its lists, and their elements.
      if (path.length > 4 || (path.length > 1 && node.items.every((item) => isScalar(item)))) {
        node.flow = isShort(node);
      }
    },
  });
  return document.toString({ lineWidth: 120 });
}

function isShort(node: Node & { items: unknown[] }): boolean {
  const plain = node.items.every((item) => !isCollection(isPair(item) ? item.value : item));
  return plain && JSON.stringify(node).length <= ONE_LINE;
}
