/**
 * Plays every scenario that ships again and again on sandboxes whose clocks run: what passes by chance, because two requests
 * fall into one millisecond, fails here. Scenarios that need a standing clock must be skipped and are counted. It ends with 1
 * for a failure, and when it is not done in time. The package must have been built.
 *
 *     node scripts/play-on-running-clock.js [--times 20] [--minutes 15] [names of scenarios]
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startSandbox } from 'mock-klarna';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '20' }, minutes: { type: 'string', default: '15' } },
});
const times = Number(values.times);
const deadline = Date.now() + Number(values.minutes) * 60_000;

/** So many sandboxes play at once: most of the time goes by with waiting for answers that are not to come. */
const SANDBOXES = 4;

const names = readdirSync(new URL('../scenarios/', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replaceAll('\\', '/').replace(/\.yaml$/, ''))
  .filter((name) => positionals.length === 0 || positionals.includes(name))
  .sort();

/** All rounds, one name after the other. */
const queue = Array.from({ length: times }, () => names).flat();
const counts = { passed: 0, skipped: 0, failed: 0 };
const skipped = new Map();

async function play() {
  const sandbox = await startSandbox();
  while (queue.length > 0 && Date.now() < deadline) {
    const name = String(queue.shift());
    const { result, reason, verdict } = await sandbox.replay(name, { strict: true });
    counts[result]++;
    if (result === 'skipped') skipped.set(name, reason);
    if (result === 'failed') console.log(verdict);
  }
  await sandbox.close();
}

await Promise.all(Array.from({ length: SANDBOXES }, play));
for (const [name, reason] of skipped) console.log(`skip ${name}  ${reason}`);
const told = Object.entries(counts).map(([result, count]) => `${count} ${result}`);
console.log(`${names.length} scenarios, ${times} times on running clocks: ${told.join(', ')}`);
if (queue.length > 0) console.log(`not done in ${values.minutes} minutes: ${queue.length} were left`);
if (counts.failed > 0 || counts.passed === 0 || queue.length > 0) process.exitCode = 1;
