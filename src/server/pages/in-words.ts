import type { EvidenceNote, OpenApi } from '../../contract/operations.js';
import { type Fields, isFields } from '../../exchange/fields.js';

/** Keywords whose values are data. */
const DATA = new Set(['const', 'default', 'enum', 'example', 'examples']);

/** A repository on GitHub, with or without the number of an issue; or such a number alone, after its repository. */
const ON_GITHUB = /(?<![\w/.%])(?:([a-z][\w-]+\/[a-z][\w-]+)(?:#(\d+))?|#(\d+))/gi;

/** The addresses of Klarna's publications, by the names that sources have for them. */
const PUBLISHED: readonly [RegExp, string][] = [
  [/Klarna(?:'s)? OpenAPI documents?/, 'https://docs.klarna.com/api/'],
  [
    /Klarna(?:'s)? (?:guides?|tables? of (?:error codes|errors)|page|reference)|^Klarna(?=:)/,
    'https://docs.klarna.com/',
  ],
];

/** Returns plain text as Markdown: each of its signs stands for itself. */
const plain = (text: string): string => text.replace(/[\\`*_[\]<]/g, '\\$&');

const link = (text: string, to: string): string => `[${plain(text)}](${to})`;

/** Returns a text as Markdown, with links to the repositories and issues that it names. */
function linkRepositories(text: string): string {
  let repository: string | undefined;
  let from = 0;
  const parts: string[] = [];
  for (const { 0: found, 1: name, 2: own, 3: further, index } of text.matchAll(ON_GITHUB)) {
    repository = name ?? repository;
    if (repository === undefined) continue;
    const issue = own ?? further;
    const to = `https://github.com/${repository}${issue === undefined ? '' : `/issues/${issue}`}`;
    parts.push(plain(text.slice(from, index)), link(found, to));
    from = index + found.length;
  }
  return [...parts, plain(text.slice(from))].join('');
}

/** Returns a source as Markdown, with links to what it names. */
function linkSource(source: string): string {
  for (const [name, to] of PUBLISHED) {
    const found = name.exec(source);
    if (!found) continue;
    const before = source.slice(0, found.index);
    const after = source.slice(found.index + found[0].length);
    return linkRepositories(before) + link(found[0], to) + linkRepositories(after);
  }
  return linkRepositories(source);
}

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

/**
 * Returns evidence as Markdown, with links to what it names.
 * @param grades address of the page that tells what a grade means, by an anchor for each
 */
function evidenceInWords({ grade, source, note }: EvidenceNote, grades: string): string {
  const said = `Evidence: ${link(grade, `${grades}#${grade}`)} – ${sentence(linkSource(source))}`;
  return note === undefined ? said : `${said} ${sentence(linkRepositories(note))}`;
}

/** Returns what the extensions of a part of a contract say, as paragraphs of Markdown. */
function paragraphsOf(part: Fields, grades: string | undefined): string[] {
  const { 'x-evidence': evidence, 'x-rate-limit': limit, 'x-journal': journal } = part;
  const said: string[] = [];
  if (isFields(limit))
    said.push(`Klarna's limit: ${limit.live} calls a second, ${limit.playground} in the playground.`);
  if (journal === false) said.push('The journal does not keep these calls.');
  if (isFields(evidence) && grades !== undefined) said.push(evidenceInWords(evidence as EvidenceNote & Fields, grades));
  return said;
}

/**
 * Returns a contract whose descriptions also tell in words what stands in its extensions: evidence, limits on calls, and what
 * the journal keeps.
 * @param grades address of the page that tells what a grade of evidence means; without one no evidence is told
 */
export function inWords(document: OpenApi, grades: string | undefined): OpenApi {
  const told = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(told);
    if (!isFields(part)) return part;
    const keep = (key: string) => DATA.has(key) || key.startsWith('x-');
    const all = Object.entries(part).map(([key, value]) => [key, keep(key) ? value : told(value)]);
    const said = paragraphsOf(part, grades);
    const { description } = part;
    if (said.length > 0)
      all.push(['description', [...(description === undefined ? [] : [description]), ...said].join('\n\n')]);
    return Object.fromEntries(all);
  };
  return told(document) as OpenApi;
}
