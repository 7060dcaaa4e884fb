/**
 * Ends the process where the system lacks what a command runs.
 * @param {string} command
 * @param {string} programs
 */
export function needsUnix(command, programs) {
  if (process.platform !== 'win32') return;
  console.error(`${command} runs ${programs}, which Windows lacks; run it on Linux or macOS, or in WSL`);
  process.exit(2);
}
