/** A JSON schema; only the keywords that completion reads. */
export interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  /** The meanings of the words of `enum`, in the same order. */
  enumDescriptions?: string[];
  const?: unknown;
  examples?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  if?: Schema;
  then?: Schema;
  $defs?: Record<string, Schema>;
}

interface Option {
  label: string;
  detail?: string;
  apply: string;
}

export interface Completion {
  /** Place in the text where the word begins that is completed. */
  from: number;
  options: Option[];
}

/** The fields of a mapping by their keys, each with what stands on the same line. */
type Fields = ReadonlyMap<string, string>;

/** A step on the way to a place in a document: a key, with the fields of its mapping, or an element of a list. */
interface Segment {
  key: string;
  fields: Fields;
}

const NONE: Fields = new Map();
const ELEMENT: Segment = { key: '0', fields: NONE };
const elements = (count: number): Segment[] => Array(count).fill(ELEMENT);

/** A line of YAML: how far it is indented, how many elements of lists begin in it, and its key and value. */
interface Line {
  indent: number;
  elements: number;
  key: string | undefined;
  value: string;
}

function readLine(text: string): Line | undefined {
  const [, space = '', dashes = '', rest = ''] = /^( *)((?:- +|-$)*)(.*)$/.exec(text) ?? [];
  if (rest.startsWith('#') || (rest === '' && dashes === '')) return undefined;
  const [, key, value = ''] = /^["']?([\w$.-]+)["']?\s*:(?:\s+(.*))?$/.exec(rest) ?? [];
  return {
    indent: space.length + dashes.length,
    elements: (dashes.match(/-/g) ?? []).length,
    key,
    value: plain(value),
  };
}

/** Returns a value without quotes and comment. */
const plain = (value: string): string => value.replace(/(?:^|\s+)#.*$/, '').replace(/^(["'])(.*)\1$/, '$2');

/** Returns the fields of the mapping whose keys stand in a column, around one of its lines. */
function fieldsAround(lines: readonly string[], at: number, column: number): Fields {
  const fields = new Map<string, string>();
  /** Takes the field of a line; returns false where the mapping has ended before it. */
  const take = (line: Line | undefined): boolean => {
    if (line && line.indent < column) return false;
    if (line?.indent === column && line.key !== undefined) fields.set(line.key, line.value);
    return true;
  };
  for (let index = at; index >= 0; index--) {
    const line = readLine(lines[index] as string);
    // The element of a list begins with its dash.
    if (!take(line) || (line?.indent === column && line.elements > 0)) break;
  }
  for (const text of lines.slice(at + 1)) {
    const line = readLine(text);
    if ((line && line.elements > 0 && line.indent - 2 * line.elements < column) || !take(line)) break;
  }
  return fields;
}

/** Returns the way to the mapping that a line at some indent belongs to, by the lines before it. */
function wayBefore(lines: readonly string[], at: number, indent: number, dashes: number): Segment[] {
  const way = elements(dashes);
  // An element's own indent is that of its dash.
  let limit = indent - 2 * dashes;
  for (let index = at - 1; index >= 0; index--) {
    const line = readLine(lines[index] as string);
    if (!line) continue;
    const start = line.indent - 2 * line.elements;
    // A line of the same mapping may be the one with its dash.
    if (line.elements > 0 && line.indent === limit && start < limit) {
      way.unshift(...elements(line.elements));
      limit = start;
      continue;
    }
    if (line.key === undefined) continue;
    // A list may stand at the indent of its key.
    const holds = line.indent < limit || (line.indent === limit && way[0] === ELEMENT && line.elements === 0);
    if (!holds) continue;
    way.unshift(...elements(line.elements), { key: line.key, fields: fieldsAround(lines, index, line.indent) });
    limit = start;
    if (limit === 0 && line.elements === 0) break;
  }
  return way;
}

/** A mapping or a list of flow style that is open. */
interface Open {
  way: Segment[];
  start: number;
  list: boolean;
  fields: Map<string, string>;
}

/** Returns the way that a piece of flow style leads, the fields where it ends, and what is written after it. */
function flowWay(text: string, around: Fields): { way: Segment[]; fields: Fields; rest: string } {
  const open: Open[] = [];
  let key = '';
  let value = 0;
  /** Ends the field that is being read. */
  const end = (at: number) => {
    const inner = open.at(-1);
    if (inner && key !== '') inner.fields.set(key, plain(text.slice(value, at).trim()));
    key = '';
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"' || sign === "'") {
      const close = text.indexOf(sign, at + 1);
      if (close < 0) break;
      at = close;
    } else if (sign === '{' || sign === '[') {
      const inner = open.at(-1);
      const fields = inner?.fields ?? around;
      const way = [...(inner?.list ? [ELEMENT] : []), ...(key ? [{ key, fields }] : [])];
      end(at);
      open.push({ way, start: at + 1, list: sign === '[', fields: new Map() });
    } else if (sign === '}' || sign === ']') {
      end(at);
      open.pop();
    } else if (sign === ',') {
      end(at);
      const inner = open.at(-1);
      if (inner) inner.start = at + 1;
    } else if (sign === ':' && /\s|^$/.test(text[at + 1] ?? '')) {
      key = /["']?([\w$.-]+)["']?\s*$/.exec(text.slice(0, at))?.[1] ?? '';
      value = at + 1;
    }
  }
  const inner = open.at(-1);
  const way = open.flatMap((each) => each.way);
  if (inner?.list) way.push(ELEMENT);
  return { way, fields: inner?.fields ?? around, rest: inner ? text.slice(inner.start) : text };
}

/** Tells whether a mapping with these fields is one that an `if` means. */
const isMeant = ({ required = [], properties = {} }: Schema, fields: Fields): boolean =>
  required.every((name) => fields.has(name)) &&
  Object.entries(properties).every(([name, { const: only }]) => !fields.has(name) || fields.get(name) === String(only));

/** Returns the schemas that a schema stands for, its alternatives included, for a mapping with these fields. */
function* alternatives(root: Schema, schema: Schema | undefined, fields: Fields, depth = 0): Generator<Schema> {
  if (!schema || depth > 8) return;
  if (schema.$ref) yield* alternatives(root, referred(root, schema.$ref), fields, depth + 1);
  yield schema;
  for (const inner of [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])]) {
    yield* alternatives(root, inner, fields, depth + 1);
  }
  if (schema.then && isMeant(schema.if ?? {}, fields)) yield* alternatives(root, schema.then, fields, depth + 1);
}

