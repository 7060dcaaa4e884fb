import { wallClock } from './wall-clock.js';

/** Time in milliseconds after which long work lets go of the event loop, once its step is done. */
const SLICE = 10;

/** Works that wait for their next slice. */
const waiting: (() => void)[] = [];

/** Begins one slice, and the next one in a later turn of the event loop: two slices in a turn would be a long one. */
function begin(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(begin);
}

/** Returns a promise once it is the turn of other work. */
export type Pause = () => Promise<void> | undefined;

/**
 * Makes a function that long work calls between its steps: `const other = pause(); if (other) await other;`. It returns a
 * promise once the slice is over; by the time it resolves, other work of the process has had its turn.
 */
export function inSlices(now: () => number = wallClock.monotonic): Pause {
  let until = now() + SLICE;
  return () => {
    if (now() < until) return undefined;
    return new Promise<void>((resolve) => {
      waiting.push(() => {
        until = now() + SLICE;
        resolve();
      });
      if (waiting.length === 1) setImmediate(begin);
    });
  };
}

/** Does work that is written in steps, with pauses between them. */
export async function stepByStep<T>(steps: Generator<void, T, undefined>, pause: Pause): Promise<T> {
  let step = steps.next();
  while (!step.done) {
    const others = pause();
    if (others) await others;
    step = steps.next();
  }
  return step.value;
}

/** Does work that is written in steps without pauses. */
export function atOnce<T>(steps: Generator<void, T, undefined>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
