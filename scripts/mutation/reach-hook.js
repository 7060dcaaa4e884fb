/**
 * Loaded before a test file that runs without a fault: writes at the end how often each fault was passed, to the file that
 * MOCK_KLARNA_REACH names. The instrumented code counts by itself.
 */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const reached = globalThis.__stryker__?.mutantCoverage?.static ?? {};
  writeFileSync(String(process.env.MOCK_KLARNA_REACH), JSON.stringify(reached));
});
