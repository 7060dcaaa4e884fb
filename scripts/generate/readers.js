/**
 * The readers of request bodies as code. A reader takes a value as Klarna's wire does, before it is checked: it drops what
 * Klarna ignores and converts what Klarna tolerates, as the contract's `x-wire` says (`null` is absent, numbers as text, enums
 * in any case …). What it gives is a new value with its keys in the order of the contract, so that the same body always gives
 * the same JSON. A value that it cannot read stays unchanged.
 */
import { at, propertiesOf } from './operations.js';

/** Source of the functions that readers call; only those that are used are kept when the code is bundled. */
const HELPERS = `
const WHOLE_NUMBER = /^\\s*[-+]?\\d{1,19}\\s*$/;
const cut = (value) => (typeof value === 'number' ? Math.trunc(value) + 0 : value);
const number = (value) => (typeof value === 'string' && WHOLE_NUMBER.test(value) ? Number(value) : value);
const cutNumber = (value) => (typeof value === 'number' ? Math.trunc(value) + 0 : number(value));
const text = (value) => (typeof value === 'number' ? String(value) : value);
const word = (value, words) => (typeof value === 'string' ? (words.get(value) ?? words.get(value.toUpperCase()) ?? value) : value);
const wordOrText = (value, words) => (typeof value === 'number' ? String(value) : word(value, words));
const isMapping = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const first = (list, most) => (list.length > most ? list.slice(0, most) : list);
`;

/** The most items of a list that has no limit of its own in the contract. */
export const MOST_ITEMS = 10_000;

/** The most unknown fields of a closed object that are looked at. */
const MOST_STRANGERS = 1_000;

/** Returns a schema merged with the one it refers to. */
const flatten = (document, schema) =>
  schema.$ref ? { ...flatten(document, at(document, schema.$ref)), ...schema } : schema;

/** The access to a field of a value: `value.name`, or with any other sign `value["na-me"]`. */
const field = (value, name) => (/^[a-z_]\w*$/i.test(name) ? `${value}.${name}` : `${value}[${JSON.stringify(name)}]`);

/**
 * A reader as code: makes the expression that reads the value of an expression; undefined for one that changes nothing.
 * @typedef {((value: string) => string) | undefined} Reader
 */

/** Writes the readers of one contract. Schemas that are read in the same way share a function. */
class Writer {
  /** @type {string[]} */
  code = [];
  /** @type {Map<string, string>} */
  names = new Map();

  /**
   * @param {object} document
   * @param {ReadonlySet<string>} lenient the ids of what the wire tolerates
   */
  constructor(document, lenient) {
    this.document = document;
    this.lenient = lenient;
  }

  /**
   * Returns the reader of a schema. `name` is that of its field or of the schema, for its function.
   * @returns {Reader}
   */
  readerOf(schema, name) {
    const properties = propertiesOf(this.document, schema);
    if (Object.keys(properties).length > 0) return this.object(schema, properties, name);
    const flat = flatten(this.document, schema);
    return flat.items ? this.list(flat, name) : this.scalar(flat, name);
  }

  /** Returns the name of what `code` defines by its name; the same is written once. */
  define(wanted, code) {
    const known = this.names.get(code(''));
    if (known !== undefined) return known;
    const taken = new Set(this.names.values());
    let name = wanted.replace(/\W/g, '_');
    while (taken.has(name)) name += '_';
    this.names.set(code(''), name);
    this.code.push(code(name));
    return name;
  }

  /** Returns the reader by a function with this body. */
  shared(name, body) {
    const id = this.define(`read_${name}`, (own) => `function ${own}(value) {\n${body}\n}`);
    return (value) => `${id}(${value})`;
  }

