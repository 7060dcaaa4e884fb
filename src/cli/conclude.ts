import type { HarnessReport, KnownFinding } from '../report/finding.js';
import { renderText } from '../report/terminal.js';
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
import { readFileFor, writeFileFor } from './files.js';
import type { Io } from './io.js';
import { CannotRun } from './io.js';
import { doAll, type GithubEnvironment, type ReportFile, readReportFiles, writeReports } from './report-files.js';
import { checkSourceRoot } from './source-root.js';

/** Options of every command that ends in a report of the harness. */
export interface ConclusionOptions {
  /** Lists of `violation`, `warning`, `note`, `coverage=80`, separated by commas; `violation` by default. */
  failOn?: string[];
  /** Path of a baseline file: findings in it are counted, and make nothing fail. */
  baseline?: string;
  /** Path of a file to write a baseline of all findings to, which then are known. */
  writeBaseline?: string;
  /** Reports to write, such as `html=report.html,sarif=report.sarif`. */
  report?: string[];
  /** Folder of the shop's source, in whose lines SARIF places what has no file; this one unless given. */
  sourceRoot?: string;
}

/** The options of a conclusion as `readConclusion` returns them. */
export interface Conclusion {
  rules: FailRule[];
  known?: KnownFinding[];
  writeBaseline?: string;
  files: ReportFile[];
  sourceRoot?: string;
}

/** The outputs of a command, and environment variables of the process. */
export interface ConclusionWorld extends Pick<Io, 'stdout' | 'stderr'> {
  env?: GithubEnvironment;
}

/**
 * Reads the options, before there is a report.
 * @param covers true if the report will have a coverage
 * @throws {CannotRun} when one of them cannot be used
 */
export async function readConclusion(options: ConclusionOptions, { covers = false } = {}): Promise<Conclusion> {
  const { failOn = ['violation'], baseline, writeBaseline, report = [], sourceRoot } = options;
  if (sourceRoot !== undefined) await checkSourceRoot(sourceRoot);
  return {
    rules: readFailRules(failOn, covers),
    files: readReportFiles(report),
    ...(baseline !== undefined && { known: await readBaselineFile(baseline) }),
    writeBaseline,
    sourceRoot,
  };
}

function readFailRules(given: readonly string[], covers: boolean): FailRule[] {
  const words = ['violation', 'warning', 'note', ...(covers ? ['coverage=80'] : [])];
  return given
    .flatMap((text) => text.split(',').map((part) => part.trim()))
    .map((part) => {
      const rule = readFailRule(part);
      if (rule && ('severity' in rule || covers)) return rule;
      const near = didYouMean(part, words);
      throw new CannotRun(`--fail-on: given ${JSON.stringify(part)}, expected one of ${words.join(', ')}${near}`);
    });
}

async function readBaselineFile(file: string): Promise<KnownFinding[]> {
  const text = await readFileFor('--baseline', file);
  try {
    return readBaseline(text);
  } catch (error) {
    throw new CannotRun(`--baseline: ${file} cannot be read (${(error as Error).message})`);
  }
}

/**
 * Writes a report to the terminal, to GitHub Actions and to files. The reasons for a failure go to stderr.
 * @returns the exit code: 0 fine, 1 findings that count or too little coverage, 2 nothing judged
 * @throws {CannotRun} when a file cannot be written; all others are
 */
export async function conclude(report: HarnessReport, how: Conclusion, world: ConclusionWorld): Promise<number> {
  const { stdout, stderr, env = {} } = world;
  const { writeBaseline, files, sourceRoot } = how;
  // When nothing was judged, an empty baseline would replace the findings of an earlier one.
  const written = writeBaseline !== undefined && report.judged > 0 ? toBaseline(report.findings) : undefined;
  const known = [how.known, written].filter((list) => list !== undefined);
  const remaining = known.length > 0 ? withoutKnown(report, known.flat()) : report;
  stdout.write(renderText(remaining));
  const places = { files, sourceRoot, env, say: (line: string) => stdout.write(`${line}\n`) };
  await doAll([
    ...(written ? [() => writeFileFor('--write-baseline', String(writeBaseline), renderBaseline(written))] : []),
    () => writeReports(remaining, places),
  ]);
  const reasons = failures(remaining, how.rules);
  if (reasons.length > 0) stderr.write(`failed: ${reasons.join('; ')}\n`);
  if (reasons.length === 0) return 0;
  return remaining.judged === 0 ? 2 : 1;
}
