// A stand-in that keeps so many sessions before it listens, in a store without a limit. It runs from the sources, since the
// command has no such store. Arguments: the port, and how many sessions.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from '../scripts/test/compile.js';
import { headers, purchase } from './purchase.js';

const [port, many] = process.argv.slice(2).map(Number);
const folder = await compile();
const compiled = (path) => import(pathToFileURL(join(folder, path)).href);
const { startServer } = await compiled('src/server/start.js');
const { Budget } = await compiled('src/store/budget.js');
const { MemoryStore } = await compiled('src/store/memory-store.js');

const store = new MemoryStore({ budget: new Budget({ limit: Number.POSITIVE_INFINITY }) });

/** Keeps copies of a session that the stand-in has made itself; each is read from text, so that they share nothing. */
async function fill() {
  const server = await startServer({ port: 0, store });
  const create = purchase.find(({ operation }) => operation === 'createSession');
  const body = JSON.stringify(create.body);
  const answer = await fetch(`${server.url}/payments/v1/sessions`, { method: 'POST', headers, body });
  const { session_id } = await answer.json();
  await server.close();
  const text = JSON.stringify(store.read('session', session_id).record);
  for (let kept = 1; kept < many; kept++) {
    const record = JSON.parse(text.replaceAll(session_id, randomUUID()));
    store.commit([], [{ put: record }], record.created_at);
  }
}

if (many > 0) await fill();
await startServer({ port, store });
