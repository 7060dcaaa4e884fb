import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The command line of a server that listens on the port given, what its environment has besides, and where it runs.
 * @typedef {(port: number) => { program: string, args: string[], env?: Record<string, string>, cwd?: string }} Launch
 */

/** How long a server may take until it listens, or until it has ended, in milliseconds. */
const PATIENCE = 60_000;

/** How often somebody looks whether a server answers yet, in milliseconds. */
const LOOK_EVERY = 4;

/** Returns a port of the loopback interface that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a server in a process of its own, on a free port of the loopback interface. What it prints goes nowhere, its mistakes to the console unless told otherwise. */
async function spawnServer(launch, flags = [], mistakes = 'inherit', ...channels) {
  const port = await freePort();
  const { program, args, env, cwd } = launch(port);
  const stdio = ['ignore', 'ignore', mistakes, ...channels];
  const child = spawn(program, [...flags, ...args], { stdio, cwd, env: { ...process.env, ...env } });
  return { child, port, url: `http://127.0.0.1:${port}` };
}

/** Tries again until it succeeds; throws the last mistake when the server has ended, or takes too long. */
async function until({ child, url }, attempt) {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await attempt(url);
    } catch (error) {
      const ended = hasEnded(child);
      if (!ended && performance.now() < end) {
        await sleep(LOOK_EVERY);
        continue;
      }
      child.kill();
      throw new Error(`${child.spawnargs.join(' ')} ${ended ? 'has ended' : 'does not answer'}`, { cause: error });
    }
  }
}

async function reach(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;

async function stop(child) {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill();
  const guard = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  await ended;
  clearTimeout(guard);
}

/** Returns how many bytes of memory a process takes now. */
const memoryOf = ({ pid }) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;

/** Starts a server and waits until it listens. */
export async function start(/** @type {Launch} */ launch) {
  const started = await spawnServer(launch);
  await until(started, () => reach(started.port));
  const { child, url } = started;
  return { url, memory: () => memoryOf(child), stop: () => stop(child) };
}

/**
 * Starts a server of Node with a module in it, one of the bench unless its address is whole, and waits until it listens;
 * `ask` sends a message and returns the answer.
 */
export async function startWith(module, /** @type {Launch} */ launch, mistakes = 'inherit') {
  const flags = ['--expose-gc', '--import', new URL(module, import.meta.url).href];
  const started = await spawnServer(launch, flags, mistakes, 'ipc');
  await until(started, () => reach(started.port));
  const { child, url } = started;
  const ask = async (question) => {
    child.send(question);
    return (await once(child, 'message'))[0];
  };
  return { url, child, ask, stop: () => stop(child) };
}

/** Starts a server of Node with a meter in it. */
export async function startMetered(/** @type {Launch} */ launch) {
  const { url, ask, stop } = await startWith('meter.js', launch);
  return {
    url,
    /** Returns what the process has used so far: `cpu` in microseconds, `heap` in bytes. */
    usage: () => ask('usage'),
    /** Returns the same after a garbage collection. */
    usageCollected: () => ask('collect garbage'),
    stop,
  };
}

/** Returns the milliseconds from the start of a process until it has answered its first request as expected. */
export async function firstAnswer(/** @type {Launch} */ launch, request) {
  const began = performance.now();
  const started = await spawnServer(launch);
  await until(started, request);
  const took = performance.now() - began;
  await stop(started.child);
  return took;
}
