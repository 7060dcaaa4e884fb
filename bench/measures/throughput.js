import { load } from '../load.js';
import { inTurns } from '../rounds.js';
import { start, startMetered } from '../servers.js';

/** How long a server may take to warm up, in milliseconds. */
export const LONGEST_WARM_UP = 6_000;

/**
 * Loads servers with the same steps, in turns, after a load that warms them up. Returns for each of them the requests a
 * second of every round and, of those with a meter, the microseconds of CPU a request.
 * @param {Record<string, { launch: import('../servers.js').Launch, steps: object[], metered?: boolean, ready?: (url: string) => Promise<void> }>} servers
 * @param {{ rounds: number, warmUp: number, amount: number }} counts
 */
export async function throughput(servers, { rounds, warmUp, amount }) {
  const running = {};
  try {
    for (const [name, { launch, steps, metered, ready }] of Object.entries(servers)) {
      running[name] = await (metered ? startMetered : start)(launch);
      await ready?.(running[name].url);
      await load(running[name].url, steps, warmUp, LONGEST_WARM_UP);
    }
    return await inTurns(rounds, Object.keys(servers), async (name) => {
      const { url, usage } = running[name];
      // A forced garbage collection would throw compiled code away, and the requests after it would pay for that.
      const before = await usage?.();
      const { answered, rate } = await load(url, servers[name].steps, amount);
      if (!usage) return { rate };
      return { rate, cpu: ((await usage()).cpu - before.cpu) / answered };
    });
  } finally {
    await Promise.all(Object.values(running).map((server) => server.stop()));
  }
}