const referred = (root: Schema, pointer: string): Schema | undefined => root.$defs?.[pointer.replace('#/$defs/', '')];

/** Returns the schema of a field or an element. */
function within({ items, properties, additionalProperties }: Schema, segment: Segment): Schema | undefined {
  if (segment === ELEMENT) return items;
  return properties?.[segment.key] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
}

/** Returns the schemas of the place where a way ends; `fields` are those of the mapping there. */
function schemasAt(root: Schema, way: readonly Segment[], fields: Fields): Schema[] {
  let schemas = [...alternatives(root, root, way[0]?.fields ?? fields)];
  for (const [index, segment] of way.entries()) {
    const inner = schemas.flatMap((schema) => within(schema, segment) ?? []);
    schemas = inner.flatMap((schema) => [...alternatives(root, schema, way[index + 1]?.fields ?? fields)]);
  }
  return schemas;
}

/** Returns what stands for a word in YAML. */
const written = (word: string): string => (/^[\w$][\w$./-]*$/.test(word) ? word : JSON.stringify(word));

/** Returns the words that schemas allow as a value. */
function valuesOf(schemas: readonly Schema[]): Option[] {
  const options = new Map<string, Option>();
  for (const { enum: listed, const: only, examples = [], type, enumDescriptions } of schemas) {
    const words = [...(listed ?? (only === undefined ? [] : [only])), ...examples];
    for (const [index, word] of (type === 'boolean' ? [...words, true, false] : words).entries()) {
      const label = String(word);
      const detail = enumDescriptions?.[index];
      if (typeof word === 'object' || options.has(label)) continue;
      options.set(label, { label, apply: written(label), ...(detail && { detail }) });
    }
  }
  return [...options.values()];
}

/** Returns the keys that schemas name, those that are there already left out. */
function keysOf(root: Schema, schemas: readonly Schema[], isThere: (name: string) => boolean): Option[] {
  const properties = new Map<string, Schema>();
  for (const schema of schemas) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (!properties.get(name)?.description && !isThere(name)) properties.set(name, property);
    }
  }
  return [...properties].map(([label, property]) => {
    const detail = property.description ?? (property.$ref ? referred(root, property.$ref)?.description : undefined);
    return { label, apply: `${label}: `, ...(detail !== undefined && { detail }) };
  });
}

/** Returns what can stand at a place of a scenario, by the schema of scenario files; undefined for nothing known. */
export function complete(root: Schema, text: string, at: number): Completion | undefined {
  const before = text.slice(0, at).split('\n');
  const line = before.at(-1) as string;
  if (/(?:^|\s)#/.test(line)) return undefined;
  const lines = [...before, ...text.slice(at).split('\n').slice(1)];
  const number = before.length - 1;
  const [, space = '', dashes = '', content = ''] = /^( *)((?:- +)*)(.*)$/.exec(line) ?? [];
  const column = space.length + dashes.length;
  const base = wayBefore(lines, number, column, (dashes.match(/-/g) ?? []).length);
  const { way: inner, fields, rest } = flowWay(content, fieldsAround(lines, number, column));
  const way = [...base, ...inner];
  const [, key, , value] = /^\s*["']?([\w$.-]+)["']?(\s*:\s+)([^{[]*)$/.exec(rest) ?? [];
  if (key !== undefined && value !== undefined) {
    return optionsFrom(at - value.length, valuesOf(schemasAt(root, [...way, { key, fields }], NONE)));
  }
  const word = /[\w$.-]*$/.exec(rest)?.[0] ?? '';
  if (rest.trim() !== word) return undefined;
  const schemas = schemasAt(root, way, fields);
  const begins = inner.at(-1) === ELEMENT || (dashes !== '' && rest === content);
  const keys = keysOf(root, schemas, (name) => name !== word && fields.has(name));
  return optionsFrom(at - word.length, begins ? [...valuesOf(schemas), ...keys] : keys);
}

const optionsFrom = (from: number, options: Option[]): Completion | undefined =>
  options.length === 0 ? undefined : { from, options };
