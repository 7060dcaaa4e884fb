import { readFile } from 'node:fs/promises';
import type { HarnessReport, KnownFinding } from '../report/finding.js';
import { formats } from '../report/findings/formats.js';
import { renderAnnotations } from '../report/findings/github.js';
import { renderMarkdown } from '../report/findings/markdown.js';
import { renderText } from '../report/findings/text.js';
import {
  type FailRule,
  failures,
  readBaseline,
  readFailRule,
  renderBaseline,
  toBaseline,
  withoutKnown,
} from '../report/verdict.js';
import { didYouMean } from '../scenario/problem.js';
import type { Io } from './io.js';
import { CannotRun, writeFileFor } from './io.js';
import { type GithubEnvironment, type ReportFile, readReportFiles, tellGithub, writeReports } from './report-files.js';

/** Options of every command that ends in a report of the harness. */
export interface ConclusionOptions {
  /** `violation`, `warning`, `note`, `coverage=80`; those of one text are parted by commas. `violation` unless given. */
  failOn?: string[];
  /** File of a baseline: what it knows is counted, and no failure. */
  baseline?: string;
  /** File to write a baseline of everything that was found to, which then is known. */
  writeBaseline?: string;
  /** Reports to write, such as `html=report.html,sarif=report.sarif`. */
  report?: string[];
}

/** The same, read. */
export interface Conclusion {
  rules: FailRule[];
  known?: KnownFinding[];
  writeBaseline?: string;
  files: ReportFile[];
}

/** Where a command writes, and what it may know of the process. */
export interface ConclusionWorld extends Pick<Io, 'stdout' | 'stderr'> {
  env?: GithubEnvironment;
}

/**
 * Reads the options, before there is anything to conclude.
 * @param covers whether the report will have a coverage
 * @throws {CannotRun} when one of them cannot be used
 */
export async function readConclusion(options: ConclusionOptions, { covers = false } = {}): Promise<Conclusion> {
  const { failOn = ['violation'], baseline, writeBaseline, report = [] } = options;
  return {
    rules: readFailRules(failOn, covers),
    files: readReportFiles(report, Object.keys(formats)),
    ...(baseline !== undefined && { known: await readBaselineFile(baseline) }),
    writeBaseline,
  };
}

function readFailRules(given: readonly string[], covers: boolean): FailRule[] {
  const words = ['violation', 'warning', 'note', ...(covers ? ['coverage=80'] : [])];
  return given
    .flatMap((text) => text.split(','))
    .map((part) => {
      const rule = readFailRule(part.trim());
      if (rule && ('severity' in rule || covers)) return rule;
      const near = didYouMean(part.trim(), words);
      throw new CannotRun(`--fail-on: given ${JSON.stringify(part)}, expected one of ${words.join(', ')}${near}`);
    });
}

async function readBaselineFile(file: string): Promise<KnownFinding[]> {
  try {
    return readBaseline(await readFile(file, 'utf8'));
  } catch (error) {
    throw new CannotRun(`--baseline: ${file} cannot be read (${(error as Error).message})`);
  }
}

/**
 * Tells what was found: on the terminal, to GitHub Actions, in files. Why it fails goes to stderr.
 * @returns the exit code: 0 fine, 1 findings that count, too little coverage, or nothing judged
 * @throws {CannotRun} when a file cannot be written
 */
export async function conclude(report: HarnessReport, how: Conclusion, world: ConclusionWorld): Promise<number> {
  const { stdout, stderr, env = {} } = world;
  const { writeBaseline } = how;
  // A baseline of nothing would forget what the file knows.
  const written = writeBaseline !== undefined && report.judged > 0 ? toBaseline(report.findings) : undefined;
  if (written) await writeFileFor('--write-baseline', String(writeBaseline), renderBaseline(written));
  const known = [how.known, written].filter((list) => list !== undefined);
  const told = known.length > 0 ? withoutKnown(report, known.flat()) : report;
  stdout.write(renderText(told));
  const news = {
    annotations: (toFile: (file: string) => string) => renderAnnotations(told, toFile),
    summary: () => renderMarkdown(told),
  };
  await tellGithub(env, news, (line) => stdout.write(`${line}\n`));
  await writeReports(told, how.files, formats);
  const reasons = failures(told, how.rules);
  if (reasons.length > 0) stderr.write(`failed: ${reasons.join('; ')}\n`);
  return reasons.length > 0 ? 1 : 0;
}
