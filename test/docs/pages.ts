import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The pages that somebody reads, by their path under the root. */
export const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((file) => `docs/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.md'))
    .sort(),
];

/** The instruction that a comment above a block gives. */
export type Note =
  /** It cannot be run, for that reason. */
  | { kind: 'not run'; reason: string }
  /** It is run, and this status comes among others. */
  | { kind: 'answers'; status: number }
  /** It is typed and not run; these names are there, of any type. */
  | { kind: 'typed with'; names: string[] }
  /** It is, or is part of, a file that is run elsewhere. */
  | { kind: 'file'; file: string };

/** A code block of a page. */
export interface Block {
  page: string;
  /** The line of its first fence. */
  line: number;
  language: string;
  text: string;
  note?: Note;
}

const FENCE = /^( *)(`{3,})([^\s`]*)\s*$/;

function noteIn(comment: string): Note | undefined {
  const [, file] = /^<!-- (examples\/\S+) -->$/.exec(comment.trim()) ?? [];
  if (file !== undefined) return { kind: 'file', file };
  const [, kind, rest = ''] = /^<!-- (not run|answers|typed with):? (.+) -->$/.exec(comment.trim()) ?? [];
  if (kind === 'not run') return { kind, reason: rest };
  if (kind === 'answers') return { kind, status: Number(rest) };
  if (kind === 'typed with') return { kind, names: rest.split(/, */) };
  return undefined;
}

/** The reasons of a page not to run any of its blocks in a language, by the language: `<!-- not run, any ts: … -->`. */
function reasonsOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^<!-- not run, any (\S+): (.+) -->$/gm)].map(([, language = '', reason = '']) => [
      language,
      reason,
    ]),
  );
}

/** Returns the code blocks of a page. */
export function blocksOf(page: string, text = read(page)): Block[] {
  const reasons = reasonsOf(text);
  const blocks: Block[] = [];
  const lines = text.split('\n');
  let open: { fence: string; indent: number; block: Block } | undefined;
  let comment = '';
  for (const [at, line] of lines.entries()) {
    const [, indent = '', fence = '', language = ''] = FENCE.exec(line) ?? [];
    if (open) {
      if (fence.length >= open.fence.length && language === '') {
        blocks.push(open.block);
        open = undefined;
        comment = '';
      } else open.block.text += `${line.slice(Math.min(open.indent, line.search(/\S|$/)))}\n`;
    } else if (fence !== '') {
      const reason = reasons.get(language);
      const note = noteIn(comment) ?? (reason === undefined ? undefined : { kind: 'not run' as const, reason });
      open = { fence, indent: indent.length, block: { page, line: at + 1, language, text: '', note } };
    } else if (line.trim() !== '') comment = line;
  }
  if (open) throw new Error(`${page}:${open.block.line}: the block has no end`);
  return blocks;
}

/** Returns the text of a page without its code blocks and comments. */
export const proseOf = (page: string): string =>
  read(page)
    .replace(/^( *)(`{3,})[\s\S]*?^\1\2\s*$/gm, '')
    .replace(/<!--[\s\S]*?-->/g, '');

/** Returns what stands between single backticks in the prose of a page. */
export const spansOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/`([^`\n]+(?:\n[^`\n]+)?)`/g)].map(([, span = '']) =>
    span.replaceAll('\\|', '|').replace(/\s+/g, ' '),
  );

/** Returns the anchors of a page, as its headings make them. */
export const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
