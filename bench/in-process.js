// Measures what a test suite waits for in a process of its own: the library read and a sandbox started, a second sandbox,
// and the first scenario found and chosen. Argument: its name or alias. Prints the milliseconds of each as JSON.
const begin = performance.now();
const { startSandbox } = await import('../dist/index.js');
const sandbox = await startSandbox();
const first = performance.now() - begin;

const again = performance.now();
const other = await startSandbox();
const second = performance.now() - again;

// The first call of the control API makes what answers it; that is no part of finding a scenario.
await sandbox.clock.advance('PT1S');
const choosing = performance.now();
await sandbox.scenario.choose(process.argv[2]);
const chosen = performance.now() - choosing;

await Promise.all([sandbox.close(), other.close()]);
console.log(JSON.stringify({ first, second, chosen }));
