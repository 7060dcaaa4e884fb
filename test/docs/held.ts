import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';
import { tellStory } from '../verify/story.js';
import { type Block, blocksOf, pages } from './pages.js';
import { makeReader } from './reader.js';

/**
 * Every code block of every page is held by what its language is for: commands are run, programs are typed and run, data are
 * read. A block of which that cannot be said has a comment in the line before it.
 */
const HELP = `
What a block may be, by its language:
  sh, bash      run, all blocks of a page one after the other (test/docs/commands.test.ts). mock-klarna, npx mock-klarna, npm and
                curl are those of test/docs/commands; port 5527 and Klarna's hosts are one sandbox that has seen a shop
                (test/verify/story.ts); the files that commands read are made by test/docs/reader.ts. A refusal that is meant to
                come is named in the line before: <!-- answers 403 -->
  ts, js        ts is typed; both are run in a project that has the package, and must end (this and the rest: blocks.test.ts)
  yaml          a scenario is checked, and played if it has steps; a merchants file is read; a workflow's commands are run
  json          read
  html          its addresses on port 5527 are asked for
  text or none  output: no command stands in it
In a line before it: <!-- not run: WHY -->, <!-- typed with: NAME, NAME --> (typed beside names of the shop, and not run), or
<!-- examples/PATH --> (it is, or is part of, that file, which is run elsewhere).
For all blocks in a language of a page: <!-- not run, any LANGUAGE: WHY -->`;

/** Every code block of every page. */
export const blocks = pages.flatMap((page) => blocksOf(page));

export const placeOf = ({ page, line }: Block) => `${page}:${line}`;

/** Fails with what is wrong with a block, and with what to do about it. */
export function sound(t: Test, block: Block, mistake: string | false | undefined) {
  t.equal(mistake ? `${placeOf(block)}: ${mistake.trim()}\n${HELP}` : undefined, undefined, placeOf(block));
}

export const isLeftOut = ({ note }: Block) => note?.kind === 'not run' || note?.kind === 'file';

const isWorkflow = ({ text }: Block) => /^jobs:/m.test(text) && /^on:/m.test(text);

export const isCommands = (block: Block) =>
  ['sh', 'bash'].includes(block.language) || (block.language === 'yaml' && isWorkflow(block));

export const isProgram = ({ language }: Block) => ['ts', 'js'].includes(language);

/** A folder for what the tests of a file write. */
export const folder = mkdtempSync(join(tmpdir(), 'mock-klarna-docs-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a sandbox that has seen a shop, and makes what a reader has. `seen` lists the statuses of what is answered from then on. */
export async function prepare(name: string) {
  const seen: number[] = [];
  const { url, close } = await startServer({ port: 0, observe: ({ status }) => seen.push(status) });
  t.teardown(close);
  const story = await tellStory(url);
  seen.length = 0;
  return { url, seen, ...makeReader(join(folder, name.replaceAll('/', '-')), story) };
}
