import { once } from 'node:events';
import { BIN } from '../bench/contenders/mock-klarna.js';
import { startWith } from '../bench/servers.js';

/** The budget that a stand-in under test has for what it keeps, in bytes: the least that there is by default. */
export const BUDGET = 128 * 2 ** 20;

/** How much is kept of what a stand-in prints to its console as a mistake. */
const PRINTED = 100_000;

const MONITOR = new URL('monitor.js', import.meta.url).href;

/**
 * Starts the built stand-in in a process of its own, with a monitor in it. `mistakes` has what it printed to stderr, `died`
 * tells how it ended if nobody stopped it.
 */
export async function startStandIn({ args = [], memory = BUDGET, cwd } = {}) {
  const launch = (port) => ({
    program: process.execPath,
    args: [BIN, 'serve', '--port', String(port), '--quiet', ...args],
    env: { MOCK_KLARNA_MEMORY: String(memory) },
    cwd,
  });
  const { url, child, ask, stop } = await startWith(MONITOR, launch, 'pipe');
  let mistakes = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    mistakes = (mistakes + text).slice(0, PRINTED);
  });
  const ended = once(child, 'exit').then(([code, signal]) => signal ?? code);
  let death;
  let stopping = false;
  ended.then((how) => {
    if (!stopping) death = how;
  });
  /** Asks the monitor; throws when the process ends meanwhile. */
  const question = (text) =>
    Promise.race([
      ask(text),
      ended.then((how) => {
        throw new Error(`the stand-in has ended (${how})`);
      }),
    ]);
  return {
    url,
    pid: child.pid,
    ended,
    died: () => death,
    mistakes: () => mistakes,
    usage: () => question('usage'),
    watch: () => question('watch'),
    watched: () => question('watched'),
    kill: () => child.kill('SIGKILL'),
    stop() {
      stopping = true;
      return stop();
    },
  };
}
