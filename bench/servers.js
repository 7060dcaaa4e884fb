import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** How long a server may take until it listens. */
const PATIENCE = 30_000;

/** The command line of each server. Journal and explanation are on, the console is quiet. */
export function commands(bareConfig) {
  return {
    ours: [here('../bin/mock-klarna.js'), 'serve', '--port', '0', '--quiet'],
    bare: [here('bare.js'), bareConfig],
  };
}

/** Starts a server in a process of its own, and waits for the line that says where it listens. */
async function spawnServer(flags, command, stdio) {
  const child = spawn(process.execPath, [...flags, ...command], { stdio });
  const lines = createInterface({ input: child.stdout });
  const line = Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${command[0]} ended with ${code}`))),
    new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`${command[0]} never listened`)), PATIENCE).unref();
    }),
  ]);
  try {
    const url = /http:\S+/.exec((await line)[0])?.[0];
    if (!url) throw new Error(`${command[0]} did not say where it listens`);
    return { child, url };
  } catch (error) {
    child.kill();
    throw error;
  }
}

async function stop(child) {
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

/** A server for load, with a meter in it. */
export async function start(command) {
  const flags = ['--expose-gc', '--import', new URL('meter.js', import.meta.url).href];
  const { child, url } = await spawnServer(flags, command, ['ignore', 'pipe', 'inherit', 'ipc']);
  const ask = async (question) => {
    child.send(question);
    return (await once(child, 'message'))[0];
  };
  return {
    url,
    /** What the process has used so far: `cpu` in microseconds, `rss` and `heap` in bytes. */
    usage: () => ask('usage'),
    /** The same after a garbage collection. */
    usageCollected: () => ask('collect garbage'),
    stop: () => stop(child),
  };
}

/** Milliseconds from the start of a process until it has answered its first request with 200. */
export async function firstAnswer(command, request) {
  const started = performance.now();
  const { child, url } = await spawnServer([], command, ['ignore', 'pipe', 'inherit']);
  try {
    await request(url);
    return performance.now() - started;
  } finally {
    await stop(child);
  }
}
