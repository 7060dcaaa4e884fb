/**
 * Runs the tests in a real browser: npm run test:browser [-- FILE ...]
 *
 * The tests look at the built package. One Chromium serves all files; each file is a process of its own that connects to it.
 */
import '../bin/check-node.js';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { lacking, launch } from './browser/chromium.js';
import { compile, root, sourcesIn } from './test/compile.js';
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

const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.js'), '--if-stale'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
const folder = await compile();
const asked = process.argv.slice(2);
const files = sourcesIn('test').filter(
  (file) =>
    inBrowser(file) && file.endsWith('.test.ts') && (asked.length === 0 || asked.some((path) => file.includes(path))),
);
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
