import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { version } from '../../src/version.js';
import { type Block, root } from './pages.js';

/** Seconds that the commands of one page may take. */
const LIMIT = 120;

const commands = join(root, 'test/docs/commands');

/** Stands before what a block prints, with its line in the page. */
const MARK = '\u0001';

/** The result of a page's commands: the output of each block by its line, and how they ended. */
export interface Ran {
  printed: Map<number, string>;
  /** The block that failed, and the reason. */
  failed?: { line: number; said: string };
}

/** Returns a command with the sandbox of the page in the place of the usual address, and of Klarna. */
export const pointed = (command: string, url: string): string =>
  command
    .replaceAll(/\b(localhost|127\.0\.0\.1):5527\b/g, `$1:${new URL(url).port}`)
    .replaceAll(/https:\/\/([^\s"'/@]*@)?api(?:-\w+)?\.(?:playground\.)?klarna\.com/g, `http://$1${new URL(url).host}`);

/** A workflow of GitHub Actions, as much as is run of it. */
interface Workflow {
  jobs: Record<string, { steps: { run?: string; env?: Record<string, string> }[] }>;
}

/** Returns what a workflow runs, its secrets being any text. */
export function runsOf(workflow: string): string {
  const { jobs } = parse(workflow) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  return steps
    .filter(({ run }) => run !== undefined)
    .map(({ run, env = {} }) => {
      const variables = Object.entries(env).map(([name, value]) => `export ${name}=${JSON.stringify(value)}\n`);
      return `(\n${variables.join('').replaceAll(/\$\{\{[^}]*\}\}/g, 'any')}${run}\n)\n`;
    })
    .join('');
}

function scriptOf(blocks: readonly Block[], url: string): string {
  const parts = blocks.map(({ language, line, note, text: code }) => {
    const answers = note?.kind === 'answers' ? `export ANSWERS=${note.status}` : 'unset ANSWERS';
    const command = language === 'yaml' ? runsOf(code) : code;
    const mark = `printf '${MARK}%s\\n' ${line}`;
    return `${mark}; ${mark} >&2\n${answers}\n${pointed(command, url)}`;
  });
  return `${parts.join('\n')}\nwait\n`;
}

/** Splits an output at the marks of blocks. */
const byBlock = (output: string): [number, string][] =>
  output
    .split(MARK)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return [Number(part.slice(0, end)), part.slice(end + 1)];
    });

/** The place of a program. */
const placeOf = (program: string) => spawnSync('which', [program], { encoding: 'utf8' }).stdout.trim();

/** Returns the environment of somebody who has the commands of the pages, and none of what the test runner sets. */
export function environment(home: string, url: string): Record<string, string> {
  return {
    CHECKOUT: root,
    CURL: placeOf('curl'),
    HOME: home,
    PATH: [commands, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
    SANDBOX: url,
    TMPDIR: join(home, 'tmp'),
    VERSION: version,
    XDG_CACHE_HOME: join(home, 'cache'),
  };
}

/** Pastes the commands of a page into one bash, one block after the other, as a reader does. */
export async function paste(
  blocks: readonly Block[],
  { url, cwd, home }: { url: string; cwd: string; home: string },
): Promise<Ran> {
  const env = environment(home, url);
  mkdirSync(env.TMPDIR as string, { recursive: true });
  const bash = spawn('bash', ['-euo', 'pipefail', '-c', scriptOf(blocks, url)], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT * 1000,
  });
  const ended = new Promise<string>((resolve) => {
    bash.once('close', (code, signal) => resolve(signal === null ? String(code) : `${signal} after ${LIMIT} seconds`));
  });
  const [out, err, code] = await Promise.all([text(bash.stdout), text(bash.stderr), ended]);
  const printed = new Map(byBlock(out));
  if (code === '0') return { printed };
  const [line, said] = byBlock(err).at(-1) ?? [0, err];
  return { printed, failed: { line, said: `it ended with ${code}\n${printed.get(line) ?? ''}${said}` } };
}
