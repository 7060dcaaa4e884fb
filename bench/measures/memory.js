import { setTimeout as sleep } from 'node:timers/promises';
import { load } from '../load.js';
import { inTurns } from '../rounds.js';
import { start, startMetered } from '../servers.js';

/** How long a server is left alone before its idle memory is read, in milliseconds. */
const CALM = 1_000;

/** How long a server may take for the sessions that it keeps, in milliseconds. */
const LONGEST = 10_000;

/** Returns the bytes that servers take before their first request and after so many sessions, in turns. */
export function memory(launches, step, { memories, kept }) {
  return inTurns(memories, Object.keys(launches), async (name) => {
    const server = await start(launches[name]);
    try {
      await sleep(CALM);
      const idle = server.memory();
      await load(server.url, [step], kept, LONGEST);
      return { idle, loaded: server.memory() };
    } finally {
      await server.stop();
    }
  });
}

/**
 * Returns by how many bytes the heap of servers grows with each session that they keep, garbage collected: from so many
 * sessions to twice as many, since the first ones bring compiled code and fill the journal.
 */
export function heapASession(launches, step, { memories, kept }) {
  return inTurns(memories, Object.keys(launches), async (name) => {
    const server = await startMetered(launches[name]);
    try {
      await load(server.url, [step], kept, LONGEST);
      const before = await server.usageCollected();
      const { answered } = await load(server.url, [step], kept, LONGEST);
      return ((await server.usageCollected()).heap - before.heap) / answered;
    } finally {
      await server.stop();
    }
  });
}
