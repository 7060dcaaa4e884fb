import { escapeMarkup } from './markup.js';

/** Text as it stands in one cell: nothing in it is Markdown or HTML. */
export const cell = (text: string): string => escapeMarkup(text.replace(/\s+/g, ' ').replace(/[\\`*_[\]|~#]/g, '\\$&'));

/** A block of code whose fence no line of it ends. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
