/**
 * Runs the tests in a real browser: npm run test:browser [-- FILE ...]
 *
 * The tests look at the built package. One Chromium serves all files; each file is a process of its own that connects to it.
 */
import { lacking, launch } from './browser/chromium.js';
import { node } from './node.js';
import { say } from './say.js';
import { compile, sourcesIn } from './test/compile.js';
import { inBrowser } from './test/files.js';
import { runTestFile } from './test/process.js';
import { tell } from './test/tell.js';

/** Seconds after which a file has failed. */
const LIMIT = 120;

const none = lacking();
if (none) {
  console.log(`Skipped: ${none}`);
  // In CI a missing browser is a failure: skipped tests would go unnoticed.
  process.exit(process.env.CI ? 1 : 0);
}

if (node('scripts/build.js', '--if-stale') !== 0) process.exit(1);
say('compiling what has changed of src/ and test/');
const folder = await compile();
const asked = process.argv.slice(2);
const files = sourcesIn('test').filter(
  (file) =>
    inBrowser(file) && file.endsWith('.test.ts') && (asked.length === 0 || asked.some((path) => file.includes(path))),
);
say(`running ${files.length} test files in a browser`);
const browser = await launch();
const began = performance.now();
let passed = 0;
let failed = 0;
try {
  for (const file of files) {
    const outcome = await runTestFile(file, {
      folder,
      limit: LIMIT,
      flags: ['--enable-source-maps'],
      env: { MOCK_KLARNA_TEST_BROWSER: browser.wsEndpoint() },
    });
    tell(outcome, false);
    passed += outcome.count - outcome.failed.length - outcome.skipped.length;
    failed += outcome.passed ? outcome.skipped.length : outcome.failed.length || 1;
  }
} finally {
  await browser.close();
}
const seconds = Math.round((performance.now() - began) / 1000);
console.log(`\n${files.length} files in a browser in ${seconds} s: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
