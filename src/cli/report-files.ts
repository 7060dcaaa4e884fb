import { relative, resolve } from 'node:path';
import type { HarnessReport } from '../report/finding.js';
import { FORMATS, type Format } from '../report/format-names.js';
import { formats } from '../report/formats.js';
import { renderAnnotation, renderAnnotations } from '../report/github.js';
import { renderMarkdown } from '../report/markdown.js';
import type { PlaceInSource, SourceLine } from '../report/sarif.js';
import { didYouMean, type Problem } from '../scenario/problem.js';
import { appendFileFor, writeFileFor } from './files.js';
import { CannotRun } from './io.js';
import { findCalls } from './source-root.js';

/** A report to write: its format and its path. */
export interface ReportFile {
  format: Format;
  file: string;
}

/**
 * Reads the values of a repeatable option such as `html=report.html,junit=junit.xml`.
 * @throws {CannotRun} when a value has no known format or no file
 */
export function readReportFiles(given: readonly string[]): ReportFile[] {
  const names: readonly string[] = FORMATS;
  return given
    .flatMap((text) => text.split(','))
    .map((part) => {
      const read = /^\s*(\w+)=(.+)$/.exec(part);
      if (!read) {
        throw new CannotRun(`--report: given ${part}, expected FORMAT=FILE with one of ${names.join(', ')}`);
      }
      const [, format, file] = read as unknown as [string, string, string];
      if (names.includes(format)) return { format: format as Format, file };
      throw new CannotRun(
        `--report: unknown format ${format}${didYouMean(format, names)}; there are ${names.join(', ')}`,
      );
    });
}

/** The environment variables that GitHub Actions sets for a job. */
export interface GithubEnvironment {
  GITHUB_ACTIONS?: string;
  GITHUB_STEP_SUMMARY?: string;
  GITHUB_WORKSPACE?: string;
}

/** Tells if the command runs in a job of GitHub Actions. */
export const isGithub = (env: GithubEnvironment): boolean => env.GITHUB_ACTIONS === 'true';

/** The places of a report beside the terminal. */
export interface ReportPlaces {
  files: readonly ReportFile[];
  /** Folder of the shop's source, whose lines stand for findings without a file where a format needs one. */
  sourceRoot?: string;
  env: GithubEnvironment;
  /** Writes a line that GitHub Actions reads. */
  say(line: string): void;
}

/**
 * Writes a report to files and, in GitHub Actions, to its annotations and the summary of the job.
 * @throws {CannotRun} when a file cannot be written; all others are
 */
export async function writeReports(
  report: HarnessReport,
  { files, sourceRoot, env, say }: ReportPlaces,
): Promise<void> {
  const inGithub = isGithub(env);
  if (inGithub) for (const line of renderAnnotations(report, (file) => inWorkspace(env, file))) say(line);
  const placeOf = files.some(({ format }) => format === 'sarif') ? await placing(report, env, sourceRoot) : undefined;
  const summary = inGithub && env.GITHUB_STEP_SUMMARY ? env.GITHUB_STEP_SUMMARY : undefined;
  await doAll([
    ...files.map(
      ({ format, file }) =>
        () =>
          writeFileFor('--report', file, formats[format](report, placeOf)),
    ),
    ...(summary === undefined ? [] : [() => appendFileFor('GITHUB_STEP_SUMMARY', summary, renderMarkdown(report))]),
  ]);
}

/** Does all of the work, one after the other, and then throws the first error. */
export async function doAll(work: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const part of work) await part().catch((error) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

/** Writes mistakes in scenario files as annotations for GitHub Actions. Does nothing elsewhere. */
export function tellGithubOfProblems(
  env: GithubEnvironment,
  problems: readonly Problem[],
  say: (line: string) => void,
): void {
  if (!isGithub(env)) return;
  for (const { path, line, column, message } of problems) {
    say(renderAnnotation({ file: inWorkspace(env, path), line, column, title: 'scenario file', message }));
  }
}

/** Returns the function that places findings in the repository: in their file, or at the call in the shop's source. */
async function placing({ findings }: HarnessReport, env: GithubEnvironment, sourceRoot = '.'): Promise<PlaceInSource> {
  const calls = new Map<string | undefined, SourceLine>();
  const homeless = findings.filter(({ where }) => where.file === undefined);
  if (homeless.length > 0) {
    const find = await findCalls(sourceRoot);
    for (const { operation } of homeless) calls.set(operation, find(operation));
  }
  const root = resolve(env.GITHUB_WORKSPACE ?? '.');
  return ({ operation, where }) => {
    const call = calls.get(operation) as SourceLine;
    const { file, line } = where.file === undefined ? call : { file: where.file, line: where.line ?? 1 };
    const path = relative(root, resolve(file)).replaceAll('\\', '/');
    // A file outside of the repository keeps its absolute path.
    return { file: path.startsWith('..') ? resolve(file) : path, line };
  };
}

/** Returns a path relative to the workspace, with slashes on every system, as annotations need it. */
function inWorkspace({ GITHUB_WORKSPACE }: GithubEnvironment, file: string): string {
  const path = GITHUB_WORKSPACE ? relative(GITHUB_WORKSPACE, resolve(file)) : file;
  return path.replaceAll('\\', '/');
}
