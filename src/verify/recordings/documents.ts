import { createRequire } from 'node:module';
import type { Document, YAMLSeq } from 'yaml';

/** What is there of a file that is cut off or damaged is looked for in no longer texts, in characters. */
const LONGEST_DAMAGED = 8 * 1024 * 1024;

const require = createRequire(import.meta.url);

/** YAML, loaded when there is some. */
const yaml = (): typeof import('yaml') => require('yaml');

/** A file as a value, and what is wrong with the rest of it; or why it is none. */
export type Parsed = { document: unknown; damage?: string } | { why: string };

/**
 * Reads JSON or YAML. Of a recording that is cut off or damaged the exchanges before the damage are read.
 * @param isYaml whether it is YAML rather than JSON
 */
export function parseLeniently(text: string, isYaml: boolean): Parsed {
  if (isYaml) return parseYaml(text);
  try {
    return { document: JSON.parse(text) };
  } catch (error) {
    const why = `is no JSON (${(error as Error).message})`;
    return text.length > LONGEST_DAMAGED ? { why } : salvage(text, why);
  }
}

/** Text in base64; recorders of Ruby and of Python write it with tags of their own. */
const binary = (tag: string) => ({
  tag,
  resolve: (text: string) => new Uint8Array(Buffer.from(text, 'base64')),
});

function read(text: string): Document.Parsed {
  const customTags = [binary('tag:yaml.org,2002:binary'), binary('!binary')];
  return yaml().parseDocument(text, { merge: true, customTags, logLevel: 'silent' });
}

function parseYaml(text: string): Parsed {
  const parsed = read(text);
  const [mistake] = parsed.errors;
  if (mistake) {
    const [message] = mistake.message.split('\n');
    const isWhole = ({ range }: Item) => range !== undefined && range[1] <= mistake.pos[0];
    const list = listIn(parsed);
    const whole = list?.items.filter(isWhole).map((item) => item.toJS(parsed));
    return rebuilt(list?.path, whole, `is no YAML (${message?.replace(/:$/, '')})`);
  }
  try {
    return { document: parsed.toJS({ maxAliasCount: 1000 }) };
  } catch (error) {
    return { why: `cannot be read (${(error as Error).message})` };
  }
}

/** What is whole of a damaged JSON. It is YAML as well, whose reader goes on after a mistake. */
function salvage(text: string, why: string): Parsed {
  const list = listIn(read(text));
  const whole = list?.items.flatMap(({ range }) => {
    try {
      return range ? [JSON.parse(text.slice(range[0], range[1])) as unknown] : [];
    } catch {
      return [];
    }
  });
  return rebuilt(list?.path, whole, why);
}

/** A recording of the exchanges that are whole. */
function rebuilt(path: string[] = [], whole: unknown[] = [], why: string): Parsed {
  if (whole.length === 0) return { why };
  const document = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), whole);
  const count = whole.length === 1 ? 'the exchange' : `the ${whole.length} exchanges`;
  return { document, damage: `${why}; only ${count} before that` };
}

/** An entry of a list, with where it stands in the text. */
interface Item {
  range?: [number, number, number];
  toJS(parsed: Document): unknown;
}

/** The list of exchanges, wherever recorders have it. */
function listIn(parsed: Document.Parsed): { path: string[]; items: Item[] } | undefined {
  const places = [['log', 'entries'], ['http_interactions'], ['interactions'], []];
  const path = places.find((place) => yaml().isSeq(parsed.getIn(place, true)));
  return path && { path, items: (parsed.getIn(path, true) as YAMLSeq<Item>).items };
}
