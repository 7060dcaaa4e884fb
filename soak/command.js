import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { BIN } from '../bench/contenders/mock-klarna.js';

/** How long a command may take, in milliseconds. */
const PATIENCE = 60_000;

const STACK = /^\s+at .+:\d+:\d+\)?$/m;

/**
 * Starts a command of the built program. `printed` resolves once it has printed something on stdout, `ended` to how it
 * ended and what it printed.
 * @param {string[]} args
 * @param {{ wrap?: (program: string, args: string[]) => [string, string[]], env?: Record<string, string>, cwd?: string }} [how]
 */
export function startCommand(args, { wrap = (program, args) => [program, args], env = {}, cwd } = {}) {
  const [program, given] = wrap(process.execPath, [BIN, ...args]);
  const child = spawn(program, given, { stdio: ['ignore', 'pipe', 'pipe'], cwd, env: { ...process.env, ...env } });
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      out[name] += text;
    });
  }
  const ended = new Promise((resolve) => {
    const guard = setTimeout(() => {
      out.late = true;
      child.kill('SIGKILL');
    }, PATIENCE);
    child.on('error', (error) => resolve({ ...out, code: error.code }));
    child.on('close', (code, signal) => {
      clearTimeout(guard);
      resolve({ ...out, code, signal });
    });
  });
  return {
    child,
    ended,
    /** Waits until a text stands on stdout; gives up when the command has ended. */
    async printed(text) {
      let over = false;
      ended.then(() => {
        over = true;
      });
      while (!out.stdout.includes(text) && !over) await sleep(10);
      return !over;
    },
  };
}

/** Runs a command until it ends. */
export const runCommand = (args, how) => startCommand(args, how).ended;

/** Returns what is wrong with the way a command ended: nothing that is given to one brings a stack trace or hangs it. */
export function mistakeOf({ late, code, signal, stdout, stderr }) {
  if (late) return `has not ended after ${PATIENCE / 1_000} s`;
  if (STACK.test(stdout + stderr)) return `a stack trace: ${stderr.slice(0, 300)}`;
  if (signal) return `ended by ${signal}`;
  if (![0, 1, 2].includes(code)) return `ended with ${code}: ${stderr.slice(0, 300)}`;
  return undefined;
}
