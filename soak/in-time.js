import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a promise so many milliseconds; throws when it is not there by then. */
export const within = (promise, ms) =>
  Promise.race([
    promise,
    sleep(ms, undefined, { ref: false }).then(() => {
      throw new Error(`nothing came of it within ${Math.round(ms / 1_000)} s`);
    }),
  ]);
