/**
 * The timers and the time of the process as they are when the program is read, in the place of the globals. A test that fakes
 * those (Vitest, node:test, Sinon) does not make the server stand still.
 */
// biome-ignore-start lint/suspicious/noShadowRestrictedNames: they are to be in the place of those
export const {
  Date,
  performance,
  queueMicrotask,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
  clearImmediate,
} = globalThis;
// biome-ignore-end lint/suspicious/noShadowRestrictedNames: the others are ordinary names
const { nextTick } = process;

export { nextTick as 'process.nextTick' };
