/** How much is measured: in full, or for a first impression. */
export const countsOf = (quick) =>
  quick
    ? {
        rounds: 3,
        warmUp: 2_000,
        requests: 2_000,
        purchases: 300,
        starts: 3,
        memories: 1,
        kept: 3_000,
        paced: 3,
        heap: 2 ** 27,
        merchants: 2_000,
        commands: 1,
        exchanges: 2_000,
      }
    : {
        rounds: 5,
        warmUp: 30_000,
        requests: 8_000,
        purchases: 1_200,
        starts: 5,
        memories: 2,
        kept: 10_000,
        paced: 5,
        heap: 2 ** 30,
        merchants: 10_000,
        commands: 3,
        exchanges: 10_000,
      };
