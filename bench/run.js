// Measures mock-klarna side by side with a bare Fastify + Ajv route on the same schemas; docs/benchmark.md says what
// and why. With --quick fewer and shorter rounds.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, once } from './load.js';
import { purchase } from './purchase.js';
import { printTable } from './report.js';
import { commands, firstAnswer, start } from './servers.js';

const quick = process.argv.includes('--quick');
const counts = quick
  ? { starts: 3, rounds: 3, warmUp: 2_000, sessions: 2_000, purchases: 300, kept: 3_000 }
  : { starts: 7, rounds: 5, warmUp: 5_000, sessions: 8_000, purchases: 1_200, kept: 10_000 };

const MEBIBYTE = 2 ** 20;

/** The contracts as the stand-in serves them: the bare route gets its schemas from there. */
async function readContracts(command) {
  const server = await start(command);
  try {
    const names = ['payments', 'customer-token', 'order-management', 'sandbox'];
    const documents = names.map(async (name) => ({
      name,
      document: await (await fetch(`${server.url}/docs/${name}.v1.json`)).json(),
    }));
    return await Promise.all(documents);
  } finally {
    await server.stop();
  }
}

/** A step of the purchase with its method, its path and the place of its schema, which the contract knows. */
function locate(step, documents) {
  for (const { name, document } of documents) {
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, { operationId, responses }] of Object.entries(item)) {
        if (operationId !== step.operation) continue;
        const [status, success] = Object.entries(responses).find(([code]) => code.startsWith('2'));
        const { example } = success.content?.['application/json'] ?? {};
        const at = `paths/${path.replaceAll('/', '~1')}/${method}/requestBody/content/application~1json/schema`;
        return {
          ...step,
          name,
          method: method.toUpperCase(),
          path,
          schema: `${name}#/${at}`,
          status: Number(status),
          example,
        };
      }
    }
  }
  throw new Error(`No contract has an operation ${step.operation}.`);
}

/** Writes down what the bare server needs for some steps: no document and no route that they do not use. */
async function writeBareConfig(file, steps, documents) {
  const routes = steps.map(({ method, path, schema, status, answers, example }) => ({
    method,
    url: path.replace(/\{(\w+)\}/g, ':$1'),
    schema,
    status,
    answers,
    example,
  }));
  const used = documents.filter(({ name }) => steps.some((step) => step.name === name));
  await writeFile(file, JSON.stringify({ documents: used, routes }));
  return file;
}

/** Calls `measure` for both in turn, so often. The one that goes first changes, so that noise hits both. */
async function alternate(rounds, measure) {
  const measured = { ours: [], bare: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? ['ours', 'bare'] : ['bare', 'ours']) measured[name].push(await measure(name));
  }
  return measured;
}

/** Each one's values of a measure, out of measurements with several. */
const pick = ({ ours, bare }, value) => ({ ours: ours.map(value), bare: bare.map(value) });

/** Loads both servers with the same steps in alternating rounds. */
async function compareLoad(command, steps, amount) {
  const servers = { ours: await start(command.ours), bare: await start(command.bare) };
  try {
    for (const { url } of Object.values(servers)) await load(url, steps, counts.warmUp);
    return await alternate(counts.rounds, async (name) => {
      const before = await servers[name].usageCollected();
      const { answered, rate } = await load(servers[name].url, steps, amount);
      const { cpu } = await servers[name].usage();
      return { rate, cpu: (cpu - before.cpu) / answered };
    });
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
}

/** What a server takes after so many sessions. */
async function measureMemory(command, steps) {
  const server = await start(command);
  try {
    await once(server.url, steps[0]);
    const { heap } = await server.usageCollected();
    const { answered } = await load(server.url, steps, counts.kept);
    const { rss } = await server.usage();
    const after = await server.usageCollected();
    return { rss: rss / MEBIBYTE, session: (after.heap - heap) / answered };
  } finally {
    await server.stop();
  }
}

async function run(folder) {
  const documents = await readContracts(commands().ours);
  const all = purchase.map((step) => locate(step, documents));
  const [create] = all;
  const oneRoute = commands(await writeBareConfig(join(folder, 'create.json'), [create], documents));
  const allRoutes = commands(await writeBareConfig(join(folder, 'purchase.json'), all, documents));

  const starts = await alternate(counts.starts, (name) => firstAnswer(oneRoute[name], (url) => once(url, create)));
  const created = await compareLoad(oneRoute, [create], counts.sessions);
  const bought = await compareLoad(allRoutes, all, counts.purchases * all.length);
  const memory = await alternate(1, (name) => measureMemory(oneRoute[name], [create]));

  printTable([
    { label: 'create session, requests a second', ...pick(created, ({ rate }) => rate) },
    { label: 'create session, CPU µs a request', ...pick(created, ({ cpu }) => cpu) },
    { label: 'mixed purchase, purchases a second', ...pick(bought, ({ rate }) => rate / all.length) },
    { label: 'mixed purchase, CPU µs a purchase', ...pick(bought, ({ cpu }) => cpu * all.length) },
    { label: 'first answer, ms from the start', ...starts },
    { label: `memory after ${counts.kept} sessions, MiB`, ...pick(memory, ({ rss }) => rss) },
    { label: 'heap a session, bytes', ...pick(memory, ({ session }) => session) },
  ]);
}

const folder = await mkdtemp(join(tmpdir(), 'mock-klarna-bench-'));
try {
  await run(folder);
} finally {
  await rm(folder, { recursive: true });
}
