/** Says on the console what is done now, and how many seconds have gone by. */
export function say(what) {
  console.error(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${what}`);
}
