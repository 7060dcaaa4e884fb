import { writeFileSync } from 'node:fs';

/** The terminal of a process, wherever its output goes. */
const TERMINAL = process.platform === 'win32' ? '\\\\.\\CON' : '/dev/tty';

/**
 * Says on the console what is done now, and how many seconds have gone by since the program began. The lines go to stderr:
 * whoever reads the output of a command that builds first gets nothing else into it. npm keeps to itself what the `prepare` of a
 * package says that it installs, as `npx FOLDER` does: then they go to the terminal as well.
 * @param {string} what
 */
export function say(what, { env = process.env, stderr = process.stderr, terminal = TERMINAL } = {}) {
  const line = `${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${what}\n`;
  stderr.write(line);
  if (env.npm_lifecycle_event !== 'prepare' || stderr.isTTY) return;
  try {
    writeFileSync(terminal, line, { flag: 'a' });
  } catch {
    // There is none.
  }
}
