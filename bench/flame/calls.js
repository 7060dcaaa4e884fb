/** The calls of V8 in which the server does nothing. */
const IDLE = new Set(['(idle)', '(program)']);

/** Tells whether a call is work of the server's, which neither waiting nor the profiler is. */
const isWork = ({ functionName, url }) => !IDLE.has(functionName) && !url.endsWith('/bench/profiler.js');

/**
 * A function that was called, with the time spent in it and in what it called, in microseconds.
 * @typedef {{ name: string, origin: 'program' | 'node' | 'engine', time: number, calls: Call[] }} Call
 */

/** Tells apart what is ours and our libraries', what is Node's, and what is the engine's, which has no file. */
function originOf({ url }) {
  if (url.startsWith('node:')) return 'node';
  return url === '' ? 'engine' : 'program';
}

/**
 * Returns the calls of a V8 profile as a tree, the longest first, without what was no work of the server's.
 * @param {import('node:inspector').Profiler.Profile} profile
 * @returns {Call}
 */
export function callsOf({ nodes, samples = [], timeDeltas = [] }) {
  const own = new Map();
  for (const [at, id] of samples.entries()) own.set(id, (own.get(id) ?? 0) + timeDeltas[at]);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const build = ({ id, callFrame, children = [] }) => {
    const calls = children
      .map((child) => byId.get(child))
      .filter(({ callFrame }) => isWork(callFrame))
      .map(build)
      .sort((a, b) => b.time - a.time);
    const time = calls.reduce((sum, call) => sum + call.time, own.get(id) ?? 0);
    return { name: callFrame.functionName || '(anonymous)', origin: originOf(callFrame), time, calls };
  };
  // V8 gives the root first; time in it alone is between two calls.
  own.delete(nodes[0].id);
  return build(nodes[0]);
}
