// Preloaded into a stand-in: tells what the process uses, and how long the turns of its event loop take. Needs --expose-gc.

/** The longest turn since it was asked to watch, in milliseconds; undefined while it does not watch. */
let longest;

/**
 * Looks once in each turn, as long as it is asked to: an immediate is called in the turn after it was made, so that the
 * time between two of them is one turn, with everything that was done in it. The loop never rests meanwhile.
 */
function look(since, used) {
  setImmediate(() => {
    if (!longest) return;
    const now = performance.now();
    const usage = process.cpuUsage();
    const wall = now - since;
    if (wall > longest.wall) {
      longest.wall = wall;
      longest.cpu = (usage.user + usage.system - used.user - used.system) / 1_000;
    }
    look(now, usage);
  });
}

const answers = {
  /** Tells the bytes that are held after a garbage collection, and the most memory that the process ever took. */
  usage() {
    global.gc();
    const { heapUsed, external } = process.memoryUsage();
    return { held: heapUsed + external, peak: process.resourceUsage().maxRSS * 1024 };
  },
  watch() {
    longest = { wall: 0, cpu: 0 };
    look(performance.now(), process.cpuUsage());
    return {};
  },
  watched() {
    const seen = longest;
    longest = undefined;
    return seen;
  },
};

process.on('message', (question) => process.send(answers[question]()));
// A server ends when it is told to, not when the soak has let go of the channel.
process.channel.unref();
