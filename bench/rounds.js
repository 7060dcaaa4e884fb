/** Returns the middle one of some numbers. */
export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * Calls `measure` for each name in turn, so often. Each round begins with another one, so that noise hits all alike.
 * @returns {Promise<Record<string, any[]>>} what was measured in each round, by name
 */
export async function inTurns(rounds, names, measure) {
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const at of names.keys()) {
      const name = names[(at + round) % names.length];
      measured[name].push(await measure(name));
    }
  }
  return measured;
}

/** Returns what the values of two are to each other, round by round; `value` takes them out of what was measured. */
export const ratios = (some, others, value = (each) => each) =>
  some.map((each, round) => value(each) / value(others[round]));

/** Returns the CPU time of a request of mock-klarna to that of the bare route, round by round. */
export const cpuRatios = ({ mockKlarna, bare }) => ratios(mockKlarna, bare, ({ cpu }) => cpu);
