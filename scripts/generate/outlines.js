/**
 * Makes outlines of the contracts' schemas, by which editors complete scenario files. An outline names and explains fields and
 * offers words. It demands nothing, since a value may be a matcher, a variable or wrong on purpose.
 */
import { at } from './operations.js';

/** Two kinds of outlines have the fields of requests, without those that only answers carry. */
const SENT_KINDS = new Set(['sent', 'when']);

/** Longer pieces of a schema stand once, in `$defs`. */
const MOST_INLINE = 120;

/** Returns a schema merged with what it refers to, and with the fields of all its alternatives. */
function whole(document, { $ref, oneOf, ...beside }) {
  const fields = [...($ref ? [at(document, $ref)] : []), ...(oneOf ?? [])].map((part) => whole(document, part));
  const properties = Object.assign({}, ...[...fields, beside].map((part) => part.properties));
  return { ...fields[0], ...beside, ...(Object.keys(properties).length > 0 && { properties }) };
}

/**
 * Returns the words that a schema allows or, where it is open, those that are usual.
 * @param {any} schema
 */
function wordsOf({ enum: listed, const: only, type, pattern = '', 'x-words': usual }) {
  if (listed ?? usual) return (listed ?? usual).filter((word) => word !== null);
  if (only !== undefined) return [only];
  if (type === 'boolean') return [true, false];
  return /^\^\(([\w|]+)\)\$$/.exec(pattern)?.[1].split('|') ?? [];
}

/** Returns a schema that offers words and takes any other value. */
export const offering = (words) => (words.length > 0 ? { anyOf: [{ enum: words }, {}] } : {});

/** Outlines of one schema of scenario files. Pieces that are the same share a definition. */
export class Outlines {
  /** The definitions, by the names under which they stand in `$defs`. */
  definitions = {};
  #names = new Map();
  #usual;
  #generated;

  /**
   * @param {Record<string, unknown[]>} usual words of fields that the contracts leave open, by the field
   * @param {Record<string, string[]>} generated what can take the place of a value that is sent, by the field
   */
  constructor(usual, generated) {
    this.#usual = usual;
    this.#generated = generated;
  }

  /**
   * Returns the outline of a schema: `sent` in a request, `when` for the condition of a request, `met` by an answer.
   * @param {any} document
   * @param {any} schema
   * @param {'sent' | 'when' | 'met'} kind
   * @param {string} field
   */
  of(document, schema, kind, field) {
    const { description, ...node } = whole(document, schema);
    const value = this.#value(document, node, kind, field);
    const name = `${kind}_${schema.$ref?.split('/').pop() ?? field}`;
    return { ...(description && { description: description.trim() }), ...this.share(name, value) };
  }

  /** Returns a schema, or a reference to it where it is long. */
  share(name, schema) {
    const text = JSON.stringify(schema);
    if (text.length <= MOST_INLINE) return schema;
    if (!this.#names.has(text)) {
      let free = name;
      for (let number = 2; free in this.definitions; number++) free = `${name}_${number}`;
      this.#names.set(text, free);
      this.definitions[free] = schema;
    }
    return { $ref: `#/$defs/${this.#names.get(text)}` };
  }

  /** Returns the fields of an outline of an object. */
  fieldsOf({ $ref, properties }) {
    return $ref ? this.definitions[$ref.split('/').pop()].properties : properties;
  }

  #value(document, { properties, items, ...leaf }, kind, field) {
    const met = kind !== 'sent';
    const generated = met ? [] : (this.#generated[field] ?? []);
    if (properties) {
      const fields = Object.entries(properties).filter(
        ([, property]) => !(SENT_KINDS.has(kind) && whole(document, property).readOnly),
      );
      const outlines = fields.map(([name, property]) => [name, this.of(document, property, kind, name)]);
      return { properties: Object.fromEntries(outlines), ...(met ? matching('any') : offering(generated)) };
    }
    if (items) {
      const outline = this.of(document, items, kind, `${field}_item`);
      return met
        ? { items: outline, ...matching('list', [{ properties: { $set: { items: outline } } }]) }
        : { items: outline };
    }
    const words = wordsOf(leaf);
    const offered = [...(words.length > 0 ? words : (this.#usual[field] ?? [])), ...generated];
    if (met && offered.length > 0)
      return matching(wordMatcherOf(leaf), [this.share(`words_${field}`, { enum: offered })]);
    if (met) return matching(matcherOf(leaf));
    // A text whose form is fixed brings its example.
    const examples = leaf.pattern && offered.length === 0 ? leaf.examples : undefined;
    // Editors put a colon behind the key of what has some type.
    const usual = offered.length > 0 ? { enum: offered } : leaf.type && { type: leaf.type };
    return { ...(usual && { anyOf: [usual, {}] }), ...(examples && { examples }) };
  }
}

/** Returns a schema that offers the matchers of a kind of value beside what else is offered. */
export const matching = (kind, offered = []) => ({ anyOf: [...offered, { $ref: `#/$defs/match_${kind}` }] });

/**
 * Returns the kind of matchers that a value may be met by.
 * @param {any} schema
 */
function matcherOf({ type }) {
  const [first] = [type].flat();
  return first === 'integer' || first === 'number' ? 'number' : 'text';
}

/**
 * Returns the kind of matchers that a value of a few words may be met by.
 * @param {any} schema
 */
const wordMatcherOf = ({ type }) => (type === 'boolean' ? 'any' : 'word');
