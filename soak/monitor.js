// Preloaded into a stand-in: tells what the process uses, and how long the turns of its event loop take. Needs --expose-gc.

/** The longest turn since it was asked to watch, in milliseconds; undefined while it does not watch. */
let longest;

const cpuOf = ({ userCPUTime, systemCPUTime }) => (userCPUTime + systemCPUTime) / 1_000;

/**
 * Looks once in each turn, as long as it is asked to: an immediate is called in the turn after it was made, so that the
 * time between two of them is one turn, with everything that was done in it. The loop never rests meanwhile. Where the
 * machine took the processor away within a turn, its CPU time stands for its length.
 */
function look(since, before) {
  setImmediate(() => {
    if (!longest) return;
    const now = performance.now();
    const usage = process.resourceUsage();
    const wall = now - since;
    const cpu = cpuOf(usage) - cpuOf(before);
    const interrupted = usage.involuntaryContextSwitches > before.involuntaryContextSwitches;
    const took = interrupted ? Math.min(wall, cpu) : wall;
    if (took > longest.took) longest = { took, wall, cpu };
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
    longest = { took: 0, wall: 0, cpu: 0 };
    look(performance.now(), process.resourceUsage());
    return {};
  },
  watched() {
    const seen = longest;
    longest = undefined;
    return seen;
  },
};

process.on('message', (question) => process.send(answers[question]()));
process.channel.unref();
// No stand-in outlives the soak that started it, however that ended.
process.on('disconnect', () => process.exit());
