// Measures what a test suite waits for in a process of its own: the library read and a sandbox started, a second sandbox,
// the first call of the control API, and a scenario found and chosen, the first of the process. Argument: the name or alias of
// the scenario. Prints the milliseconds of each as JSON.
const begin = performance.now();
const { startSandbox } = await import('../dist/index.js');
const sandbox = await startSandbox();
const first = performance.now() - begin;

const again = performance.now();
const other = await startSandbox();
const second = performance.now() - again;

const calling = performance.now();
await sandbox.scenario.progress();
const call = performance.now() - calling;

const choosing = performance.now();
await sandbox.scenario.choose(process.argv[2]);
const chosen = performance.now() - choosing;

await Promise.all([sandbox.close(), other.close()]);
console.log(JSON.stringify({ first, second, call, chosen }));