  /**
   * Returns the reader of mappings by a constructor with this body. V8 learns of a constructor how many fields its objects
   * have, and keeps them in one piece of memory; one that starts as `{}` has room for four fields, and the others elsewhere.
   */
  mapping(name, body) {
    const id = this.define(
      `Read_${name}`,
      (own) => `function ${own}(value) {\n${body}\n}\n${own}.prototype = Object.prototype;`,
    );
    return (value) => `(isMapping(${value}) ? new ${id}(${value}) : ${value})`;
  }

  /** Returns the name of a constant with this value. */
  constant(name, value) {
    return this.define(name, (own) => `const ${own} = ${value};`);
  }

  /** @returns {Reader} */
  object(schema, properties, name) {
    const ignored = (property) =>
      this.lenient.has('read-only-ignored') && flatten(this.document, property).readOnly === true;
    const given = this.lenient.has('null-is-absent') ? '!= null' : '!== undefined';
    const fields = Object.entries(properties)
      .filter(([, property]) => !ignored(property))
      .map(([key, property]) => {
        const read = this.readerOf(property, key) ?? ((value) => value);
        return `if ((field = ${field('value', key)}) ${given}) ${field('this', key)} = ${read('field')};`;
      });
    // A closed schema refuses unknown fields; in an open one they are ignored.
    const closed = flatten(this.document, schema).additionalProperties === false;
    const unknown = () => {
      const known = this.constant(`${name}_fields`, `new Set(${JSON.stringify(Object.keys(properties))})`);
      const isNew = `!${known}.has(name)`;
      return closed
        ? [
            `let strangers = ${MOST_STRANGERS};`,
            `for (const name of Object.keys(value)) if (${isNew} && strangers-- > 0) this[name] = value[name];`,
          ]
        : [`for (const name of Object.keys(value)) if (${isNew}) this[name] = value[name];`];
    };
    const lines = ['let field;', ...fields, ...(closed || !this.lenient.has('unknown-ignored') ? unknown() : [])];
    return this.mapping(schema.$ref?.split('/').pop() ?? name, lines.join('\n'));
  }

  /**
   * Of a list that is too long one item more than its limit is read: that is refused all the same, whatever else is in it.
   * @returns {Reader}
   */
  list({ items, maxItems = MOST_ITEMS }, name) {
    const read = this.readerOf(items, `${name}_item`);
    const each = read ? `.map((item) => ${read('item')})` : '';
    return this.shared(name, `return Array.isArray(value) ? first(value, ${maxItems + 1})${each} : value;`);
  }

  /** @returns {Reader} */
  scalar(schema, name) {
    if (schema.type === 'integer') {
      const text = this.lenient.has('numeric-text');
      if (this.lenient.has('fractions')) return (value) => `${text ? 'cutNumber' : 'cut'}(${value})`;
      return text ? (value) => `number(${value})` : undefined;
    }
    if (schema.type !== 'string') return undefined;
    const number = this.lenient.has('number-as-text');
    if (schema.enum === undefined || !this.lenient.has('enum-case'))
      return number ? (value) => `text(${value})` : undefined;
    // The exact spelling too: it is the most frequent, and is found without a conversion.
    const words = new Map();
    for (const word of schema.enum) {
      if (typeof word === 'string') words.set(word.toUpperCase(), word).set(word, word);
    }
    const known = this.constant(`${name}_words`, `new Map(${JSON.stringify([...words])})`);
    return (value) => `${number ? 'wordOrText' : 'word'}(${value}, ${known})`;
  }
}

/**
 * Returns the code of readers, an export by the name of each schema given.
 * @param {object} document
 * @param {ReadonlySet<string>} lenient the ids of what the wire tolerates
 * @param {Record<string, object>} schemas
 */
export function readersCode(document, lenient, schemas) {
  const writer = new Writer(document, lenient);
  const exported = Object.entries(schemas).map(([name, schema]) => {
    const read = writer.readerOf(schema, name) ?? ((value) => value);
    return `exports[${JSON.stringify(name)}] = (value) => ${read('value')};`;
  });
  return [HELPERS, ...writer.code, ...exported, ''].join('\n');
}
