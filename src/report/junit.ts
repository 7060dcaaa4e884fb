import { type Markup, markup } from './markup.js';

/** A test case as CI servers read it. It passed unless it failed or was skipped. */
export interface JunitCase {
  name: string;
  file?: string;
  line?: number;
  failure?: { message: string; text: string };
  /** Why it was skipped. */
  skipped?: string;
  /** What else there is to say of it. */
  output?: string;
}

export interface JunitSuite {
  name: string;
  cases: JunitCase[];
}

/** Suites of test cases as JUnit XML. */
export function renderSuites(name: string, suites: readonly JunitSuite[]): string {
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${name}" ${counts(suites.flatMap(({ cases }) => cases))}>
${suites.map(renderSuite)}</testsuites>
`.text;
}

function renderSuite({ name, cases }: JunitSuite): Markup {
  return markup`  <testsuite name="${name}" ${counts(cases)}>
${cases.map((testCase) => renderCase(name, testCase))}  </testsuite>
`;
}

function counts(cases: readonly JunitCase[]): Markup {
  const failed = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter((testCase) => testCase.skipped !== undefined).length;
  return markup`tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}"`;
}

function renderCase(suite: string, testCase: JunitCase): Markup {
  const { name, file, line, failure, skipped, output } = testCase;
  const place = [file !== undefined && markup` file="${file}"`, line !== undefined && markup` line="${line}"`];
  const start = markup`<testcase classname="${suite}" name="${name}"${place}`;
  const inside = [
    failure && markup`<failure message="${failure.message}">${failure.text}</failure>`,
    !failure && skipped !== undefined && markup`<skipped message="${skipped}"/>`,
    output !== undefined && markup`<system-out>${output}</system-out>`,
  ].filter((part) => part !== undefined && part !== false);
  return inside.length > 0 ? markup`    ${start}>${inside}</testcase>\n` : markup`    ${start}/>\n`;
}
