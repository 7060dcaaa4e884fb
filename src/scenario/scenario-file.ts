import { relative } from 'node:path';

/** Largest size of a scenario file in bytes (1 MB). */
export const MAX_BYTES = 1024 * 1024;

const EXTENSION = /\.(ya?ml|json)$/i;

/** Tells whether a path is that of a scenario file, by its extension. */
export const isScenarioFile = (path: string): boolean => EXTENSION.test(path);

/** Returns a scenario's name: its path under the last `scenarios/` folder, or under `folder`, without the extension. */
export function scenarioName(path: string, folder = ''): string {
  const plain = path.replaceAll('\\', '/').replace(EXTENSION, '');
  const under = plain.replace(/^(?:.*\/)?scenarios\/(?=.)/, '');
  if (under !== plain) return under;
  const last = plain.slice(plain.lastIndexOf('/') + 1);
  if (folder === '') return last;
  const base = folder.replaceAll('\\', '/').replace(/\/*$/, '/');
  return plain.startsWith(base) ? plain.slice(base.length) : last;
}

/** Returns the name of a file in a folder of scenarios, which does not depend on where that folder lies. */
export const nameInFolder = (folder: string, path: string): string => scenarioName(`./${relative(folder, path)}`, '.');

/** Returns a name as an e-mail address has it: in lower case, with slashes for dots. */
export const foldName = (name: string): string => name.toLowerCase().replaceAll('.', '/');

/** The keys at the top of a file of which a scenario has one at least. */
export const PARTS = ['steps', 'outcomes', 'callbacks', 'shopper', 'payment_method_categories'] as const;

/** Returns the words for folders without any scenario. */
export const noScenarioIn = (folders: readonly string[]): string =>
  `no .yaml, .yml or .json file in ${folders.join(', ')} with one of ${PARTS.join(', ')} at its top`;

/** One of these keys as YAML or JSON writes it. */
const PART = `(["']?)(?:${PARTS.join('|')})\\1\\s*:`;
const SOMEWHERE = new RegExp(PART);

/**
 * Tells whether a file may be a scenario: one of `PARTS` stands at its top, or a comment above names the schema. It looks at
 * the text and not at what a parser makes of it, so that a scenario with a mistake is one, too.
 * @param text the file, or its beginning
 */
export function mayBeScenario(text: string): boolean {
  // Empty lines, comments, directives and the mark of a document.
  const [head] = /^(?:[^\S\n]*(?:#[^\n]*|%[^\n]*|---[^\n]*)?\n)*/.exec(text) as RegExpExecArray;
  if (head.includes('scenario.schema.json')) return true;
  const [, indent = '', sign] = /^([^\S\n]*)(\S?)/.exec(text.slice(head.length)) as RegExpExecArray;
  if (sign !== '{') return new RegExp(`^${indent}${PART}`, 'm').test(text);
  const top = readTop(text);
  return top ? PARTS.some((part) => Object.hasOwn(top, part)) : SOMEWHERE.test(text);
}

/** Returns the object of a JSON text; undefined where it is none, or a part of one. */
function readTop(text: string): object | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
