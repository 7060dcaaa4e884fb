/** Real time: the only source of it, so that everything else can be given another. */
export interface WallClock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Milliseconds since some moment, never backwards. */
  monotonic(): number;
  /** Calls `run` once, in `ms` milliseconds, without keeping the process alive for it. Returns what calls it off. */
  later(ms: number, run: () => void): () => void;
}

/** The time-out of the platform is a signed 32-bit number; a longer one would fire at once. */
const LONGEST_WAIT = 2 ** 31 - 1;

export const wallClock: WallClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  later(ms, run) {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      timer = setTimeout(() => (left > LONGEST_WAIT ? wait(left - LONGEST_WAIT) : run()), Math.min(left, LONGEST_WAIT));
      timer.unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Returns a wall clock whose time never goes back: when the system's clock is set back, it goes on from the time that it
 * was. Clocks that run with it, and what is due by them, stay as they are.
 */
export function neverBack(wall: WallClock): WallClock {
  let latest = wall.now();
  let readAt = wall.monotonic();
  let ahead = 0;
  return {
    now() {
      const given = wall.now();
      const monotonic = wall.monotonic();
      if (given < latest) ahead += latest - given + Math.max(0, Math.trunc(monotonic - readAt));
      latest = given;
      readAt = monotonic;
      return given + ahead;
    },
    monotonic: () => wall.monotonic(),
    later: (ms, run) => wall.later(ms, run),
  };
}

/** Waits so many milliseconds, and keeps the process alive meanwhile. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
