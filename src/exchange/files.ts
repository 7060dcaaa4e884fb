import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import { entriesOf, readCassette } from './cassette.js';
import { isHar, readHar } from './har.js';
import { DOCUMENT_DEPTH, tooDeep } from './json.js';
import { utf8 } from './message.js';
import { nestsDeeper } from './nesting.js';
import { otherThanFile } from './other-than-file.js';
import { type Reading, type Unjudged, Unreadable } from './recorded.js';

/** The longest damaged file that is searched for whole entries, in characters. */
const LONGEST_DAMAGED = 8 * 1024 * 1024;

/** A file as a value, and what is wrong with the rest of it; or why it is none. */
export type Parsed = { document: unknown; damage?: string } | { why: string };

/**
 * Reads JSON or YAML. Of a recording that is cut off or damaged the exchanges before the damage are read.
 * @param isYaml true for YAML, false for JSON
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

/** Reads YAML; undefined where it nests deeper than its parser can go. */
function read(text: string): Document.Parsed | undefined {
  if (nestsDeeper(text, 2 * DOCUMENT_DEPTH)) return undefined;
  const customTags = [binary('tag:yaml.org,2002:binary'), binary('!binary')];
  return parseDocument(text, { merge: true, customTags, logLevel: 'silent' });
}

function parseYaml(text: string): Parsed {
  const parsed = read(text);
  if (!parsed) return { why: `is ${tooDeep(DOCUMENT_DEPTH)}` };
  const [mistake] = parsed.errors;
  if (mistake) {
    const message = (mistake.message.split('\n')[0] as string).replace(/:$/, '');
    const isWhole = ({ range }: Item) => range[1] <= mistake.pos[0];
    const list = listIn(parsed);
    const whole = list?.items.filter(isWhole).map((item) => item.toJS(parsed));
    return rebuilt(list?.path, whole, `is no YAML (${message})`);
  }
  try {
    return { document: parsed.toJS({ maxAliasCount: 1000 }) };
  } catch (error) {
    return { why: `cannot be read (${(error as Error).message})` };
  }
}

/** Returns the whole entries of damaged JSON. It is YAML as well, whose reader goes on after a mistake. */
function salvage(text: string, why: string): Parsed {
  const parsed = read(text);
  const list = parsed && listIn(parsed);
  const whole = list?.items.flatMap(({ range }) => {
    try {
      return [JSON.parse(text.slice(range[0], range[1])) as unknown];
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
  range: [number, number, number];
  toJS(parsed: Document): unknown;
}

/** The list of exchanges, wherever recorders have it. */
function listIn(parsed: Document.Parsed): { path: string[]; items: Item[] } | undefined {
  const places = [['log', 'entries'], ['http_interactions'], ['interactions'], []];
  const path = places.find((place) => isSeq(parsed.getIn(place, true)));
  return path && { path, items: (parsed.getIn(path, true) as YAMLSeq<Item>).items };
}

/** Files larger than this are not read, in bytes. */
const LARGEST_FILE = 64 * 1024 * 1024;

/** The form of a recording file, as the option that names it says. */
export type RecordingKind = 'har' | 'cassette' | 'pact';

const endings: Readonly<Record<RecordingKind, RegExp>> = {
  har: /\.(har|json)$/i,
  cassette: /\.(ya?ml|json|har)$/i,
  pact: /\.json$/i,
};

/**
 * Returns the files of paths, folders with all that is below them.
 * @throws the error of the file system for a path that does not exist or cannot be read
 * @throws {Unreadable} for one that leads to neither a file nor a folder
 */
export async function findRecordings(words: readonly string[], kind: RecordingKind): Promise<string[]> {
  const found = await Promise.all(
    words.map(async (word) => {
      const stats = await stat(word);
      if (!stats.isDirectory()) {
        const other = otherThanFile(stats);
        if (other !== undefined) throw new Unreadable(`${word} is ${other}, not a file`);
        await access(word, constants.R_OK);
        return [word];
      }
      const names = await readdir(word, { recursive: true });
      return names
        .filter((name) => endings[kind].test(name))
        .map((name) => join(word, name))
        .sort();
    }),
  );
  return found.flat();
}

/** A file as one value; or why it is none. `damage` says what is missing of it. */
export type ReadDocument = { document: unknown; damage?: string } | Unjudged;

/** Reads a file of JSON or YAML, whatever it holds. */
export async function readDocument(
  file: string,
  { largest = LARGEST_FILE }: { largest?: number } = {},
): Promise<ReadDocument> {
  let text: string;
  try {
    const stats = await stat(file);
    const other = otherThanFile(stats);
    if (other !== undefined) return { what: file, why: `is ${other}, not a file` };
    if (stats.size > largest) {
      const why = `is larger than ${Math.floor(largest / 1024 / 1024)} MB; record less at once, or split it`;
      return { what: file, why };
    }
    text = utf8(await readFile(file));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined) return { what: file, why: `cannot be read (${code})` };
    if (!(error instanceof TypeError)) throw error;
    return { what: file, why: 'is not UTF-8; save it as UTF-8' };
  }
  const parsed = parseLeniently(text, /\.ya?ml$/i.test(file));
  return 'why' in parsed ? { what: file, ...parsed } : parsed;
}

/** Reads a recording: a HAR or a cassette, whichever it is. Never throws for what is in the file. */
export async function readRecording(file: string, limits: { largest?: number } = {}): Promise<Reading> {
  const read = await readDocument(file, limits);
  if ('why' in read) return { exchanges: [], unjudged: [read] };
  const { document, damage } = read;
  const reading = readExchanges(document, file);
  if (damage !== undefined) reading.unjudged.push({ what: file, why: damage });
  return reading;
}

function readExchanges(document: unknown, file: string): Reading {
  if (isHar(document)) return readHar(document, file);
  const entries = entriesOf(document);
  if (entries) return readCassette(entries, file);
  const why = 'is no recording: neither a HAR (log.entries) nor a cassette (http_interactions, interactions)';
  return { exchanges: [], unjudged: [{ what: file, why }] };
}
