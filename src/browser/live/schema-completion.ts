/** A JSON schema; only the keywords that completion reads. */
export interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  if?: Schema;
  then?: Schema;
  $defs?: Record<string, Schema>;
}

export interface Completion {
  /** Place in the text where the word begins that is completed. */
  from: number;
  options: { label: string; detail?: string; apply: string }[];
}

/** A place in a document: keys of mappings, and `0` for an element of a list. */
type Path = string[];

const ELEMENT = '0';

/** A line of YAML: how far it is indented, whether it begins an element of a list, and its key. */
interface Line {
  indent: number;
  elements: number;
  key: string | undefined;
}

function readLine(text: string): Line | undefined {
  const [, space = '', dashes = '', rest = ''] = /^( *)((?:- +|-$)*)(.*)$/.exec(text) ?? [];
  if (rest.startsWith('#') || (rest === '' && dashes === '')) return undefined;
  const [, key] = /^["']?([\w$.-]+)["']?\s*:(?:\s|$)/.exec(rest) ?? [];
  return { indent: space.length + dashes.length, elements: (dashes.match(/-/g) ?? []).length, key };
}

/** Returns the path of the mapping that a line at some indent belongs to, by the lines before it. */
function pathBefore(lines: readonly string[], indent: number, elements: number): Path {
  const path: Path = Array(elements).fill(ELEMENT);
  // An element's own indent is that of its dash.
  let limit = indent - 2 * elements;
  for (const text of lines.toReversed()) {
    const line = readLine(text);
    if (!line) continue;
    const start = line.indent - 2 * line.elements;
    // A line of the same mapping may be the one with its dash.
    if (line.elements > 0 && line.indent === limit + 0 && start < limit) {
      path.unshift(...Array(line.elements).fill(ELEMENT));
      limit = start;
      continue;
    }
    if (line.key === undefined) continue;
    // A list may stand at the indent of its key.
    const holds = line.indent < limit || (line.indent === limit && path[0] === ELEMENT && line.elements === 0);
    if (!holds) continue;
    path.unshift(...Array(line.elements).fill(ELEMENT), line.key);
    limit = start;
    if (limit === 0 && line.elements === 0) break;
  }
  return path;
}

/** Returns the keys that a piece of flow style leads through, and what is written after them. */
function flowPath(text: string): { path: Path; rest: string } {
  const open: { path: Path; start: number; list: boolean }[] = [];
  let key = '';
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"' || sign === "'") {
      const end = text.indexOf(sign, at + 1);
      if (end < 0) break;
      at = end;
    } else if (sign === '{' || sign === '[') {
      open.push({
        path: [...(open.at(-1)?.list ? [ELEMENT] : []), ...(key ? [key] : [])],
        start: at + 1,
        list: sign === '[',
      });
      key = '';
    } else if (sign === '}' || sign === ']') {
      open.pop();
      key = '';
    } else if (sign === ',') {
      const inner = open.at(-1);
      if (inner) inner.start = at + 1;
      key = '';
    } else if (sign === ':' && /\s|^$/.test(text[at + 1] ?? '')) {
      key = /["']?([\w$.-]+)["']?\s*$/.exec(text.slice(0, at))?.[1] ?? '';
    }
  }
  const inner = open.at(-1);
  const path = open.flatMap((each) => each.path);
  if (inner?.list) path.push(ELEMENT);
  return { path, rest: inner ? text.slice(inner.start) : text };
}

/** Returns the schemas that a schema stands for, its alternatives included. */
function* alternatives(root: Schema, schema: Schema | undefined, depth = 0): Generator<Schema> {
  if (!schema || depth > 8) return;
  if (schema.$ref) yield* alternatives(root, referred(root, schema.$ref), depth + 1);
  yield schema;
  for (const inner of [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])]) {
    yield* alternatives(root, inner, depth + 1);
  }
  if (schema.then) yield* alternatives(root, schema.then, depth + 1);
}

const referred = (root: Schema, pointer: string): Schema | undefined => root.$defs?.[pointer.replace('#/$defs/', '')];

/** Returns the schemas of a place. */
function schemasAt(root: Schema, path: Path): Schema[] {
  let schemas: Schema[] = [...alternatives(root, root)];
  for (const key of path) {
    const inner = schemas.flatMap((schema) => (key === ELEMENT ? schema.items : schema.properties?.[key]) ?? []);
    schemas = inner.flatMap((schema) => [...alternatives(root, schema)]);
  }
  return schemas;
}

/** Returns the words that a schema allows as a value. */
function valuesOf(schemas: readonly Schema[]): string[] {
  const values = schemas.flatMap((schema) => schema.enum ?? ('const' in schema ? [schema.const] : []));
  const words = values.filter((value) => typeof value !== 'object').map(String);
  if (schemas.some(({ type }) => type === 'boolean')) words.push('true', 'false');
  return [...new Set(words)];
}

/** Returns what can stand at a place of a scenario, by the schema of scenario files; undefined for nothing known. */
export function complete(root: Schema, text: string, at: number): Completion | undefined {
  const before = text.slice(0, at);
  const lines = before.split('\n');
  const line = lines.pop() ?? '';
  if (/(?:^|\s)#/.test(line)) return undefined;
  const [, space = '', dashes = '', content = ''] = /^( *)((?:- +)*)(.*)$/.exec(line) ?? [];
  const elements = (dashes.match(/-/g) ?? []).length;
  const base = pathBefore(lines, space.length + dashes.length, elements);
  const { path: inner, rest } = flowPath(content);
  const [, key, , value] = /^\s*["']?([\w$.-]+)["']?(\s*:\s+)([^{[]*)$/.exec(rest) ?? [];
  const place = [...base, ...inner];
  if (key !== undefined && value !== undefined) {
    const words = valuesOf(schemasAt(root, [...place, key]));
    return optionsFrom(
      at - value.length,
      words.map((label) => ({ label, apply: label })),
    );
  }
  const word = /[\w$.-]*$/.exec(rest)?.[0] ?? '';
  if (rest.trim() !== word) return undefined;
  if (inner.at(-1) === ELEMENT) {
    const words = valuesOf(schemasAt(root, place));
    if (words.length > 0)
      return optionsFrom(
        at - word.length,
        words.map((label) => ({ label, apply: label })),
      );
  }
  const properties = new Map<string, Schema>();
  for (const schema of schemasAt(root, place)) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const known = properties.get(name);
      if (!known?.description) properties.set(name, property);
    }
  }
  const options = [...properties].map(([label, property]) => {
    const detail = property.description ?? (property.$ref ? referred(root, property.$ref)?.description : undefined);
    return { label, apply: `${label}: `, ...(detail !== undefined && { detail }) };
  });
  return optionsFrom(at - word.length, options);
}

const optionsFrom = (from: number, options: Completion['options']): Completion | undefined =>
  options.length === 0 ? undefined : { from, options };
