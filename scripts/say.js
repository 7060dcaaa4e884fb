/**
 * Says on the console what is done now, and how many seconds have gone by since the program began. The lines go to stderr:
 * whoever reads the output of a command that builds first gets nothing else into it.
 * @param {string} what
 */
export function say(what) {
  console.error(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${what}`);
}
