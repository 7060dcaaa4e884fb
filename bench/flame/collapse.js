/** The frames of V8 that are no work of the server's. */
const IDLE = new Set(['(idle)', '(program)']);

/**
 * Returns a line for each stack of a V8 profile: its functions from the bottom up with `;` between them, and its microseconds.
 * @param {import('node:inspector').Profiler.Profile} profile
 */
export function collapse({ nodes, samples = [], timeDeltas = [] }) {
  const below = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName || '(anonymous)']));
  const times = new Map();
  for (const [at, id] of samples.entries()) times.set(id, (times.get(id) ?? 0) + timeDeltas[at]);
  return [...times].flatMap(([id, time]) => {
    const stack = [];
    // The lowest node is the root, which no other has for a child.
    for (let node = id; below.has(node); node = below.get(node)) stack.unshift(names.get(node));
    return stack.length === 0 || IDLE.has(stack[0]) ? [] : [`${stack.join(';')} ${time}`];
  });
}
