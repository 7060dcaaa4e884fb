import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { mockKlarna } from './contenders/mock-klarna.js';
import { locate, readContracts } from './contracts.js';
import { purchase } from './purchase.js';
import { start } from './servers.js';

/** Reads the contracts from the stand-in, and the steps of the purchase with what these say of them. */
export async function readPurchase() {
  const server = await start(mockKlarna.prepare());
  try {
    const documents = await readContracts(server.url);
    return { documents, steps: purchase.map((step) => locate(step, documents)) };
  } finally {
    await server.stop();
  }
}

/** Prepares contenders for some steps, each in a folder of its own; returns how they are started, by their names. */
export async function prepare(contenders, { work, documents, steps, scripted = false }) {
  const launches = {};
  for (const [name, contender] of Object.entries(contenders)) {
    const folder = await mkdtemp(join(work, `${name}-`));
    launches[name] = await contender.prepare({ folder, steps, documents, scripted });
  }
  return launches;
}
