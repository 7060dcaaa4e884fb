import { pause, wallClock } from '../exchange/wall-clock.js';

/** The part of real time that a pace needs. */
export interface PaceClock {
  /** Milliseconds since some moment, never backwards. */
  monotonic(): number;
  /** Waits so many milliseconds. */
  pause(ms: number): Promise<void>;
}

/** The pace of real time. */
export const paceClock: PaceClock = { monotonic: () => wallClock.monotonic(), pause };

/** Calls begin this many ms apart: four a second, where Klarna's playground takes five of the slowest operations. */
const APART = 250;

/** Returns a function to await before each call, one call after the other. */
export function makePace(clock: PaceClock = paceClock): () => Promise<void> {
  let next = clock.monotonic();
  return async () => {
    const wait = next - clock.monotonic();
    if (wait > 0) await clock.pause(wait);
    next = clock.monotonic() + APART;
  };
}
