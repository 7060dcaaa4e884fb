import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { operations } from '../contract/operations.js';
import type { SourceLine } from '../report/sarif.js';
import { CannotRun } from './io.js';

/** The endings of files that are looked at. */
const SOURCES: ReadonlySet<string> = new Set(
  'c cc clj cpp cs cts dart ex exs fs go groovy java jl js jsx kt kts lua m mjs mts php pl py rb rs scala svelte swift ts tsx vb vue cjs'
    .split(' ')
    .map((ending) => `.${ending}`),
);

/** Folders that hold what others wrote, or what is made of the source. */
const OTHERS: ReadonlySet<string> = new Set([
  'bin',
  'bower_components',
  'build',
  'coverage',
  'dist',
  'node_modules',
  'obj',
  'out',
  'target',
  'vendor',
  'venv',
]);

/** The most folders and files that are looked at, and the most bytes: of one file, and of all together. */
const MOST_FOLDERS = 5_000;
const MOST_FILES = 5_000;
const LARGEST = 512 * 1024;
const ROOM = 64 * 1024 * 1024;

/** Refuses a folder that is none, as the option `--source-root` names it. @throws {CannotRun} */
export async function checkSourceRoot(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory()) return;
  throw new CannotRun(`--source-root: ${folder} is no folder; name the one of the shop's source`);
}

/** Returns the line of a shop's source that is most like a call of an operation. */
export type FindCall = (operation: string | undefined) => SourceLine;

/**
 * Looks in a folder for the lines that call Klarna's operations: by their paths, which stand in the source of whoever calls
 * them, or by their names. Lines of tests count less. It reads text, and knows no language.
 */
export async function findCalls(folder: string): Promise<FindCall> {
  const files = await sourcesIn(folder);
  const best = new Map<string, Match>();
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const pattern of patterns) look(best, pattern, file, text);
  }
  const [first = join(folder, 'README.md')] = files;
  const somewhere = best.get(KLARNA.name)?.place ?? { file: first, line: 1 };
  return (operation = KLARNA.name) => best.get(operation)?.place ?? somewhere;
}

/** Returns the files of a folder that hold source, in an order that does not depend on the system. */
async function sourcesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  const folders = [folder];
  let room = ROOM;
  for (const here of folders) {
    const entries = await readdir(here, { withFileTypes: true }).catch(() => []);
    entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(here, entry.name);
      if (isOwnFolder(entry) && folders.length < MOST_FOLDERS) folders.push(path);
      if (!entry.isFile() || !SOURCES.has(extname(entry.name))) continue;
      const { size } = await stat(path);
      if (size > LARGEST || size > room || found.length === MOST_FILES) continue;
      room -= size;
      found.push(path);
    }
  }
  return found;
}

const isOwnFolder = (entry: Dirent): boolean =>
  entry.isDirectory() && !entry.name.startsWith('.') && !OTHERS.has(entry.name);

/** The marks of an operation in a line of source. */
interface Pattern {
  /** Name of the operation. */
  name: string;
  /** The fixed segments of its path, in their order. */
  segments: readonly string[];
  /** Matches the last two of them. */
  tail?: RegExp;
}

/** The pattern of what is about no operation. */
const KLARNA: Pattern = { name: 'klarna', segments: [] };

const patterns: readonly Pattern[] = [
  KLARNA,
  ...[...operations.values()]
    .filter(({ api }) => api !== 'sandbox')
    .map(({ name, path }) => {
      const segments = path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{'));
      return { name, segments, tail: new RegExp(`/${segments.slice(-2).join('\\b.*/')}(?![\\w-])`) };
    }),
];

/** The line that is most like a call so far, and how much it is. */
interface Match {
  place: SourceLine;
  score: number;
}

const TEST = /(^|[^a-z])(tests?|specs?)([^a-z]|$)/i;

/** Enters the line of a file that is more like a pattern than the best so far. */
function look(best: Map<string, Match>, pattern: Pattern, file: string, text: string): void {
  // Most files call nothing.
  if (!pattern.tail?.test(text) && !hasName(text, pattern.name)) return;
  const malus = TEST.test(file) ? 0.5 : 0;
  for (const [index, line] of text.split('\n').entries()) {
    const score = scoreOf(line, pattern) - malus;
    const known = best.get(pattern.name)?.score ?? 0;
    if (score > known) best.set(pattern.name, { place: { file, line: index + 1 }, score });
  }
}

/** Tells whether a text has the name of an operation, in whatever case: `createSession`, `create_session`. */
const hasName = (text: string, name: string): boolean =>
  text.toLowerCase().replaceAll('_', '').includes(name.toLowerCase());

/** Returns 1 for the name of the operation, and 1 for each segment of its path in their order, if the last two are there. */
function scoreOf(line: string, { name, segments, tail }: Pattern): number {
  const named = hasName(line, name) ? 1 : 0;
  if (!tail?.test(line)) return named;
  let from = 0;
  const met = segments.filter((segment) => {
    const at = line.indexOf(`/${segment}`, from);
    if (at >= 0) from = at + segment.length;
    return at >= 0;
  });
  return named + met.length;
}
