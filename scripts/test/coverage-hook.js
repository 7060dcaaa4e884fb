/**
 * Loaded into each test process before its file: counts which parts of the compiled sources run, and writes them at the
 * end to the folder that MOCK_KLARNA_TEST_COVERAGE names. Node's own NODE_V8_COVERAGE does the same for every script it
 * loads, those of node_modules included, which takes longer than many a test.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

const folder = String(process.env.MOCK_KLARNA_TEST_COVERAGE);
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

process.on('exit', () => {
  session.post('Profiler.takePreciseCoverage', (error, coverage) => {
    if (error) throw error;
    const result = coverage.result.filter(({ url }) => /^file:.*\/\.compiled\/src\//.test(url));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify({ result }));
  });
});
