import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Unjudged } from '../../report/finding.js';
import { entriesOf, readCassette } from './cassette.js';
import { parseLeniently } from './documents.js';
import { isHar, readHar } from './har.js';
import { utf8 } from './message.js';
import type { Reading } from './recorded.js';

/** Files larger than this are not read, in bytes. */
const LARGEST_FILE = 64 * 1024 * 1024;

/** What a file is said to be. */
export type RecordingKind = 'har' | 'cassette' | 'pact';

const endings: Readonly<Record<RecordingKind, RegExp>> = {
  har: /\.(har|json)$/i,
  cassette: /\.(ya?ml|json|har)$/i,
  pact: /\.json$/i,
};

/**
 * The files that words name, folders with all that is below them.
 * @throws the error of the file system for what is not there
 */
export async function findRecordings(words: readonly string[], kind: RecordingKind): Promise<string[]> {
  const found = await Promise.all(
    words.map(async (word) => {
      if (!(await stat(word)).isDirectory()) return [word];
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
  const { size } = await stat(file);
  if (size > largest) {
    const why = `is larger than ${Math.floor(largest / 1024 / 1024)} MB; record less at once, or split it`;
    return { what: file, why };
  }
  let text: string;
  try {
    text = utf8(await readFile(file));
  } catch (error) {
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
