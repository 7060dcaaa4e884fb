import { readFile, writeFile } from 'node:fs/promises';

/** Returns the line of a page above or below which stands what a command has measured. */
const line = (where, command) => `<!-- What stands ${where} is written by ${command}. -->`;

/** Returns a page with a text between the two lines of a command, in the place of what stood there. */
export function place(page, command, text) {
  const [begin, end] = [line('below', command), line('above', command)];
  const [first, last] = [page.indexOf(begin), page.indexOf(end)];
  if (first < 0 || last < first) throw new Error(`the page lacks the lines "${begin}" and "${end}"; put them back`);
  return `${page.slice(0, first)}${begin}\n\n${text}\n\n${page.slice(last)}`;
}

/** Puts a text into the file of a page. */
export async function placeInto(file, command, text) {
  await writeFile(file, place(await readFile(file, 'utf8'), command, text));
}
