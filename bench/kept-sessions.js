// A stand-in that keeps so many sessions before it listens, in a store without a limit. It runs from the sources, since the
// command has no such store. Arguments: the port, and how many sessions.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from '../scripts/test/compile.js';
import { purchase } from './purchase.js';

const [port, many] = process.argv.slice(2).map(Number);
const folder = await compile();
const compiled = (path) => import(pathToFileURL(join(folder, path)).href);
const { bodyReader } = await compiled('src/contract/shapes.js');
const { createSession } = await compiled('src/klarna/payments/sessions.js');
const { startServer } = await compiled('src/server/start.js');
const { Budget } = await compiled('src/store/budget.js');
const { MemoryStore } = await compiled('src/store/memory-store.js');

const store = new MemoryStore({ budget: new Budget({ limit: Number.POSITIVE_INFINITY }) });

/** Keeps sessions as the stand-in makes them of requests, each with a body that was read from text. */
function fill() {
  const { body } = purchase.find(({ operation }) => operation === 'createSession');
  const text = JSON.stringify(body);
  const read = bodyReader({ name: 'createSession', api: 'payments' });
  const now = Date.now();
  for (let kept = 0; kept < many; kept++) {
    const request = { merchant: 'shop', body: read(JSON.parse(text)), now, id: randomUUID() };
    const decision = createSession({ ...request, sdkBase: `http://localhost:${port}`, clientTokenOf: () => '' });
    // A random id is a chain of pieces until the answer is written.
    JSON.stringify(decision.answer.body);
    store.commit([], decision.changes, now, text.length);
  }
}

fill();
await startServer({ port, store });
