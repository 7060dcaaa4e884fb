import { load } from '../load.js';
import { pace } from '../pace.js';
import { inTurns } from '../rounds.js';
import { start } from '../servers.js';
import { LONGEST_WARM_UP } from './throughput.js';

/** Returns the milliseconds within which 99 of 100 requests are answered while half as many come as a server can answer. */
export async function latency(launches, step, rates, { rounds, warmUp, paced }) {
  const running = {};
  try {
    for (const [name, launch] of Object.entries(launches)) {
      running[name] = await start(launch);
      await load(running[name].url, [step], warmUp, LONGEST_WARM_UP);
    }
    return await inTurns(rounds, Object.keys(launches), async (name) => {
      const times = await pace(running[name].url, step, rates[name] / 2, paced);
      return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)];
    });
  } finally {
    await Promise.all(Object.values(running).map((server) => server.stop()));
  }
}
